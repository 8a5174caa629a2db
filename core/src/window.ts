import type { Stretch } from './time.ts';

/** What a person says a stretch of time was; `away`: nobody was at home. */
export type Label = 'fine' | 'left_on' | 'away';

/** A human-marked true interval. */
export interface Window extends Stretch {
  readonly label: Label;
}
