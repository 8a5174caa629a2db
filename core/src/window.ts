import type { Instant } from './time.ts';

/** What a person says a stretch of time was; `away`: nobody was at home. */
export type Label = 'fine' | 'left_on' | 'away';

/** A human-marked true interval, from <= instant < to. */
export interface Window {
  readonly from: Instant;
  readonly to: Instant;
  readonly label: Label;
}
