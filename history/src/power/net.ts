import { counted } from '../counted.ts';
import { Packed } from './packed.ts';
import type { Values } from './chronology.ts';
import type { Powers } from './track.ts';

/** Net power, and how it came about. */
export interface Net extends Values {
  /** Instants at which a track had no value of its own, but one of an interval that was still going on. */
  readonly spread: number;
  /** Instants at which a phase said nothing, so that nothing is known of the sum. */
  readonly phaseless: number;
}

/**
 * Net power of several tracks: import minus export. A tariff that has no value at an instant counts as 0, but where
 * all of a direction, or a track that never rests, is missing between its first and last value the net is unknown (NaN).
 * Without a phase it is unknown at any time.
 */
export function netPower(tracks: readonly Powers[]): Net {
  const [only] = tracks;
  if (only !== undefined && tracks.length === 1) {
    if (only.direction === 'export') only.value.forEach((watts, i) => (only.value[i] = -watts));
    return { ...only, spread: 0, phaseless: 0 };
  }
  const cursors = tracks.map((track) => new Cursor(track));
  const at = new Packed();
  const value = new Packed();
  let [spread, phaseless] = [0, 0];
  for (;;) {
    const now = Math.min(...cursors.map((cursor) => cursor.next));
    if (now === Infinity) break;
    for (const cursor of cursors) cursor.advance(now);
    at.push(now);
    value.push(net(cursors));
    if (cursors.some((cursor) => cursor.isSpread)) spread += 1;
    if (cursors.some(isWithoutPhase)) phaseless += 1;
  }
  return { at: at.view(), value: value.view(), spread, phaseless };
}

/** What a person is to know of it. */
export function notesOn({ at, spread, phaseless }: Net): string[] {
  const notes: string[] = [];
  if (spread > 0)
    notes.push(
      `at ${counted(spread, 'time')} the value of a longer interval counts, as another has shorter ones`,
    );
  if (phaseless > 0)
    notes.push(`at ${phaseless} of ${counted(at.length, 'time')} a phase has no value, and nothing is read`);
  return notes;
}

function net(cursors: readonly Cursor[]): number {
  if (cursors.some(isLacking)) return NaN;
  const imported = sum(cursors, 'import');
  const exported = sum(cursors, 'export');
  // before the first and after the last export there was none; import is never taken for granted
  if (imported.cursors > 0 && !imported.heard) return NaN;
  if (exported.underWay && !exported.heard) return NaN;
  return imported.heard || exported.heard ? imported.watts - exported.watts : NaN;
}

/** Says nothing where it must have a value. */
const isLacking = (cursor: Cursor): boolean =>
  isWithoutPhase(cursor) || (cursor.silent && cursor.track.incessant === true && cursor.underWay);

const isWithoutPhase = ({ track, silent }: Cursor): boolean => silent && track.phase === true;

/** What the tracks of one direction say at an instant. */
interface Sum {
  readonly cursors: number;
  readonly watts: number;
  /** At least one has a value, or says that it is missing. */
  readonly heard: boolean;
  /** At least one is between its first and last value. */
  readonly underWay: boolean;
}

function sum(all: readonly Cursor[], direction: 'import' | 'export'): Sum {
  let [cursors, watts, heard, underWay] = [0, 0, false, false];
  for (const cursor of all) {
    if (cursor.track.direction !== direction) continue;
    cursors += 1;
    underWay ||= cursor.underWay;
    if (cursor.silent) continue;
    heard = true;
    watts += cursor.watts;
  }
  return { cursors, watts, heard, underWay };
}

/** Walks one track along the instants of all. */
class Cursor {
  readonly track: Powers;
  #index = 0;
  /** Nothing to say at this instant. */
  silent = true;
  /** Its value is that of an interval which began earlier. */
  isSpread = false;
  watts = NaN;

  constructor(track: Powers) {
    this.track = track;
  }

  /** Instant of the next value, Infinity after the last. */
  get next(): number {
    return this.track.at[this.#index] ?? Infinity;
  }

  /** Between the first and the last value. */
  get underWay(): boolean {
    return this.#index > 0 && this.#index < this.track.at.length;
  }

  advance(now: number): void {
    this.isSpread = false;
    if (this.next === now) {
      this.watts = this.track.value[this.#index] ?? NaN;
      this.#index += 1;
      // the last value of a register only marks where the one before ends
      this.silent = this.track.holds && this.#index === this.track.at.length;
    } else if (!this.track.holds) {
      const last = this.#index - 1;
      const end = (this.track.at[last] ?? NaN) + (this.track.lengths?.[last] ?? 0);
      this.silent = !(now < end);
      this.isSpread = !this.silent;
    }
  }
}
