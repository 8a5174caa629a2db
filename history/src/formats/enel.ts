import { DAY, HOUR, MINUTE, meanPower, wattHours } from '@lefton/core';
import type { Zone } from '@lefton/core';
import type { TableFormat } from '../format.ts';
import { TimeColumn } from '../times/time-column.ts';

/** Five minutes each, on the day that has 25 hours. */
const MOST_SLOTS = 300;
const SLOT = /^(\d\d):(\d\d)-(\d\d):(\d\d)$/;

/**
 * E-distribuzione / Enel (Italy): `Giorno;00:00-00:15;…`, a row per local day with a column for each quarter hour,
 * kWh, decimal comma. On the days the clocks change a row has 92 or 100 columns, or 96 with blanks.
 */
export const enel: TableFormat = {
  name: 'enel',
  labels: 'stated',
  ragged: true,
  recognise: ({ names }) => (names[0]?.toLowerCase() === 'giorno' && SLOT.test(names[1] ?? '') ? 1 : 0),
  open: (table) => {
    const { intake } = table;
    const { names } = table.columns;
    const time = new TimeColumn(table, 0, { order: 'day_first' });
    const slots = names.slice(1).flatMap((name) => {
      const [, hour, minute, endHour, endMinute] = SLOT.exec(name) ?? [];
      if (hour === undefined) return [];
      const from = Number(hour) * HOUR + Number(minute) * MINUTE;
      const to = Number(endHour) * HOUR + Number(endMinute) * MINUTE;
      return [{ from, length: (to - from + DAY) % DAY }];
    });
    const length = slots[0]?.length ?? 0;
    if (length <= 0 || slots.length > MOST_SLOTS)
      throw intake.fault('bad_file', 'slots such as 00:00-00:15', names[1] ?? '');
    intake.unit = 'kWh';
    const kind = { quantity: 'power', clock: 'instant', scale: 1, direction: 'import' } as const;
    const track = intake.track('prelievo', kind);
    return {
      row: (cells, line) => {
        const day = time.read(cells[0] ?? '', line);
        const { zone } = intake;
        if (Number.isNaN(day) || zone === undefined) return;
        // a separator ends the row, and short days have blanks there
        const values = cells.slice(1, 1 + cells.findLastIndex((text) => text.trim() !== ''));
        const starts = startsOf(
          day,
          zone,
          slots.map(({ from }) => from),
          length,
          values.length,
        );
        values.forEach((text, i) => {
          const at = starts[i];
          if (at === undefined && text.trim() === '') return;
          const energy = wattHours(intake.number(text, line) * 1_000);
          if (at === undefined)
            intake.reject(line, `value ${i + 1} is at a time that this day does not have`);
          else track.add(at, meanPower(energy, length), line);
        });
      },
    };
  },
};

/** Instants of a day's values: by counting from midnight when their number is that of the day, else by the headings. */
function startsOf(
  day: number,
  zone: Zone,
  slots: readonly number[],
  length: number,
  count: number,
): readonly (number | undefined)[] {
  const dayNumber = Math.floor(day / DAY);
  const midnight = zone.startOfDay(dayNumber);
  const real = Math.round((zone.startOfDay(dayNumber + 1) - midnight) / length);
  if (count === real) return Array.from({ length: count }, (_, i) => midnight + i * length);
  return slots.map((slot, i) => {
    const instants = zone.instantsOf(day + slot);
    return instants[slots.indexOf(slot) < i ? 1 : 0];
  });
}
