/**
 * 24 values from rows [hour, value] in any order, as a table grouped by hour gives them; NaN where an hour is missing.
 * @throws TypeError where a row is no such pair
 */
export function byHour(rows: readonly unknown[]): number[] {
  const values = new Array<number>(24).fill(NaN);
  for (const row of rows) {
    if (!Array.isArray(row) || row.length !== 2) throw new TypeError('a row must be [hour, value]');
    const [hour, value] = row.map(Number);
    if (hour !== undefined && value !== undefined) values[hour] = value;
  }
  return values;
}
