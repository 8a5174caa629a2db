import type { Reading } from '@lefton/core';
import type { NewRecord } from './ports.ts';
import type { ReadingCodec } from './avro/reading-codec.ts';

/** Bytes of an undecodable line that are kept. */
const KEPT_BYTES = 4_096;

/** A reading as a record for raw_power. */
export function rawRecord(codec: ReadingCodec, reading: Reading): NewRecord {
  return { topic: 'raw_power', key: reading.meter, value: codec.encode(reading) };
}

/** Bytes that were no reading, with the reason and where they came from. */
export function deadRecord(meter: string, value: Uint8Array, reason: string, source: string): NewRecord {
  return {
    topic: 'raw_power_dead',
    key: meter,
    value: value.subarray(0, KEPT_BYTES),
    headers: { reason, source },
  };
}
