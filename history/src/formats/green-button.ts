import { HOUR, SECOND, meanPower, merged, wattHours } from '@lefton/core';
import type { Stretch } from '@lefton/core';
import { Choice } from '../table/choice.ts';
import type { EspiFeed, MeterReading, ReadingType } from '../espi/espi-feed.ts';
import { readFeeds } from '../espi/espi-feeds.ts';
import { flowOf, isActive, quantityOf } from '../espi/espi-kinds.ts';
import type { EspiFlow, EspiQuantity } from '../espi/espi-kinds.ts';
import type { Intake } from '../intake.ts';
import { quote } from '../quote.ts';
import { isRegister, sensorKind } from '../numbers/unit-guess.ts';

/** Green Button: an Atom feed of ESPI, starts in epoch seconds UTC, value x 10^multiplier. Source: NAESB REQ.21. */
export const GREEN_BUTTON = { name: 'green-button', labels: 'stated' } as const;

const ELECTRICITY = '0';

/** Reads Green Button feeds into the intake. */
export async function readGreenButton(chunks: AsyncIterable<Uint8Array>, intake: Intake): Promise<void> {
  addReadings(await readFeeds(chunks, intake), intake);
}

/** A MeterReading of electricity, ready to be added. */
interface Electric {
  readonly reading: MeterReading;
  readonly multiplier: number;
  readonly quantity: Exclude<EspiQuantity, 'summed'>;
  readonly flow: EspiFlow;
  /** The shortest interval. */
  readonly lengthMs: number;
  /** Only readings before or after these are added. */
  readonly outside?: readonly Stretch[];
}

function addReadings(feeds: readonly EspiFeed[], intake: Intake): void {
  const choice = new Choice(intake, 'entity');
  const unknown = new Set<string>();
  const found = feeds.flatMap((feed) =>
    [...feed.readings].flatMap(([name, reading]) => electric(feed, intake, name, reading, unknown)),
  );
  if (found.length === 0 && unknown.size > 0) {
    const hint = 'power, energy in intervals or totals of a register, forward, reverse or net';
    throw intake.fault('bad_file', hint, [...unknown].join(', '));
  }
  const chosen = found.filter(({ reading }) =>
    choice.accepts(reading.usagePoint, reading.lines.view()[0] ?? 0),
  );
  choice.end();
  for (const point of new Set(chosen.map(({ reading }) => reading.usagePoint)))
    for (const one of once(
      chosen.filter(({ reading }) => reading.usagePoint === point),
      intake,
    ))
      add(intake, one);
}

/** Leaves out the readings of one usage point that tell the same energy again. */
function once(all: readonly Electric[], intake: Intake): Electric[] {
  const flows = flowsOf(all);
  if (all.some(({ flow }) => !flows.includes(flow)))
    intake.note(`of energy that is told twice only the ${flows.join(' and ')} readings are read`);
  return flows.flatMap((flow) => {
    const same = all.filter((one) => one.flow === flow);
    const intervals = same.filter(({ quantity }) => quantity !== 'register');
    const kind = intervals.length > 0 ? intervals : same;
    if (kind.length < same.length) intake.note('totals of a register are left out, as there are intervals');
    return finestFirst(kind, intake);
  });
}

/** The finest readings, and of those in longer intervals what is of another time: a meter told hours, and then quarters. */
function finestFirst(all: readonly Electric[], intake: Intake): Electric[] {
  const kept: Electric[] = [];
  const told: Stretch[] = [];
  for (const length of [...new Set(all.map(({ lengthMs }) => lengthMs))].sort((a, b) => a - b)) {
    const same = energyOf(
      all.filter(({ lengthMs }) => lengthMs === length),
      intake,
    );
    const coarse = length > HOUR || same.some(({ quantity }) => quantity === 'register');
    const spans = merged(same.map(spanOf));
    if (told.length > 0 && (coarse || !spans.every((span) => isOutside(span, told))))
      intake.note('the same energy in longer intervals is left out');
    if (told.length > 0 && coarse) continue;
    kept.push(...same.map((one): Electric => ({ ...one, outside: [...told] })));
    told.push(...spans);
  }
  return kept;
}

/** Of readings of the same intervals those of energy, where there are such: power may be the greatest of an interval. */
function energyOf(same: readonly Electric[], intake: Intake): readonly Electric[] {
  const energy = same.filter(({ quantity }) => quantity === 'energy');
  if (energy.length === 0) return same;
  if (energy.length < same.length) intake.note('power is left out, as there is the energy of its intervals');
  return energy;
}

