/** Instants with one value each. The two arrays have the same length. */
export interface Values {
  readonly at: Float64Array;
  readonly value: Float64Array;
}

/** Values in order of time, one per instant. */
export interface Chronology extends Values {
  readonly duplicates: number;
  /** Duplicates whose values differ. */
  readonly conflicts: number;
}

/**
 * Puts values into order of time and leaves one per instant: of several the last one in the file that is known.
 * Values without a time (NaN) are left out. Returns views of the same memory where nothing was out of order.
 */
export function chronological(values: Values): Chronology {
  const { at, value } = isAscending(values.at) ? values : sorted(values);
  let kept = 0;
  let duplicates = 0;
  let conflicts = 0;
  for (let i = 0; i < at.length; i++) {
    const [time, now] = [at[i] ?? NaN, value[i] ?? NaN];
    if (Number.isNaN(time)) continue;
    if (kept > 0 && at[kept - 1] === time) {
      duplicates += 1;
      if (Math.abs(now - (value[kept - 1] ?? NaN)) > 0) conflicts += 1;
      if (!Number.isNaN(now)) value[kept - 1] = now;
      continue;
    }
    at[kept] = time;
    value[kept] = now;
    kept += 1;
  }
  return { at: at.subarray(0, kept), value: value.subarray(0, kept), duplicates, conflicts };
}

/** Leaves out what is missing, in place. */
export function compact({ at, value }: Values): Values {
  let kept = 0;
  for (let i = 0; i < at.length; i++) {
    const watts = value[i] ?? NaN;
    if (Number.isNaN(watts)) continue;
    at[kept] = at[i] ?? NaN;
    value[kept] = watts;
    kept += 1;
  }
  return { at: at.subarray(0, kept), value: value.subarray(0, kept) };
}

function isAscending(at: Float64Array): boolean {
  let last = -Infinity;
  for (const time of at) {
    if (time < last) return false;
    if (!Number.isNaN(time)) last = time;
  }
  return true;
}

function sorted({ at, value }: Values): Values {
  const order = new Uint32Array(at.length);
  order.forEach((_, i) => (order[i] = i));
  const time = (i: number): number => at[i] ?? NaN;
  // times that are NaN go first, so that the comparison is an order
  const rank = (i: number): number => (Number.isNaN(time(i)) ? -Infinity : time(i));
  order.sort((a, b) => (rank(a) < rank(b) ? -1 : rank(a) > rank(b) ? 1 : a - b));
  return { at: Float64Array.from(order, time), value: Float64Array.from(order, (i) => value[i] ?? NaN) };
}
