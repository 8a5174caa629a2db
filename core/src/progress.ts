/** Told how much of something is done, 0..1; it only rises. */
export type Progress = (share: number) => void;

/** The progress of a part that takes the whole from one share to another; none where nobody wants to know. */
export const partOf = (whole: Progress | undefined, from: number, to: number): Progress | undefined =>
  whole === undefined
    ? undefined
    : (share) => {
        whole(from + share * (to - from));
      };
