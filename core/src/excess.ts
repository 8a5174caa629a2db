import { HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';
import { wattHours } from './units.ts';
import type { WattHours } from './units.ts';

const MARK = 30 * MINUTE;
const MARKS = 64;
const TOTAL = 0;
const MARKED = 1;
const RING = 2;
/** Slots of a Float64Array: the running total and its value at each half hour of the last 32 h. */
export const EXCESS_SLOTS = RING + MARKS;

/** Puts the slots into the state before the first step. */
export function resetExcess(slots: Float64Array): void {
  slots.fill(0, 0, EXCESS_SLOTS);
  slots[MARKED] = NaN;
}

/** Goes on from a total alone: that of half hours before is not known. */
export function goOnFrom(slots: Float64Array, total: number): void {
  resetExcess(slots);
  slots.fill(total, RING, EXCESS_SLOTS);
  slots[TOTAL] = total;
}

const slotOf = (mark: number): number => RING + (((mark % MARKS) + MARKS) % MARKS);

/** Adds one step's energy above usual. Steps at or below usual, or where usual is not known, add nothing. */
export function addExcess(
  slots: Float64Array,
  at: Instant,
  stepMs: number,
  watts: number,
  usual: number,
): void {
  const mark = Math.floor(at / MARK);
  const marked = slots[MARKED] ?? NaN;
  const total = slots[TOTAL] ?? 0;
  if (mark !== marked) {
    // marks passed over in a gap hold the total of before the gap
    const first = Math.max(Number.isNaN(marked) ? mark : marked + 1, mark - MARKS + 1);
    for (let m = first; m <= mark; m++) slots[slotOf(m)] = total;
    slots[MARKED] = mark;
  }
  if (watts > usual) slots[TOTAL] = total + ((watts - usual) * stepMs) / HOUR;
}

/** Running total at an instant; that of 32 h ago where it is longer ago. Right to half an hour. */
export function totalAt(slots: Float64Array, since: Instant): WattHours {
  const marked = slots[MARKED] ?? NaN;
  const mark = Math.max(Math.floor(since / MARK), marked - MARKS + 1);
  return wattHours((mark <= marked ? slots[slotOf(mark)] : slots[TOTAL]) ?? 0);
}

/** Energy above usual since the total was this. */
export const excessOver = (slots: Float64Array, total: number): WattHours =>
  wattHours((slots[TOTAL] ?? 0) - total);
