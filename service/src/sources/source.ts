/** Brings readings to raw_power until it has no more, or until aborted. */
export interface Source {
  readonly name: string;
  run(signal: AbortSignal): Promise<void>;
}

/** Waits real time; resolves early when aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
