import type { CompiledModel, Instant } from '@lefton/core';
import type { ModelCodec } from '../avro/model-codec.ts';
import type { ModelRecord, ModelTopics } from '../ports.ts';
import { powerModelOf, rangeKey, rangeKeys } from './power-model.ts';

/** What was published of a meter. */
export interface Published {
  readonly meter: string;
  /** SHA-256 of the model's JSON. */
  readonly model: string;
  readonly validFrom: Instant;
  /** Hours of the week with an expected range, of 168. */
  readonly ranges: number;
}

/** Writes models as tables that any streaming SQL can join with. Publishing the same again changes nothing. */
export class ModelPublisher {
  readonly #codec: ModelCodec;
  readonly #topics: ModelTopics;

  constructor(codec: ModelCodec, topics: ModelTopics) {
    this.#codec = codec;
    this.#topics = topics;
  }

  /**
   * Puts a model in place of what is published of a meter; buckets without a range are taken away.
   * @param validFrom readings from then on are held against it
   */
  async publish(compiled: CompiledModel, meter: string, validFrom: Instant): Promise<Published> {
    const { zone, ranges } = powerModelOf(compiled, meter, validFrom);
    const value = await this.#codec.zone(zone);
    const records: ModelRecord[] = [{ topic: 'meter_zone', key: meter, value, from: validFrom }];
    for (const [bucket, range] of ranges.entries()) {
      const bytes = range === null ? null : await this.#codec.range(range);
      const key = rangeKey(meter, bucket);
      records.push({ topic: 'power_model', key, value: bytes, from: validFrom });
    }
    await this.#topics.put(records);
    const known = ranges.filter((range) => range !== null).length;
    return { meter, model: zone.model, validFrom, ranges: known };
  }
}

/** Takes away all that is published of a meter, from an instant on. */
export const withdraw = (topics: ModelTopics, meter: string, from: Instant): Promise<void> =>
  topics.put([
    { topic: 'meter_zone', key: meter, value: null, from },
    ...rangeKeys(meter).map((key): ModelRecord => ({ topic: 'power_model', key, value: null, from })),
  ]);
