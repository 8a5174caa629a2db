import type { AnomalyEvent } from './event.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { Instant } from './time.ts';
import type { Zone } from './zone.ts';

/** `2.1 kW`; below 100 W in watts. */
export const kilowatts = (watts: number): string =>
  Math.abs(watts) < 100 ? `${Math.round(watts)} W` : `${(watts / 1000).toFixed(1)} kW`;

/** `1.4 kWh`; below 100 Wh in watt-hours. */
export const kilowattHours = (wh: number): string =>
  Math.abs(wh) < 100 ? `${Math.round(wh)} Wh` : `${(wh / 1000).toFixed(1)} kWh`;

/** `12 minutes`, `3 h 10 min`, `2 days 4 h`. */
export function duration(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  if (minutes < 90) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 === 0 ? `${hours} hours` : `${hours} h ${minutes % 60} min`;
  const rest = hours % 24;
  return rest === 0 ? `${Math.floor(hours / 24)} days` : `${Math.floor(hours / 24)} days ${rest} h`;
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `03:12`, with the weekday where it was not within the last 20 hours, with the date after 6 days. */
export function clockTime(zone: Zone, at: Instant, now: Instant): string {
  const local = zone.format(at);
  const clock = local.slice(11, 16);
  if (now - at < 20 * HOUR) return clock;
  return now - at < 6 * DAY
    ? `${WEEKDAYS[zone.weekday(at)] ?? ''} ${clock}`
    : `${local.slice(0, 10)} ${clock}`;
}

/** What a person is told of an event: what, since when, how unusual, how much so far. */
export function sentence(event: AnomalyEvent, zone: Zone): string {
  const { at, since, usualWatts } = event;
  const power = meanPower(event);
  const from = clockTime(zone, since, at);
  const cost = event.cost === null ? '' : ` (${event.cost.toFixed(2)})`;
  const energy = `${kilowattHours(event.excessWh)}${cost}`;
  switch (event.type) {
    case 'opened': {
      const usual = usualWatts === null ? '' : `, at this hour it is usually ${kilowatts(usualWatts)}`;
      return `Unusual: ${power} since ${from}${usual}${howRare(event)}. About ${energy} so far.`;
    }
    case 'still_on':
      return `Still on: ${power} since ${from}, ${duration(at - since)} by now. About ${energy} so far.`;
    case 'closed': {
      const to = clockTime(zone, event.until ?? at, at);
      return `Back to usual. It was on from ${from} to ${to} and took about ${energy} more than usual.`;
    }
    case 'meter_silent':
      return `The meter has been silent since ${from}. Nothing can be noticed until it is back.`;
    case 'meter_back':
      return `The meter is back after ${duration(at - since)}.`;
  }
}

/** Since the onset: what cycles on a thermostat is as often off as on when one looks. */
function meanPower({ at, since, watts, usualWatts, excessWh }: AnomalyEvent): string {
  if (watts === null) return 'power';
  if (usualWatts === null || at - since < 10 * MINUTE) return kilowatts(watts);
  return kilowatts(usualWatts + (excessWh * HOUR) / (at - since));
}

function howRare({ longestMs, at, since }: AnomalyEvent): string {
  if (longestMs === null) return '';
  return longestMs < at - since ? ' and never that long' : ' and seldom that long';
}
