import type { AnomalyEvent } from '../event.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import { happened } from './compose.ts';
import { en } from './en.ts';
import { lengthOf, momentOf } from './moment.ts';
import { quantityOf } from './quantity.ts';

const { read } = en;

/** `2.1 kW`; below 100 W in watts. */
export const kilowatts = (watts: number): string => read.power(quantityOf(watts));

/** `1.4 kWh`; below 100 Wh in watt-hours. */
export const kilowattHours = (wh: number): string => read.energy(quantityOf(wh), null);

/** `12 minutes`, `3 h 10 min`, `2 days 4 h`. */
export const duration = (ms: number): string => read.length(lengthOf(ms));

/** `03:12`, with the weekday where it was not within the last 20 hours, with the date after 6 days. */
export const clockTime = (zone: Zone, at: Instant, now: Instant): string =>
  read.when(momentOf(zone, at, now));

/** What the console says of an event, in English: what, since when, how unusual, how much so far. */
export const sentence = (event: AnomalyEvent, zone: Zone): string => happened(en, event, zone);
