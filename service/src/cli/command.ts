import { LeftOnError, parseInstant, Zone } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { InvalidArgumentError } from 'commander';
import { Log } from '../telemetry/log.ts';
import { heedOutput } from './output.ts';
import { SettingsError } from '../settings/error.ts';

/** The exit code for settings that are not right. */
export const BAD_SETTINGS = 2;

/** The log of a command: to standard error, under the machine's clock. */
export const commandLog = (): Log =>
  new Log(
    (line) => process.stderr.write(line),
    () => Date.now(),
  );

/**
 * Runs the action of a command: one clear line for an error that the person can mend, and exit code 1, or BAD_SETTINGS
 * where it is the settings or an option.
 */
export function action<Arguments extends unknown[]>(
  name: string,
  run: (...values: Arguments) => Promise<number> | number,
): (...values: Arguments) => Promise<void> {
  return async (...values) => {
    const complain = (why: string): void => void process.stderr.write(`lefton ${name}: ${why}\n`);
    heedOutput(process, {
      gone: () => process.exit(0),
      fault: (why) => {
        complain(why);
        process.exit(1);
      },
    });
    try {
      process.exitCode = await run(...values);
    } catch (error) {
      if (!(error instanceof LeftOnError || error instanceof SettingsError || isOfSystem(error))) throw error;
      complain(error.message);
      process.exitCode = isAskedWrongly(error) ? BAD_SETTINGS : 1;
    }
  };
}

/** Options that do not go together are as wrong as one that cannot be read. */
const isAskedWrongly = (error: Error): boolean =>
  error instanceof SettingsError || (error instanceof LeftOnError && error.code === 'bad_option');

/** What the system says, of a disk, a file or a network: nothing that a stack would explain. */
const isOfSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'syscall' in error;

/** Option value: an ISO instant with an offset or Z. */
export function instantOption(text: string): Instant {
  const at = parseInstant(text);
  if (at === undefined) {
    throw new InvalidArgumentError('Expected an instant with its offset, such as 2026-03-24T03:12:00+01:00.');
  }
  return at;
}

/** Option value: the name of an IANA zone. */
export function zoneOption(text: string): string {
  if (Zone.find(text) === undefined)
    throw new InvalidArgumentError('Expected an IANA zone, such as Europe/Paris.');
  return text;
}

/** Option value: a number of at least `least`, and at most `most`. */
export const numberOption =
  (least: number, most = Infinity) =>
  (text: string): number => {
    const value = text.trim() === '' ? NaN : Number(text);
    if (!Number.isFinite(value) || value < least || value > most) {
      const range = most === Infinity ? `of ${least} or more` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(
        least === -Infinity ? 'Expected a number.' : `Expected a number ${range}.`,
      );
    }
    return value;
  };

/** Option value: the same without a fraction. */
export const wholeOption =
  (least: number, most = Infinity) =>
  (text: string): number => {
    const value = numberOption(least, most)(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('Expected a whole number.');
    return value;
  };

/** Option value: a whole hour of the day. */
export function hourOption(text: string): number {
  const hour = Number(text);
  if (text.trim() === '' || !(hour >= 0 && hour < 24))
    throw new InvalidArgumentError('Expected an hour 0..23.');
  return Math.floor(hour);
}

export const say = (text: string): void => void process.stdout.write(`${text}\n`);
