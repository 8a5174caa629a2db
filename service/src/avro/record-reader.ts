import { isInstant, watts } from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';
import avro from 'avsc';
import type { Type } from 'avsc';
import { bad, energyOf, meterOf, show, sourceOf } from '../records/reading-format.ts';
import { fits, isFlat } from './extent.ts';
import { readInPlace } from './reading-in-place.ts';
import { DEMO, NEWEST, schemaOf } from './schema-file.ts';

/** Bytes before a value: a zero and its schema id. */
export const HEADER = 5;
/** Meter of the original demo's records, which need no key. */
const DEMO_METER = 'home';
const LONGEST_WHY = 120;
/** Names of meters that are remembered to be names. */
const MOST_ALLOWED = 100_000;

/** A reading of the bytes of a record, header included. @throws LeftOnError `bad_reading` */
export type RecordReader = (bytes: Buffer, key: string, appendedAt: Instant) => Reading;

/** A value as the newest version of lefton.Reading has it. */
interface ReadingValue {
  readonly meter: string;
  readonly at: number;
  readonly watts: number;
  readonly energy_wh: number | null;
  readonly source: string;
}

interface DemoValue {
  readonly hour: number;
  readonly kwh: number;
}

/** The newest version of lefton.Reading. */
export const newestReading = (): Type => typeOf(schemaOf(NEWEST));

/** How records written with a schema are read. Made once per id; a schema that is no reading's refuses each record. */
export function recordReader(id: number, schema: string): RecordReader {
  const newest = newestReading();
  try {
    const writer = typeOf(schema);
    if (writer instanceof avro.types.RecordType) {
      if (writer.name === newest.name) return readingReader(writer, newest);
      // the original demo's record is known by its fields: its name was whatever the producer was told
      if (hasField(writer, 'hour') && hasField(writer, 'kwh')) return demoReader(writer);
    }
    return refusal(`${newest.name ?? ''}, or a record of hour and kwh`, `${nameOf(writer)} (schema ${id})`);
  } catch (error) {
    return refusal(`a schema that can be read as ${newest.name ?? ''}`, `schema ${id}: ${whyOf(error)}`);
  }
}

function readingReader(writer: Type, newest: Type): RecordReader {
  const valueOf = decoder(writer, newest);
  const isNewest = writer.equals(newest);
  // meters come again and again, and most records in a row are of one source, so that these are looked at once
  const allowed = new Set<string>();
  let usual = '';
  return (bytes, key) => {
    if (isNewest && allowed.has(key)) {
      const reading = readInPlace(bytes, HEADER, key, usual);
      if (reading !== undefined) return reading;
    }
    const { meter, at, watts: power, energy_wh, source } = valueOf(bytes) as ReadingValue;
    if (meter !== key) throw bad('meter', `the record's key, ${show(key)}`, show(meter));
    if (!isInstant(at)) throw bad('at', 'milliseconds since 1970, between 1990 and 2200', String(at));
    if (!Number.isFinite(power)) throw bad('watts', 'a finite number', String(power));
    if (allowed.size >= MOST_ALLOWED) allowed.clear();
    allowed.add(meterOf(key));
    if (source !== usual) usual = sourceOf(source);
    return { meter: key, at, watts: watts(power), energyWh: energyOf(energy_wh), source: usual };
  };
}

function demoReader(writer: Type): RecordReader {
  const schema = JSON.parse(schemaOf(DEMO)) as Record<string, unknown>;
  const named = writer.name === undefined ? {} : { name: writer.name, namespace: '' };
  const valueOf = decoder(writer, typeOf(JSON.stringify({ ...schema, ...named })));
  return (bytes, key, appendedAt) => {
    const { hour, kwh } = valueOf(bytes) as DemoValue;
    const whole = Math.floor(hour);
    if (!(whole >= 0 && whole <= 23)) throw bad('hour', 'an hour from 0 to 23', String(hour));
    if (!Number.isFinite(kwh)) throw bad('kwh', 'a finite number', String(kwh));
    if (!isInstant(appendedAt)) throw bad('at', "a record's timestamp", String(appendedAt));
    const meter = key === '' ? DEMO_METER : meterOf(key);
    return { meter, at: appendedAt, watts: watts(kwh), energyWh: null, source: 'demo', hour: whole };
  };
}

/** Values written as `writer`, read as `reader`. @throws Error when the two do not go together */
function decoder(writer: Type, reader: Type): (bytes: Buffer) => unknown {
  const resolver = writer.equals(reader) ? undefined : reader.createResolver(writer);
  const walked = writer instanceof avro.types.RecordType && !writer.fields.every(({ type }) => isFlat(type));
  return (bytes) => {
    let decoded: { readonly value: unknown; readonly offset: number };
    try {
      if (walked && !fits(writer, bytes, HEADER)) throw new Error('counts or lengths beyond its end');
      decoded = reader.decode(bytes, HEADER, resolver);
    } catch (error) {
      throw bad('record', `a value of ${nameOf(writer)}`, whyOf(error));
    }
    const { value, offset } = decoded;
    if (offset < 0) throw bad('record', `a whole ${nameOf(writer)}`, `${bytes.length} bytes, cut short`);
    if (offset < bytes.length) throw bad('record', 'nothing after it', `${bytes.length - offset} bytes more`);
    return value;
  };
}

/** Refuses every record of a schema for the same reason. */
function refusal(expected: string, found: string): RecordReader {
  return () => {
    throw bad('schema', expected, found);
  };
}

const typeOf = (schema: string): Type => avro.Type.forSchema(JSON.parse(schema) as Type);

const hasField = (type: Type, name: string): boolean =>
  type instanceof avro.types.RecordType && type.fields.some((field) => field.name === name);

/** The full name of a record, or what it is instead. */
const nameOf = ({ name, typeName }: Type): string => (name ?? typeName).slice(0, LONGEST_WHY);

const whyOf = (error: unknown): string => (error instanceof Error ? error.message.slice(0, LONGEST_WHY) : '');
