import type { LinkReport } from './link/link.ts';
import type { Telegram } from './meter.ts';

/**
 * Listens to a meter until aborted, or until it cannot come back: it opens again what closes, and tells of gaps by saying
 * nothing.
 */
export interface Source {
  /** For people: the kind and the place. */
  readonly name: string;
  run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void>;
  link(): LinkReport;
}
