import { LONGEST_METER } from '@lefton/core';
import type { Reading } from '@lefton/core';
import type { NewRecord, TopicRecord } from '../ports.ts';
import type { ReadingCodec } from '../avro/reading-codec.ts';

/** Bytes of an undecodable line that are kept. */
const KEPT_BYTES = 4_096;

/** Of a record that is no reading so much is kept, so that the dead letter is smaller than any broker's limit. */
const KEPT = { value: 65_536, header: 1_024, headers: 32 };

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

/** A record that is no reading, with the reason and where it was; of its own value, key and headers what is not too long. */
export function deadLetter({ key, value, headers, position }: TopicRecord, reason: string): NewRecord {
  const own = Object.entries(headers).filter(([name, text]) => name.length + text.length <= KEPT.header);
  return {
    topic: 'raw_power_dead',
    key: key.slice(0, LONGEST_METER),
    value: value.subarray(0, KEPT.value),
    headers: { ...Object.fromEntries(own.slice(0, KEPT.headers)), reason, position },
  };
}
