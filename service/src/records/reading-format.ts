import {
  isInstant,
  isMeterName,
  LeftOnError,
  LONGEST_METER,
  METER_NAME,
  parseInstant,
  wattHours,
  watts,
} from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';

/** Longest value that is shown in an error. */
const LONGEST_SHOWN = 60;
/** Longest record of raw_power, in bytes. */
export const LONGEST_RECORD = 4_096;
const HALF_A_PAIR = /\p{Cs}/u;

/** What a reading's row may leave out. */
export interface ReadingDefaults {
  readonly meter: string;
  readonly source: string;
}

/** @throws LeftOnError `bad_reading` for bytes that are no reading; whoever reads a topic dead-letters them. */
export function decodeReading(value: Uint8Array): Reading {
  if (value.byteLength > LONGEST_RECORD)
    throw bad('record', `at most ${LONGEST_RECORD} bytes`, `${value.byteLength}`);
  let json: unknown;
  try {
    json = JSON.parse(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8'));
  } catch {
    throw bad('record', 'JSON', 'other bytes');
  }
  return readingOf(json, { meter: '', source: '' });
}

/**
 * A reading from a JSON object {meter?, at, watts, energy_wh?, source?}; `at` in ms since 1970 or as ISO text.
 * @throws LeftOnError `bad_reading`
 */
export function readingOf(json: unknown, defaults: ReadingDefaults): Reading {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw bad('reading', 'an object', show(json));
  const { meter, at, watts: power, energy_wh, source, ...unknown } = json as Record<string, unknown>;
  for (const key in unknown) throw bad(key.slice(0, 40), 'no such field', 'it');
  if (typeof power !== 'number' || !Number.isFinite(power))
    throw bad('watts', 'a finite number', show(power));
  return {
    meter: meterOf(meter ?? defaults.meter),
    at: typeof at === 'string' ? instantOf(at) : atOf(at),
    watts: watts(power),
    energyWh: energyOf(energy_wh),
    source: sourceOf(source ?? defaults.source),
  };
}

/** @throws LeftOnError `bad_reading` */
export function meterOf(value: unknown): string {
  if (typeof value === 'string' && isMeterName(value)) return value;
  throw bad('meter', METER_NAME, show(value));
}

/** @throws LeftOnError `bad_reading` for a text that is no instant with offset or Z */
export function instantOf(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined)
    throw bad('at', 'an instant with offset or Z, such as 2026-03-24T03:12:00+01:00', show(text));
  return at;
}

/** The error of one place in a reading. */
export function bad(place: string, expected: string, found: string): LeftOnError {
  return new LeftOnError({ code: 'bad_reading', place, expected, found });
}

/** A value as it may stand in an error: short, and not walked through, as it may be deeper than the stack. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return JSON.stringify(typeof value === 'string' ? value.slice(0, LONGEST_SHOWN) : value).slice(
    0,
    LONGEST_SHOWN,
  );
}

function atOf(value: unknown): Instant {
  if (typeof value === 'number' && isInstant(value)) return value;
  throw bad('at', 'milliseconds since 1970 or an ISO instant', show(value));
}

/** @throws LeftOnError `bad_reading` */
export function energyOf(value: unknown): Reading['energyWh'] {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value)) return wattHours(value);
  throw bad('energy_wh', 'a finite number or null', show(value));
}

/** @throws LeftOnError `bad_reading` */
export function sourceOf(value: unknown): string {
  if (typeof value === 'string' && value.length <= LONGEST_METER && !HALF_A_PAIR.test(value)) return value;
  throw bad('source', `a text of at most ${LONGEST_METER} characters`, show(value));
}
