import type { Intake } from '../intake.ts';
import type { TrackKind } from './track.ts';

type Direction = TrackKind['direction'];

/** What sensors of the energy that a home gives are called. */
const EXPORTS =
  /return|export|feed_?out|inje[ck]|inyec|terug_?(?:ge)?lever|einspeis|(?<![a-z])(?:to|naar)_?grid/i;
/** Into the grid for some who name a sensor so, into the home for others. */
const UNCLEAR = /feed_?in/i;
/** Before the id of an entity: + for import, - for export. */
const SIGN = /^[+-](?=\w+[.:])/;

/** Ids of a list joined by commas, without their signs. */
export const entityIds = (list: string): string[] =>
  list.split(',').map((entity) => entity.trim().replace(SIGN, ''));

/** Import or export, as the person says with a sign, else as the name of the entity says. The report tells which. */
export function directionOf(intake: Intake, name: string, several: boolean): Direction {
  const signed = intake.options.entity?.split(',').map((entity) => entity.trim()) ?? [];
  if (signed.includes(`+${name}`)) return 'import';
  if (signed.includes(`-${name}`)) return 'export';
  if (EXPORTS.test(name)) {
    intake.note(
      `${name}: counted as export, so its watts are negative; if it is import pass entity +${name}`,
    );
    return 'export';
  }
  if (UNCLEAR.test(name))
    intake.note(`${name}: counted as import; if it is what the home gives pass entity -${name}`);
  else if (several) intake.note(`${name}: counted as import`);
  return 'import';
}
