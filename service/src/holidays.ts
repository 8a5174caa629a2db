import { DAY, LeftOnError } from '@lefton/core';

/**
 * Local days since 1970 of dates written YYYY-MM-DD, separated by commas: the days that count as Sundays.
 * @throws LeftOnError `bad_option`
 */
export function holidayDays(dates: string): number[] {
  return dates.split(',').map((date) => {
    const ms = /^\d{4}-\d\d-\d\d$/.test(date.trim()) ? Date.parse(`${date.trim()}T00:00:00Z`) : NaN;
    if (!Number.isNaN(ms)) return ms / DAY;
    throw new LeftOnError({
      code: 'bad_option',
      place: '--holidays',
      expected: 'dates like 2026-12-25, separated by commas',
      found: JSON.stringify(date),
    });
  });
}
