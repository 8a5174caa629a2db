import type { LineSettings } from './meter.ts';

/** An open way to a meter. */
export interface Wire {
  /** Resolves with the reason when it has closed by itself; never rejects. */
  readonly closed: Promise<string>;
  write(bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** A place where a meter can be reached. */
export interface Port {
  readonly path: string;
  /** What has ended there does not come back, as standard input. */
  readonly once?: boolean;
  /**
   * Opens it for this process alone.
   * @throws Error that says why not
   */
  open(line: LineSettings, take: (bytes: Uint8Array) => void): Promise<Wire>;
}
