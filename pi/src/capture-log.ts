/** What capture says of itself: constant event text, values in fields, rate-limited by who writes it. */
export interface CaptureLog {
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
}

type Fields = Readonly<Record<string, string | number | boolean | null>> & {
  at?: never;
  level?: never;
  event?: never;
};

/** Waits real time; resolves early when aborted. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;