/** From the first start to the last end, in milliseconds. */
function spanOf({ reading: { start, length } }: Electric): Stretch {
  const lengths = length.view();
  let [from, to] = [Infinity, -Infinity];
  start.view().forEach((at, i) => {
    from = Math.min(from, at);
    to = Math.max(to, at + (lengths[i] ?? 0));
  });
  return { from, to };
}

/** What lies between months is of neither. */
const isOutside = ({ from, to }: Stretch, others: readonly Stretch[]): boolean =>
  others.every((other) => to <= other.from || from >= other.to);

/** The flows to read: both directions, else their net unless it is coarser, else what there is. */
function flowsOf(all: readonly Electric[]): EspiFlow[] {
  const oneWay = (['forward', 'reverse'] as const).filter((way) => all.some(({ flow }) => flow === way));
  const net = all.filter(({ flow }) => flow === 'net');
  const direct = all.filter(({ flow }) => flow === 'forward' || flow === 'reverse');
  if (oneWay.length < 2 && net.length > 0 && shortest(net) <= shortest(direct)) return ['net'];
  return oneWay.length > 0 ? oneWay : ['total'];
}

const shortest = (all: readonly Electric[]): number => Math.min(...all.map(({ lengthMs }) => lengthMs));

/** @param unknown takes the kinds of electric readings that are left out because nobody knows what they mean. */
function electric(
  feed: EspiFeed,
  intake: Intake,
  name: string,
  reading: MeterReading,
  unknown: Set<string>,
): Electric[] {
  const type = feed.typeOf(name, reading);
  if (type === undefined) {
    throw intake.fault('bad_file', 'a ReadingType, which tells the unit', `none for ${name.slice(0, 80)}`);
  }
  const service = feed.kinds.get(reading.usagePoint) ?? ELECTRICITY;
  if (service !== ELECTRICITY || !isActive(type)) {
    intake.note(`readings of service kind ${service}, unit ${type.uom}, are left out`);
    return [];
  }
  const multiplier = 10 ** Number(type.powerOfTenMultiplier);
  const [flow, kind] = [flowOf(type), quantityOf(type)];
  if (flow === undefined || kind === undefined || !Number.isFinite(multiplier)) {
    const { flowDirection, accumulationBehaviour, powerOfTenMultiplier } = type;
    const what = Number.isFinite(multiplier)
      ? `flow direction ${flowDirection || 'none'}, accumulation behaviour ${accumulationBehaviour || 'none'}`
      : `power of ten ${quote(powerOfTenMultiplier)}`;
    intake.note(`readings of ${what}, are left out`);
    unknown.add(what);
    return [];
  }
  const quantity = kind === 'summed' ? summed(reading) : kind;
  intake.unit = `${quantity === 'power' ? 'W' : 'Wh'}${multiplier === 1 ? '' : ` x ${multiplier}`}`;
  return [{ reading, multiplier, quantity, flow, lengthMs: settleLengths(reading, type, quantity) }];
}

const summed = ({ start, value }: MeterReading): 'register' | 'energy' =>
  isRegister({ at: start.view(), value: value.view() }) ? 'register' : 'energy';

/** Gives readings without a length that of their type, and returns the shortest. */
function settleLengths({ length }: MeterReading, type: ReadingType, quantity: Electric['quantity']): number {
  const stated = Number(type.intervalLength) * SECOND;
  const lengths = length.view();
  let least = Infinity;
  lengths.forEach((own, i) => {
    // a total may be that of a moment
    const lacking = quantity === 'register' ? Number.isNaN(own) : !(own > 0);
    const ms = lacking && stated > 0 ? stated : own;
    lengths[i] = ms;
    if (ms > 0 && ms < least) least = ms;
  });
  return least;
}

function add(intake: Intake, { reading, multiplier, quantity, flow, outside = [] }: Electric): void {
  const direction = flow === 'reverse' ? 'export' : 'import';
  const kind = sensorKind(quantity === 'register' ? 'Wh' : 'W', 'instant', direction);
  const track = intake.track(`${reading.usagePoint} ${direction} ${kind.quantity}`, kind);
  const [starts, lengths, lines] = [reading.start.view(), reading.length.view(), reading.lines.view()];
  if (quantity === 'register')
    intake.note('totals of a register are taken as those at the end of their intervals');
  reading.value.view().forEach((value, i) => {
    const [start = NaN, length = NaN, line = 0] = [starts[i], lengths[i], lines[i]];
    if (!isOutside({ from: start, to: start + length }, outside)) return;
    const number = value * multiplier;
    if (quantity === 'power') track.add(start, number, line);
    else if (quantity === 'register') track.add(start + (length > 0 ? length : 0), number, line);
    else if (length > 0) track.add(start, meanPower(wattHours(number), length), line);
    else intake.reject(line, 'the interval has no length');
  });
}
