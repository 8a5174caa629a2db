import { LeftOnError } from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';
import type { Type } from 'avsc';
import { bad, decodeReading, LONGEST_RECORD, show } from '../records/reading-format.ts';
import { HEADER, newestReading, recordReader } from './record-reader.ts';
import type { RecordReader } from './record-reader.ts';
import { NEWEST, schemaOf } from './schema-file.ts';
import { EMBEDDED_WRITER, EmbeddedSchemaIds } from './schema-ids.ts';
import type { SchemaIds } from './schema-ids.ts';

/** The first byte of a record: Confluent's wire format, or the `{` of JSON. */
const AVRO = 0x00;
const JSON_OBJECT = 0x7b;
/** Bytes of a value besides its texts, at most: two lengths of 2, an instant of 10, and two numbers of 8 with a branch. */
const NUMBERS = 31;
/** Bytes of one UTF-16 unit in UTF-8, at most. */
const WIDEST = 3;

/** A reading as the value of a raw_power record: a zero, the schema id in four bytes, and Avro. JSON is read as well. */
export class ReadingCodec {
  readonly #ids: SchemaIds;
  #writerId: number | undefined;
  readonly #newest: Type = newestReading();
  readonly #readers = new Map<number, RecordReader>();

  /** @param writerId the id of the newest version of lefton.Reading, where it is known already */
  constructor(ids: SchemaIds, writerId?: number) {
    this.#ids = ids;
    this.#writerId = writerId;
  }

  /** A codec that needs no registry. */
  static embedded(): ReadingCodec {
    return new ReadingCodec(new EmbeddedSchemaIds(), EMBEDDED_WRITER);
  }

  /**
   * Finds out, or makes, the id that the newest version is written under. To be tried again while nobody can be asked.
   * @throws LeftOnError as SchemaIds.writer
   */
  async learnWriter(): Promise<void> {
    this.#writerId ??= await this.#ids.writer(schemaOf(NEWEST));
  }

  /**
   * @throws LeftOnError `bad_reading` for what Avro cannot hold, such as an instant that is not whole; `registry_away`
   *   (transient) while the id to write under is not known
   */
  encode({ meter, at, watts, energyWh, source }: Reading): Uint8Array {
    if (this.#writerId === undefined) throw noWriter();
    const bytes = Buffer.allocUnsafe(HEADER + NUMBERS + WIDEST * (meter.length + source.length));
    bytes[0] = AVRO;
    bytes.writeUInt32BE(this.#writerId, 1);
    let end: number;
    try {
      end = this.#newest.encode({ meter, at, watts, energy_wh: energyWh, source }, bytes, HEADER);
    } catch (error) {
      throw bad('reading', 'what lefton.Reading can hold', error instanceof Error ? error.message : '');
    }
    if (end < 0 || end > LONGEST_RECORD)
      throw bad('reading', `at most ${LONGEST_RECORD} bytes`, `${bytes.length}`);
    return bytes.subarray(0, end);
  }

  /**
   * What a record says. The ids of a batch are to be learnt before, see `prepare`.
   * @param appendedAt when the topic took it; the instant of a record that has none itself
   * @throws LeftOnError `bad_reading` for whatever is no reading; whoever reads a topic dead-letters it
   */
  decode(value: Uint8Array, key: string, appendedAt: Instant): Reading {
    const { length } = value;
    if (length > LONGEST_RECORD) throw bad('record', `at most ${LONGEST_RECORD} bytes`, `${length}`);
    if (value[0] === JSON_OBJECT) return ofKey(decodeReading(value), key);
    if (value[0] !== AVRO) throw bad('record', 'a first byte of 0 for Avro or 123 for JSON', show(value[0]));
    if (length < HEADER) throw bad('record', `at least ${HEADER} bytes`, `${length}`);
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, length);
    const id = idOf(bytes);
    const read = this.#readers.get(id) ?? this.#readerOf(id);
    return read(bytes, key, appendedAt);
  }

  /**
   * Learns the schema ids of a batch, so that `decode` can do without waiting. Undefined when all are known.
   * @throws LeftOnError as SchemaIds.learn: while a registry is away the batch is to be tried again
   */
  prepare(
    records: readonly { readonly value: Uint8Array; readonly unreadable?: unknown }[],
  ): Promise<void> | undefined {
    let unknown: Set<number> | undefined;
    for (const { value, unreadable } of records) {
      if (unreadable !== undefined) continue;
      if (value[0] !== AVRO || value.length < HEADER || value.length > LONGEST_RECORD) continue;
      const id = idOf(value);
      if (this.#readers.has(id) || this.#ids.known(id) !== undefined) continue;
      (unknown ??= new Set()).add(id);
    }
    return unknown === undefined ? undefined : this.#learn(unknown);
  }

  /** One after the other: a batch of noise with as many ids as records must not become a burst of requests. */
  async #learn(ids: ReadonlySet<number>): Promise<void> {
    for (const id of ids) await this.#ids.learn(id);
  }

  #readerOf(id: number): RecordReader {
    const meaning = this.#ids.known(id);
    if (meaning?.known !== true)
      throw bad('schema', 'a known schema id', `${id}: ${meaning?.why ?? 'it was not asked for'}`);
    const reader = recordReader(id, meaning.schema);
    this.#readers.set(id, reader);
    return reader;
  }
}

const noWriter = (): LeftOnError =>
  new LeftOnError({
    code: 'registry_away',
    place: 'schema registry',
    expected: 'an id for the schema that readings are written with',
    found: 'no answer yet',
    faultClass: 'transient',
  });

/** The schema id after the first byte, unsigned. */
const idOf = ({ 1: a = 0, 2: b = 0, 3: c = 0, 4: d = 0 }: Uint8Array): number =>
  ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

function ofKey(reading: Reading, key: string): Reading {
  if (reading.meter === key) return reading;
  throw bad('meter', `the record's key, ${show(key)}`, show(reading.meter));
}
