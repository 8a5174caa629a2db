import { WEEK_BUCKETS } from '@lefton/core';
import type { CompiledModel, Instant } from '@lefton/core';
import { createHash } from 'node:crypto';

/** The expected range of one bucket, as lefton.ExpectedRange has it. Powers in watts. */
export interface RangeRow {
  readonly meter: string;
  /** weekday (0 = Monday) * 24 + local hour */
  readonly bucket: number;
  readonly low_w: number;
  readonly usual_w: number;
  readonly high_w: number;
  /** SHA-256 of the model's JSON. */
  readonly model: string;
  readonly valid_from: Instant;
}

/** How a meter's buckets are counted, as lefton.MeterZone has it. */
export interface ZoneRow {
  readonly meter: string;
  /** IANA name. */
  readonly zone: string;
  /** Local dates that count as Sundays, as YYYY-MM-DD. */
  readonly holidays: readonly string[];
  readonly model: string;
  readonly valid_from: Instant;
}

/** A model as rows: a range where one is known, null where none is. */
interface PowerModel {
  readonly zone: ZoneRow;
  /** By bucket, 168 of them. */
  readonly ranges: readonly (RangeRow | null)[];
}

/** Each bucket of the week. */
const BUCKETS = Array.from({ length: WEEK_BUCKETS }, (_, bucket) => bucket);

/** Key of a bucket's record: no meter id has a comma in it. */
export const rangeKey = (meter: string, bucket: number): string => `${meter},${bucket}`;

/** The keys of all that may be there of a meter. */
export const rangeKeys = (meter: string): readonly string[] =>
  BUCKETS.map((bucket) => rangeKey(meter, bucket));

/**
 * What power is expected of a meter, for engines that only know tables.
 * @param validFrom readings from then on are held against it
 */
export function powerModelOf(compiled: CompiledModel, meter: string, validFrom: Instant): PowerModel {
  const model = compiled.toModel();
  const sha256 = createHash('sha256').update(JSON.stringify(model)).digest('hex');
  const common = { meter, model: sha256, valid_from: validFrom };
  return {
    zone: { ...common, zone: model.zone, holidays: model.kind === 'left-on' ? model.holidays : [] },
    ranges: BUCKETS.map((bucket) => {
      const range = compiled.expectedIn(bucket);
      if (!range.known) return null;
      return { ...common, bucket, low_w: range.low, usual_w: range.usual, high_w: range.high };
    }),
  };
}
