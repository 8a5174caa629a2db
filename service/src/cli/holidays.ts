import { dayOfDate, LeftOnError } from '@lefton/core';

/**
 * Local days since 1970 of dates written YYYY-MM-DD, separated by commas: the days that count as Sundays.
 * @throws LeftOnError `bad_option`
 */
export function holidayDays(dates: string): number[] {
  return dates.split(',').map((date) => {
    const day = dayOfDate(date.trim());
    if (!Number.isNaN(day)) return day;
    throw new LeftOnError({
      code: 'bad_option',
      place: '--holidays',
      expected: 'dates like 2026-12-25, separated by commas',
      found: JSON.stringify(date),
    });
  });
}
