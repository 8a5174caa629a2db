import { SECOND, meanPower, wattHours } from '@lefton/core';
import { Choice } from '../choice.ts';
import { EspiFeed } from '../espi-feed.ts';
import type { MeterReading, ReadingType } from '../espi-feed.ts';
import type { Intake } from '../intake.ts';
import { sensorKind } from '../unit-guess.ts';

/** Green Button: an Atom feed of ESPI, starts in epoch seconds UTC, value x 10^multiplier. Source: NAESB REQ.21. */
export const GREEN_BUTTON = { name: 'green-button', labels: 'stated' } as const;

/** ESPI units of measure that are active energy and power. */
const WATT_HOURS = '72';
const WATTS = '38';
/** ESPI flow direction from the home to the grid. */
const REVERSE = '19';
const ELECTRICITY = '0';

/** Reads a Green Button feed into the intake. */
export async function readGreenButton(chunks: AsyncIterable<Uint8Array>, intake: Intake): Promise<void> {
  const feed = new EspiFeed(intake);
  const decoder = new TextDecoder();
  for await (const chunk of chunks) feed.write(decoder.decode(chunk, { stream: true }));
  feed.end();
  addReadings(feed, intake);
}

/** A MeterReading of electricity, ready to be added. */
interface Electric {
  readonly reading: MeterReading;
  readonly type: ReadingType;
  readonly direction: 'import' | 'export';
  /** The shortest interval. */
  readonly lengthMs: number;
}

function addReadings(feed: EspiFeed, intake: Intake): void {
  const choice = new Choice(intake, 'entity');
  const found = [...feed.readings].flatMap(([name, reading]) => electric(feed, intake, name, reading));
  const chosen = found.filter(({ reading }) =>
    choice.accepts(reading.usagePoint, reading.lines.view()[0] ?? 0),
  );
  choice.end();
  for (const direction of ['import', 'export'] as const) {
    const same = chosen.filter((one) => one.direction === direction);
    const finest = Math.min(...same.map(({ lengthMs }) => lengthMs));
    for (const one of same) {
      if (one.lengthMs === finest) add(intake, one);
      else intake.note('the same energy in longer intervals is left out');
    }
  }
}

function electric(feed: EspiFeed, intake: Intake, name: string, reading: MeterReading): Electric[] {
  const type = feed.typeOf(name, reading);
  if (type === undefined) {
    throw intake.fault('bad_file', 'a ReadingType, which tells the unit', `none for ${name.slice(0, 80)}`);
  }
  const kind = feed.kinds.get(reading.usagePoint) ?? ELECTRICITY;
  if (kind !== ELECTRICITY || (type.uom !== WATT_HOURS && type.uom !== WATTS)) {
    intake.note(`readings of service kind ${kind}, unit ${type.uom}, are left out`);
    return [];
  }
  const stated = Number(type.intervalLength) * SECOND;
  const lengths = reading.length.view();
  lengths.forEach((length, i) => {
    if (!(length > 0) && stated > 0) lengths[i] = stated;
  });
  const direction = type.flowDirection === REVERSE ? 'export' : 'import';
  const lengthMs = lengths.reduce(
    (least, length) => (length > 0 && length < least ? length : least),
    Infinity,
  );
  return [{ reading, type, direction, lengthMs }];
}

function add(intake: Intake, { reading, type, direction }: Electric): void {
  const multiplier = 10 ** Number(type.powerOfTenMultiplier);
  intake.unit = `${type.uom === WATTS ? 'W' : 'Wh'}${multiplier === 1 ? '' : ` x ${multiplier}`}`;
  const track = intake.track(direction, sensorKind('W', 'instant', direction));
  const [starts, lengths, lines] = [reading.start.view(), reading.length.view(), reading.lines.view()];
  reading.value.view().forEach((value, i) => {
    const [start = NaN, length = NaN, line = 0] = [starts[i], lengths[i], lines[i]];
    const number = value * multiplier;
    if (type.uom === WATTS) track.add(start, number, line);
    else if (length > 0) track.add(start, meanPower(wattHours(number), length), line);
    else intake.reject(line, 'the interval has no length');
  });
}
