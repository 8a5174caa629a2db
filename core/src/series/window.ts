import { Decoder } from '../model/decode.ts';
import { parseInstant } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';

const LABELS = ['fine', 'left_on', 'away'] as const;

/** What a person says a stretch of time was; `away`: nobody was at home. */
export type Label = (typeof LABELS)[number];

/** A human-marked true interval. */
export interface Window extends Stretch {
  readonly label: Label;
}

/**
 * Reads windows that a person marked: a list of {from, to, label}, and left_on where no label is said.
 * @param place names the file in errors
 * @throws LeftOnError `bad_value` naming the first place that is wrong
 */
export const parseWindows = (json: unknown, place: string): Window[] =>
  new Decoder(json, place).list((item) => {
    const label = item.at('label');
    const [from, to] = [instantOf(item.at('from')), instantOf(item.at('to'))];
    if (to <= from) item.at('to').refuse('an instant after its from');
    return {
      from,
      to,
      label: label.value === undefined ? 'left_on' : label.oneOf(...LABELS),
    };
  });

const instantOf = (item: Decoder): Instant =>
  parseInstant(item.string()) ?? item.refuse('an instant with offset or Z, such as 2026-03-24T03:12:00Z');
