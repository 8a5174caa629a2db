import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';
import { wattHours } from './units.ts';
import type { WattHours } from './units.ts';

/** What the totals were at the newest so many multiples of a length. */
interface Marks {
  readonly everyMs: number;
  readonly count: number;
  /** Slot of the newest one's number; pairs of totals come after it. */
  readonly slot: number;
}

/** More than usual, in watt-hours: below usual it falls. */
const TOTAL = 0;
/** Milliseconds of which power and usual power are known. */
const KNOWN = 1;
/** Where the newest known step ends. */
const UPTO = 2;
const after = ({ slot, count }: Marks): number => slot + 1 + 2 * count;
/** An onset is mostly an hour or so ago, and what was on just before it is not of it. */
const RECENT: Marks = { everyMs: 5 * MINUTE, count: 15, slot: 3 };
const TODAY: Marks = { everyMs: 40 * MINUTE, count: 12, slot: after(RECENT) };
/** The last 32 h. */
const LONG: Marks = { everyMs: 160 * MINUTE, count: 13, slot: after(TODAY) };
const ALL = [RECENT, TODAY, LONG];
/** Slots of a Float64Array: the running totals and their marks. */
export const EXCESS_SLOTS = after(LONG);
/** What is on now. */
const NOW_MS = 15 * MINUTE;

/** Energy above usual of a stretch, which is below zero where less was drawn, and how much of it is known. */
export interface Excess {
  readonly wh: WattHours;
  readonly knownMs: number;
  /** After this nothing of it is known. */
  readonly upTo: Instant;
}

/** That of no time at all. */
export const NO_EXCESS: Excess = { wh: wattHours(0), knownMs: 0, upTo: NaN };

/** Puts the slots into the state before the first step. */
export function resetExcess(slots: Float64Array): void {
  goOnFrom(slots, 0);
}

/** Goes on from a total alone: what it was before is not known. */
export function goOnFrom(slots: Float64Array, total: number): void {
  slots.fill(0, 0, EXCESS_SLOTS);
  slots[TOTAL] = total;
  for (const { slot } of ALL) slots[slot] = NaN;
  slots[UPTO] = NaN;
}

const slotOf = ({ slot, count }: Marks, mark: number): number =>
  slot + 1 + 2 * (((mark % count) + count) % count);

/** Adds one step's energy above usual; where usual is not known nothing. */
export function addExcess(
  slots: Float64Array,
  at: Instant,
  stepMs: number,
  watts: number,
  usual: number,
): void {
  const above = watts - usual;
  if (Number.isNaN(above)) return;
  const wh = (above * stepMs) / HOUR;
  if (Math.floor((at + stepMs) / RECENT.everyMs) !== slots[RECENT.slot])
    for (const marks of ALL) note(marks, slots, at, stepMs, wh);
  slots[TOTAL] = (slots[TOTAL] ?? 0) + wh;
  slots[KNOWN] = (slots[KNOWN] ?? 0) + stepMs;
  slots[UPTO] = at + stepMs;
}

/** Notes the totals at the marks up to the end of a step that is not yet added. */
function note(marks: Marks, slots: Float64Array, at: Instant, stepMs: number, wh: number): void {
  const mark = Math.floor((at + stepMs) / marks.everyMs);
  const marked = slots[marks.slot] ?? NaN;
  if (mark === marked) return;
  // those passed over in a gap hold the totals of before the gap; a clock that was put back begins anew
  const first = mark > marked ? Math.max(marked + 1, mark - marks.count + 1) : mark - marks.count + 1;
  for (let m = first; m <= mark; m++) {
    const slot = slotOf(marks, m);
    const done = Math.max(0, m * marks.everyMs - at) / stepMs;
    slots[slot] = (slots[TOTAL] ?? 0) + done * wh;
    slots[slot + 1] = (slots[KNOWN] ?? 0) + done * stepMs;
  }
  slots[marks.slot] = mark;
}

/** Energy above usual since an onset; of the last 32 h where it is longer ago. */
export function excessSince(slots: Float64Array, since: Instant, now: Instant): Excess {
  const upTo = Math.min(now, slots[UPTO] ?? now);
  if (!(since < upTo)) return { wh: wattHours(0), knownMs: 0, upTo: since };
  for (const marks of ALL) {
    const newest = slots[marks.slot] ?? NaN;
    const below = Math.floor(since / marks.everyMs);
    if (below > newest - marks.count && below <= newest) return between(marks, slots, since, upTo, below);
  }
  return { ...sinceMark(LONG, slots, (slots[LONG.slot] ?? NaN) - LONG.count + 1), upTo };
}

/** Since an onset between two marks: the minutes before the second were as those after it, if there was so much. */
function between(marks: Marks, slots: Float64Array, since: Instant, upTo: Instant, below: number): Excess {
  const outer = sinceMark(marks, slots, below);
  const beyond = Math.ceil(since / marks.everyMs);
  const beyondAt = beyond * marks.everyMs;
  if (beyondAt >= upTo) {
    const share = (upTo - since) / (upTo - below * marks.everyMs);
    return { wh: wattHours(outer.wh * share), knownMs: outer.knownMs * share, upTo };
  }
  const inner = sinceMark(marks, slots, beyond);
  const share = (beyondAt - since) / (upTo - beyondAt);
  const part = (whole: number, rest: number): number =>
    whole + Math.min(Math.max(whole * share, Math.min(0, rest)), Math.max(0, rest));
  return {
    wh: wattHours(part(inner.wh, outer.wh - inner.wh)),
    knownMs: part(inner.knownMs, outer.knownMs - inner.knownMs),
    upTo,
  };
}

/** Mean watts above usual of the last quarter of an hour; NaN where not known. */
export function excessNow(slots: Float64Array, now: Instant): number {
  const { wh, knownMs } = excessSince(slots, now - NOW_MS, now);
  return (wh * HOUR) / knownMs;
}

function sinceMark(marks: Marks, slots: Float64Array, mark: number): Pick<Excess, 'wh' | 'knownMs'> {
  const slot = slotOf(marks, mark);
  return {
    wh: wattHours((slots[TOTAL] ?? 0) - (slots[slot] ?? 0)),
    knownMs: (slots[KNOWN] ?? 0) - (slots[slot + 1] ?? 0),
  };
}

/** The running total. */
export const totalOf = (slots: Float64Array): number => slots[TOTAL] ?? 0;
