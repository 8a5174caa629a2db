import { HOUR, watts } from '@lefton/core';
import type { Reading } from '@lefton/core';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';

const METERS = 1_000;
/** Of the readings, one in so many is far above what the hour has seen. */
const UNUSUAL = 1_000;
const START = Date.UTC(2026, 0, 5, 2);
const BATCH = 5_000;

/** A reading of a made-up fleet: each meter in turn, one reading in 10 s, within two hours of a night. */
export function readingOf(i: number): Reading {
  const round = Math.floor(i / METERS);
  return {
    meter: `meter-${i % METERS}`,
    at: START + ((round * 10_000) % (2 * HOUR)),
    watts: watts(i % UNUSUAL === UNUSUAL - 1 ? 5_000 : 150 + (i % 97)),
    energyWh: null,
    source: '',
  };
}

/** Writes so many readings to a topic, keyed by meter. */
export async function load(broker: string, topic: string, count: number): Promise<void> {
  const codec = ReadingCodec.embedded();
  const kafka = new Kafka({ clientId: 'load', brokers: [broker], logLevel: logLevel.NOTHING });
  const producer = kafka.producer({
    idempotent: true,
    maxInFlightRequests: 5,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  for (let i = 0; i < count; i += BATCH) {
    const messages = Array.from({ length: Math.min(BATCH, count - i) }, (_, j) => {
      const reading = readingOf(i + j);
      return { key: reading.meter, value: Buffer.from(codec.encode(reading)) };
    });
    await producer.send({ topic, messages, acks: -1 });
  }
  await producer.disconnect();
}
