import { gzipSync } from 'node:zlib';
import { formatUtc, MINUTE } from '@lefton/core';
import { ZONE } from './calendar.ts';
import type { SampleHouse, TrueWindow } from './house.ts';

/** Canonical CSV: `at,watts`, one row per minute that was read. */
export function csvOf({ startAt, watts }: SampleHouse): string {
  const rows = ['at,watts'];
  watts.forEach((power, i) => {
    if (!Number.isNaN(power)) rows.push(`${formatUtc(startAt + i * MINUTE)},${power}`);
  });
  return rows.join('\n') + '\n';
}

/** The same bytes for the same text: gzip's time stamp is 0. */
export const zipped = (text: string): Buffer => gzipSync(text, { level: 9 });

/** The truth, for `lefton backtest` and the tests. */
export function windowsOf({ leftOn }: SampleHouse): string {
  const windows = leftOn.map(({ from, to, what }) => ({
    from: ZONE.format(from),
    to: ZONE.format(to),
    what,
  }));
  return `${JSON.stringify(windows, null, 2)}\n`;
}

export function readmeOf(house: SampleHouse): string {
  const rows = house.watts.reduce((count, power) => count + (Number.isNaN(power) ? 0 : 1), 0);
  const last = house.startAt + house.watts.length * MINUTE;
  return `This house is SIMULATED: nobody lives in it, and no result on it says how well LeftOn does in a real home.

# The sample house
- \`readings.csv.gz\`: \`at,watts\`, one row per minute, whole watts, ${rows} rows.
- From ${ZONE.format(house.startAt)} to ${ZONE.format(last)}, zone ${ZONE.name}: through Christmas and the change of clock on 29 March 2026.
- \`windows.json\`: what was left on, the truth to hold alerts against.
- Made by \`npm run data:sample\` (scripts/sample-house); the same seed gives the same file, and a test checks that.

## Who lives there
Two adults and two children; gas heating, whose pump and fan are electric; a boiler under the sink, an induction hob, an
oven, a washing machine, a dryer, a dishwasher, a fridge, a freezer. Nobody is punctual: an adult works at home on some
days, suppers move by an hour, some evenings are spent out, some nights are late. Weekends, Dutch public holidays, school
holidays and daylight change what happens. Nobody was at home from ${ZONE.format(house.away.from)} to ${ZONE.format(house.away.to)}.
The meter was silent now and then: single minutes, minutes, hours, and from 11 to 12 February for a day. Those rows are absent.

## What was left on
${house.leftOn.map(line).join('\n')}

The last twelve days, from 24 March on, are what the demo replays; all the rest of them is ordinary.
`;
}

const line = ({ from, to, what }: TrueWindow): string =>
  `- ${ZONE.format(from)} to ${ZONE.format(to)}: ${what}`;
