import { LeftOnError, wattHours, watts } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { z } from 'zod';
import { instantField } from '../settings/fields.ts';

/** Longest record of anomaly_power, in bytes. */
const LONGEST_EVENT = 16_384;

const text = z.string().min(1);
const number = z.number();

/** Other fields are let through: a newer LeftOn may add some. */
const record = z.object({
  v: z.literal(1),
  type: z.enum(['opened', 'still_on', 'closed', 'meter_silent', 'meter_back']),
  episode: text,
  meter: text,
  at: instantField,
  hour: number.int().min(0).max(23),
  day: number.int().min(1).max(7),
  watts: number.transform(watts).nullable(),
  usual_watts: number.transform(watts).nullable(),
  score: number.nullable(),
  since: instantField,
  until: instantField.optional(),
  longest_s: number.optional(),
  mean_watts: number.transform(watts).optional(),
  excess_wh: number.transform(wattHours),
  cost: number.optional(),
  why: z.string(),
});

/** @throws LeftOnError `bad_event` for a record of anomaly_power that is no event */
export function decodeEvent(value: Uint8Array): AnomalyEvent {
  if (value.byteLength > LONGEST_EVENT)
    throw bad('record', `at most ${LONGEST_EVENT} bytes`, `${value.byteLength}`);
  return eventOf(jsonOf(value));
}

/** @throws LeftOnError `bad_event` for what is no record of an event */
export function eventOf(json: unknown): AnomalyEvent {
  const result = record.safeParse(json);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw bad(issue?.path.join('.') ?? 'record', issue?.message ?? 'an event', 'another value');
  }
  const { type, episode, meter, at, hour, day, score, since, why, ...rest } = result.data;
  return {
    ...{ type, episode, meter, at, hour, day, score, since, why },
    watts: rest.watts,
    meanWatts: rest.mean_watts ?? null,
    usualWatts: rest.usual_watts,
    until: rest.until ?? null,
    longestMs: rest.longest_s === undefined ? null : rest.longest_s * 1000,
    excessWh: rest.excess_wh,
    cost: rest.cost ?? null,
  };
}

function jsonOf(value: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'));
  } catch {
    throw bad('record', 'JSON', 'other bytes');
  }
}

const bad = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'bad_event', place, expected, found });
