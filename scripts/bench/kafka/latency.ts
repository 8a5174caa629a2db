import { watts } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';
import { rawRecord } from '../../../service/src/records/raw-record.ts';
import { KafkaTopics } from '../../../service/src/topics/kafka/kafka.ts';
import type { KafkaSettings } from '../../../service/src/topics/kafka/settings.ts';
import { aLog, aPipeline } from './scorer.ts';

/** Readings a second, and of them so many that open an episode. */
const RATE = 1_000;
const TELLING = 50;
const TICK_MS = 10;
const WARM_UP_MS = 3_000;

/** Quantiles in milliseconds. */
interface Latency {
  readonly events: number;
  readonly p50: number;
  readonly p99: number;
  readonly most: number;
}

/** From the call of produce to the event in the hands of a read_committed reader, while readings come evenly. */
export async function latency(settings: KafkaSettings, seconds: number): Promise<Latency> {
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog());
  const stop = new AbortController();
  const sent = new Map<string, number>();
  const taken: number[] = [];
  const scoring = topics.consume(aPipeline(), stop.signal);
  const reading = (async () => {
    for await (const records of topics.follow('anomaly_power', '0', stop.signal)) {
      const now = performance.now();
      for (const { key } of records) {
        const at = sent.get(key);
        // the first of a meter is its opening
        if (at !== undefined) taken.push(now - at);
        sent.delete(key);
      }
    }
  })();
  await ready(topics);
  const codec = ReadingCodec.embedded();
  const began = performance.now();
  for (let i = 0; performance.now() - began < WARM_UP_MS + seconds * 1_000;) {
    const due = Math.floor(((performance.now() - began) * RATE) / 1_000);
    const records = [];
    for (; i < due; i++) {
      const telling = i % (RATE / TELLING) === 0;
      const meter = telling ? `tells-${i}` : `quiet-${i % 500}`;
      const power = watts(telling ? 9_000 : 150);
      records.push(rawRecord(codec, { meter, at: Date.now(), watts: power, energyWh: null, source: '' }));
      if (telling && performance.now() - began > WARM_UP_MS) sent.set(meter, performance.now());
    }
    if (records.length > 0) await topics.produce(records);
    await setTimeout(TICK_MS);
  }
  while (sent.size > 0 && performance.now() - began < WARM_UP_MS + (seconds + 20) * 1_000)
    await setTimeout(50);
  stop.abort();
  await Promise.all([scoring, reading]);
  await topics.close();
  if (sent.size > 0) throw new Error(`${sent.size} events did not come`);
  taken.sort((a, b) => a - b);
  const quantile = (q: number): number => taken[Math.floor((taken.length - 1) * q)] ?? NaN;
  return { events: taken.length, p50: quantile(0.5), p99: quantile(0.99), most: quantile(1) };
}

async function ready(topics: KafkaTopics): Promise<void> {
  await setTimeout(1_000);
  while (topics.trouble() !== undefined) await setTimeout(50);
}
