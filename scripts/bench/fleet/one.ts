import { Zone } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';
import { aFleet, meterAt, minuteOf } from './homes.ts';
import { rebuilt } from './rebuild.ts';

/** What a contestant took; seconds are of the processor. */
export interface Measured {
  readonly bytesPerMeter: number;
  /** To have all meters heard once. */
  readonly firstSeconds: number;
  readonly readingsPerSecond: number;
  /** Models read in the minutes that followed, for each reading. */
  readonly loadsPerReading: number;
}

const MINUTES = 3;

const used = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage.rss();
};
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** The service's pipeline: each meter's own model, read when it is heard. */
async function lefton(file: string, meters: number, mostBytes: number): Promise<Measured> {
  const { pipeline, metrics } = aFleet(file, mostBytes);
  const before = used();
  const fold = async (minute: number): Promise<number> => {
    let seconds = 0;
    for (const records of minuteOf(minute, meters, pipeline.batch)) {
      const began = cpu();
      await pipeline.prepare(records);
      pipeline.fold(records).committed?.();
      pipeline.newcomers();
      seconds += cpu() - began;
    }
    return seconds;
  };
  const firstSeconds = await fold(0);
  await fold(1);
  const bytesPerMeter = (used() - before) / meters;
  const loads = metrics.modelLoads.get();
  let seconds = 0;
  for (let minute = 2; minute < 2 + MINUTES; minute++) seconds += await fold(minute);
  const readings = MINUTES * meters;
  return {
    ...{ bytesPerMeter, firstSeconds, readingsPerSecond: readings / seconds },
    loadsPerReading: (metrics.modelLoads.get() - loads) / readings,
  };
}

/** What is built in an afternoon: a Map of models as JSON has them, and of what was last heard. It only looks up. */
function jsonMap(model: string, meters: number): Measured {
  interface Looked {
    readonly expected: { readonly high: readonly number[] };
    last: number;
  }
  const codec = ReadingCodec.embedded();
  const zone = new Zone('Europe/Amsterdam');
  const text = readFileSync(model, 'utf8');
  const before = used();
  const map = new Map<string, Looked>();
  const began = cpu();
  for (let i = 0; i < meters; i++) map.set(meterAt(i), { ...(JSON.parse(text) as Looked), last: 0 });
  const firstSeconds = cpu() - began;
  const bytesPerMeter = (used() - before) / meters;
  let [seconds, above] = [0, 0];
  for (let minute = 0; minute < MINUTES; minute++) {
    for (const records of minuteOf(minute, meters, 500)) {
      const started = cpu();
      for (const { key, value, appendedAt } of records) {
        const reading = codec.decode(value, key, appendedAt);
        const own = map.get(reading.meter);
        if (own === undefined) continue;
        own.last = reading.at;
        const bucket = zone.weekday(reading.at) * 24 + zone.hour(reading.at);
        if (reading.watts > (own.expected.high[bucket] ?? Infinity)) above++;
      }
      seconds += cpu() - started;
    }
  }
  const readings = MINUTES * meters + 0 * above;
  return { bytesPerMeter, firstSeconds, readingsPerSecond: readings / seconds, loadsPerReading: 0 };
}

const [what = '', first = '', text = '', more = ''] = process.argv.slice(2);
const count = Number(text);
const JOBS: Readonly<Record<string, () => unknown>> = {
  lefton: () => lefton(first, count, Number(more)),
  map: () => jsonMap(first, count),
  rebuild: () => rebuilt(first, more, count),
};
process.stdout.write(`${JSON.stringify(await JOBS[what]?.())}\n`);
process.exit(0);
