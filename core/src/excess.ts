import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';
import { wattHours } from './units.ts';
import type { WattHours } from './units.ts';

/** Values that the running total had at the newest so many multiples of a length. */
interface Marks {
  readonly everyMs: number;
  readonly count: number;
  /** Slot of the newest one's number; the values come after it. */
  readonly slot: number;
}

const TOTAL = 0;
/** Of the last 32 h. */
const LONG: Marks = { everyMs: 45 * MINUTE, count: 43, slot: 1 };
/** An onset is mostly an hour or so ago, and what was on just before it is not of it. */
const SHORT: Marks = { everyMs: 5 * MINUTE, count: 19, slot: LONG.slot + 1 + LONG.count };
/** Slots of a Float64Array: the running total and its marks. */
export const EXCESS_SLOTS = SHORT.slot + 1 + SHORT.count;
/** What is on now. */
const NOW_MS = 15 * MINUTE;

/** Puts the slots into the state before the first step. */
export function resetExcess(slots: Float64Array): void {
  goOnFrom(slots, 0);
}

/** Goes on from a total alone: what it was before is not known. */
export function goOnFrom(slots: Float64Array, total: number): void {
  slots.fill(total, 0, EXCESS_SLOTS);
  for (const { slot } of [LONG, SHORT]) slots[slot] = NaN;
}

const slotOf = ({ slot, count }: Marks, mark: number): number =>
  slot + 1 + (((mark % count) + count) % count);

/** Adds one step's energy above usual. Steps at or below usual, or where usual is not known, add nothing. */
export function addExcess(
  slots: Float64Array,
  at: Instant,
  stepMs: number,
  watts: number,
  usual: number,
): void {
  const total = slots[TOTAL] ?? 0;
  if (Math.floor(at / SHORT.everyMs) !== slots[SHORT.slot]) {
    note(SHORT, slots, at, total);
    note(LONG, slots, at, total);
  }
  if (watts > usual) slots[TOTAL] = total + ((watts - usual) * stepMs) / HOUR;
}

function note(marks: Marks, slots: Float64Array, at: Instant, total: number): void {
  const mark = Math.floor(at / marks.everyMs);
  const marked = slots[marks.slot] ?? NaN;
  if (mark === marked) return;
  // those passed over in a gap hold the total of before the gap
  const first = Math.max(Number.isNaN(marked) ? mark : marked + 1, mark - marks.count + 1);
  for (let m = first; m <= mark; m++) slots[slotOf(marks, m)] = total;
  slots[marks.slot] = mark;
}

/** Energy above usual since an onset, from the first mark after it on; of the last 32 h where it is longer ago. */
export function excessSince(slots: Float64Array, since: Instant, now: Instant): WattHours {
  for (const marks of [SHORT, LONG]) {
    const mark = Math.ceil(since / marks.everyMs);
    const marked = slots[marks.slot] ?? NaN;
    if (mark > marked - marks.count && mark <= marked) {
      const from = mark * marks.everyMs;
      // the minutes before the mark were as those after it
      return wattHours((above(slots, marks, mark) * (now - since)) / (now - from));
    }
  }
  const marked = slots[LONG.slot] ?? NaN;
  const isLongAgo = since < (marked - LONG.count + 1) * LONG.everyMs;
  if (isLongAgo) return wattHours(above(slots, LONG, marked - LONG.count + 1));
  const [mark, newest] = [Math.floor(since / SHORT.everyMs), slots[SHORT.slot] ?? NaN];
  return wattHours(mark === newest ? above(slots, SHORT, mark) : 0);
}

/** Mean watts above usual of the last quarter of an hour, or of the last step where that is longer. */
export function excessNow(slots: Float64Array, now: Instant): number {
  const mark = Math.min(Math.ceil((now - NOW_MS) / SHORT.everyMs), slots[SHORT.slot] ?? NaN);
  return (above(slots, SHORT, mark) * HOUR) / (now - mark * SHORT.everyMs);
}

const above = (slots: Float64Array, marks: Marks, mark: number): number =>
  (slots[TOTAL] ?? 0) - (slots[slotOf(marks, mark)] ?? 0);

/** The running total. */
export const totalOf = (slots: Float64Array): number => slots[TOTAL] ?? 0;

/** Energy above usual since the total was this. */
export const excessOver = (slots: Float64Array, total: number): WattHours =>
  wattHours((slots[TOTAL] ?? 0) - total);
