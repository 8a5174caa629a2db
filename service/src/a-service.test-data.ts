import { parseModel } from '@lefton/core';
import type { Instant, Model } from '@lefton/core';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { readSettings } from './settings/read.ts';
import { Log } from './telemetry/log.ts';
import type { Clock } from './ports.ts';
import { startService } from './service.ts';
import type { Service } from './service.ts';

/** 2026-01-05T00:00Z, a Monday. */
export const START = Date.UTC(2026, 0, 5);

/** At most 1 kW by day, 200 W from 0:00 to 5:59, of any meter. */
export const TABLE_JSON = {
  format: 'lefton-model',
  version: 1,
  kind: 'min-max',
  meter: null,
  zone: 'UTC',
  provenance: {
    fitted_on: 'made up for tests',
    sha256: null,
    from: '2025-12-01T00:00:00Z',
    until: '2026-01-01T00:00:00Z',
    days: 31,
    readings: null,
    software: 'lefton 0.1.0',
    quality: null,
    notes: [],
  },
  low: Array.from({ length: 24 }, () => 100),
  high: Array.from({ length: 24 }, (_, hour) => (hour < 6 ? 200 : 1000)),
};

/** The table as a model. */
export const aTable = (): Model => parseModel(TABLE_JSON);

/** A clock that stands where a test puts it. */
export class SetClock implements Clock {
  at: Instant;

  constructor(at: Instant = START) {
    this.at = at;
  }

  now(): Instant {
    return this.at;
  }
}

/** A log that tests can read. */
export function aLog(): { log: Log; lines: string[] } {
  const lines: string[] = [];
  return {
    log: new Log(
      (line) => lines.push(line),
      () => 0,
    ),
    lines,
  };
}

/** A folder that goes away with the test. */
export function aFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A model file in a folder. */
export function aModelFile(folder: string, json: unknown = TABLE_JSON, name = 'model.json'): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(json));
  return file;
}

/** What a running service printed, and how to feed it. */
export interface RunningService extends Service {
  readonly printed: string[];
  readonly logged: string[];
  readonly stdin: PassThrough;
  readonly folder: string;
  readonly log: Log;
}

/** The whole service on a free port and a database of its own; stopped with the test. */
export async function aService(t: TestContext, flags: Record<string, unknown> = {}): Promise<RunningService> {
  const folder = aFolder(t);
  const { log, lines: logged } = aLog();
  const printed: string[] = [];
  const stdin = new PassThrough();
  const given = { db: join(folder, 'lefton.db'), model: aModelFile(folder), port: 0, ...flags };
  const { settings, sources } = readSettings('serve', given, {});
  const world = {
    ...{ print: (text: string) => printed.push(text), log, stdin, random: () => 0.5 },
    pause: (ms: number, signal: AbortSignal) =>
      setTimeout(Math.min(ms, 20), undefined, { signal }).catch(() => undefined),
  };
  const service = await startService(settings, world, sources);
  t.after(async () => {
    service.stop();
    // a failure is for the test to look at
    await Promise.allSettled([service.done]);
  });
  return { ...service, printed, logged, log, stdin, folder };
}

/** Resolves once the condition holds; fails when it does not within so many seconds. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${seconds} s: ${what}`);
    await setTimeout(5);
  }
}

/** Canonical CSV of one reading a minute: 150 W, and 3 kW where `left` says so. */
export function minutesCsv(minutes: number, left: (minute: number) => boolean = () => false): string {
  const rows = Array.from({ length: minutes }, (_, minute) => {
    const at = new Date(START + minute * 60_000).toISOString();
    return `${at},${left(minute) ? 3000 : 150 + (minute % 7)}\n`;
  });
  return `at,watts\n${rows.join('')}`;
}
