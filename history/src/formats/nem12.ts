import { DAY, MINUTE, meanPower, wattHours } from '@lefton/core';
import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import type { Intake } from '../intake.ts';
import { quote } from '../quote.ts';
import { TimeText } from '../times/time-text.ts';
import type { Track } from '../power/track.ts';

/** Market time of the National Electricity Market: Eastern Standard Time, never summer time. */
const MARKET_TIME = '+10:00';
/** Zones of the market whose own standard time is another. */
const OTHER_CLOCKS: readonly string[] = [
  'Australia/Adelaide',
  'Australia/Broken_Hill',
  'Australia/South',
  'Australia/Yancowinna',
];
/** Wh per unit of measure; other units are reactive energy. */
const SCALES: Readonly<Record<string, number>> = { WH: 1, KWH: 1_000, MWH: 1_000_000 };

/** The 200 record in force: one register of one meter. */
interface Register {
  readonly track: Track;
  readonly scale: number;
  readonly minutes: number;
}

/** A 300 record, kept until the 400 records that may follow it are known. */
interface MeterDay {
  readonly register: Register;
  readonly start: number;
  readonly cells: readonly string[];
  readonly line: number;
  readonly missing: Set<number>;
}

/**
 * NEM12 (Australia): records 100 header, 200 register and interval length, 300 a day of values, 400 their quality.
 * Suffix E is import, B export. Source: AEMO, Meter Data File Format Specification NEM12 & NEM13.
 */
export const nem12: TableFormat = {
  name: 'nem12',
  labels: 'start',
  headless: true,
  recognise: ({ names }) =>
    (names[0] === '100' && names[1]?.toUpperCase() === 'NEM12') || (names[0] === '200' && names.length >= 9)
      ? 1
      : 0,
  open: ({ intake }) => {
    if (OTHER_CLOCKS.includes(intake.zone?.name ?? ''))
      intake.stateZone(MARKET_TIME, 'the one time of the market');
    else intake.suggestZone(MARKET_TIME);
    intake.note(`times are standard time of ${intake.zone?.name ?? MARKET_TIME} all year`);
    intake.unit = 'kWh';
    const choice = new Choice(intake, 'entity');
    const dates = new TimeText('day_first');
    let register: Register | undefined;
    let day: MeterDay | undefined;
    const flush = (): void => {
      if (day !== undefined) addDay(intake, day);
      day = undefined;
    };
    return {
      row: (cells, line) => {
        if (cells[0] === '400') {
          if (day !== undefined) markMissing(day, cells);
          return;
        }
        flush();
        if (cells[0] === '200') {
          register = choice.accepts(cells[1] ?? '', line) ? openRegister(intake, cells, line) : undefined;
        } else if (cells[0] === '300') {
          const start = dates.read(cells[1] ?? '');
          if (Number.isNaN(start)) intake.reject(line, `expected a date, found ${quote(cells[1] ?? '')}`);
          else if (register !== undefined) day = { register, start, cells, line, missing: new Set() };
        } else if (cells[0] !== '100' && cells[0] !== '900' && cells[0] !== '500') {
          intake.reject(line, `expected a record 100 to 900, found ${quote(cells[0] ?? '')}`);
        }
      },
      end: () => {
        flush();
        choice.end();
      },
    };
  },
};

function openRegister(intake: Intake, cells: readonly string[], line: number): Register | undefined {
  const suffix = (cells[4] ?? '').trim().toUpperCase();
  const direction = suffix.startsWith('E') ? 'import' : suffix.startsWith('B') ? 'export' : undefined;
  const scale = SCALES[(cells[7] ?? '').trim().toUpperCase()];
  if (direction === undefined || scale === undefined) {
    intake.note(`register ${quote(suffix)} in ${quote(cells[7] ?? '')} is left out`);
    return undefined;
  }
  const minutes = Number(cells[8]);
  if (![5, 10, 15, 30, 60].includes(minutes)) {
    intake.reject(line, `expected an interval length in minutes, found ${quote(cells[8] ?? '')}`);
    return undefined;
  }
  const track = intake.track(`${cells[1] ?? ''} ${suffix}`, {
    quantity: 'power',
    clock: 'fixed',
    scale: 1,
    direction,
  });
  return { track, scale, minutes };
}

/** A 400 record of null data: intervals a to b, counted from 1, are missing. */
function markMissing({ missing }: MeterDay, [, from, to, quality = '']: readonly string[]): void {
  if (!quality.startsWith('N')) return;
  const last = Math.min(Number(to), DAY / MINUTE);
  for (let i = Math.max(1, Number(from)); i <= last; i++) missing.add(i);
}

function addDay(intake: Intake, { register, start, cells, line, missing }: MeterDay): void {
  const length = register.minutes * MINUTE;
  const count = DAY / length;
  if (cells.length < 2 + count) {
    intake.reject(line, `expected ${count} values, found ${Math.max(0, cells.length - 2)}`);
    return;
  }
  const nothing = (cells[2 + count] ?? '').startsWith('N');
  for (let i = 0; i < count; i++) {
    const known = !nothing && !missing.has(i + 1);
    const energy = wattHours(known ? intake.number(cells[2 + i], line) * register.scale : NaN);
    register.track.add(start + i * length, meanPower(energy, length), line);
  }
}
