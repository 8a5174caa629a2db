import avro from 'avsc';
import type { Type } from 'avsc';
import type { RangeRow, ZoneRow } from '../models/power-model.ts';
import { HEADER } from './record-reader.ts';
import { RANGE, schemaOf, ZONE } from './schema-file.ts';
import type { SchemaIds } from './schema-ids.ts';

/** Writes values of one schema: a zero, the schema id in four bytes, and Avro. */
class Writer<Row> {
  readonly #ids: SchemaIds;
  readonly #schema: string;
  readonly #type: Type;
  #id: number | undefined;

  constructor(ids: SchemaIds, schema: string) {
    this.#ids = ids;
    this.#schema = schema;
    this.#type = avro.Type.forSchema(JSON.parse(schema) as Type);
  }

  async encode(row: Row): Promise<Uint8Array> {
    this.#id ??= await this.#ids.writer(this.#schema);
    const header = Buffer.alloc(HEADER);
    header.writeUInt32BE(this.#id, 1);
    return Buffer.concat([header, this.#type.toBuffer(row)]);
  }
}

/** The rows of a published model as the values of their records. */
export class ModelCodec {
  readonly #range: Writer<RangeRow>;
  readonly #zone: Writer<ZoneRow>;

  /** Ids for the values of power_model, and for those of meter_zone. */
  constructor(rangeIds: SchemaIds, zoneIds: SchemaIds) {
    this.#range = new Writer(rangeIds, schemaOf(RANGE));
    this.#zone = new Writer(zoneIds, schemaOf(ZONE));
  }

  /** @throws LeftOnError as SchemaIds.writer */
  range(row: RangeRow): Promise<Uint8Array> {
    return this.#range.encode(row);
  }

  /** @throws LeftOnError as SchemaIds.writer */
  zone(row: ZoneRow): Promise<Uint8Array> {
    return this.#zone.encode(row);
  }
}
