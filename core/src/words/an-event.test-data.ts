import type { AnomalyEvent, AnomalyType } from '../event.ts';
import { HOUR, MINUTE } from '../time.ts';
import { watts, wattHours } from '../units.ts';
import { Zone } from '../zone.ts';
import type { Moment } from './moment.ts';
import type { Phrases } from './phrases.ts';
import { quantityOf } from './quantity.ts';
import { wordsIn } from './words.ts';

export const AMSTERDAM = new Zone('Europe/Amsterdam');
/** 24 March 2026, 03:12 in Amsterdam. */
export const ONSET = Date.UTC(2026, 2, 24, 2, 12);

export const OPENED: AnomalyEvent = {
  type: 'opened',
  episode: 'home@2026-03-24T02:12:00Z',
  meter: 'home',
  at: ONSET + 44 * MINUTE,
  hour: 3,
  day: 2,
  watts: watts(2100),
  meanWatts: watts(2070),
  usualWatts: watts(210),
  score: 1.1,
  since: ONSET,
  until: null,
  longestMs: 12 * MINUTE,
  excessWh: wattHours(1400),
  cost: null,
  why: 'In 111 days nothing of about 2.0 kW stayed on longer than 12 minutes.',
};
const late = ONSET + 190 * MINUTE;
export const STILL_ON: AnomalyEvent = {
  ...OPENED,
  ...{ type: 'still_on', at: late, excessWh: wattHours(6000), cost: 1.8 },
};
export const CLOSED: AnomalyEvent = { ...STILL_ON, type: 'closed', at: late + 20 * MINUTE, until: late };
const unmeasured = {
  watts: null,
  meanWatts: null,
  score: null,
  longestMs: null,
  excessWh: wattHours(0),
  cost: null,
};
export const SILENT: AnomalyEvent = { ...OPENED, ...unmeasured, type: 'meter_silent', at: ONSET + HOUR };
export const BACK: AnomalyEvent = { ...SILENT, type: 'meter_back', at: late };
/** Of which little is known. */
export const BARE: AnomalyEvent = { ...OPENED, ...unmeasured, usualWatts: null };

/** One of each. */
export const EVENTS = [OPENED, STILL_ON, CLOSED, SILENT, BACK];

/** The head, what is read and what is spoken of each event. */
export function tellings({ language }: Phrases): Record<AnomalyType, string[]> {
  const { title, text, speech } = wordsIn(language);
  const of = (event: AnomalyEvent): string[] => [
    title([event]),
    text([event], AMSTERDAM),
    speech([event], AMSTERDAM),
  ];
  return {
    opened: of(OPENED),
    still_on: of(STILL_ON),
    closed: of(CLOSED),
    meter_silent: of(SILENT),
    meter_back: of(BACK),
  };
}

const MOMENT: Moment = { named: 'clock', year: 2026, month: 3, day: 24, weekday: 1, hour: 3, minute: 12 };

/** What a language says from watts, watt-hours and times on. */
export const saying = ({ said }: Phrases) => ({
  power: (value: number): string => said.power(quantityOf(value)),
  energy: (value: number): string => said.energy(quantityOf(value), null),
  since: (hour: number, minute: number): string => said.since({ ...MOMENT, hour, minute }),
  weekday: (weekday: number): string => said.since({ ...MOMENT, named: 'weekday', weekday }),
  date: (day: number, month: number): string => said.since({ ...MOMENT, named: 'date', day, month }),
});
