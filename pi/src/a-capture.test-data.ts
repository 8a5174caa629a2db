import { watts } from '@lefton/core';
import type { Reading } from '@lefton/core';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { CaptureLog, Pause } from './capture-log.ts';
import type { Destination, Outcome } from './destination.ts';
import type { Telegram } from './meter.ts';
import type { Source } from './source.ts';
import type { Batch } from './spool/spool.ts';

/** 2026-01-05T00:00Z, a Monday. */
export const START = Date.UTC(2026, 0, 5);

/** One reading a second. */
export const aReading = (second: number, meter = 'home', power = second): Reading => ({
  ...{ meter, at: START + second * 1_000, watts: watts(power), energyWh: null, source: 'test' },
});

export const secondsOf = (readings: readonly Reading[]): number[] =>
  readings.map(({ at }) => (at - START) / 1_000);

/** A folder that goes away with the test. */
export function aFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-capture-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A log that tests can read: the event and its reason. */
export function aLog(): { log: CaptureLog; lines: string[] } {
  const lines: string[] = [];
  const put = (event: string, fields: object = {}): void =>
    void lines.push(`${event} ${JSON.stringify(fields)}`);
  return { log: { info: put, warn: put }, lines };
}

/** Waits at most a moment. */
export const shortPause: Pause = (ms, signal) =>
  setTimeout(Math.min(ms, 5), undefined, { signal }).catch(() => undefined);

export const realPause: Pause = (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => undefined);

/** Takes everything, or what it is told to; remembers how far a spool came where it is asked to. */
export class Taker implements Destination {
  readonly taken: Reading[] = [];
  /** Sizes of what was offered. */
  readonly batches: number[] = [];
  readonly reached = new Map<string, number>();
  answer: (batch: Batch) => Outcome = () => 'taken';

  arrived(spool: string): Promise<number> {
    return Promise.resolve(this.reached.get(spool) ?? 0);
  }

  take(batch: Batch, spool: string): Promise<Outcome> {
    this.batches.push(batch.readings.length);
    const outcome = this.answer(batch);
    if (outcome === 'taken') {
      this.taken.push(...batch.readings);
      this.reached.set(spool, batch.upTo);
    }
    return Promise.resolve(outcome);
  }
}

/** What a source hears from now on, until the test ends. */
export function heardOf(t: TestContext, source: Source): Telegram[] {
  const heard: Telegram[] = [];
  const stopping = new AbortController();
  const running = source.run((telegram) => heard.push(telegram), stopping.signal);
  t.after(async () => {
    stopping.abort();
    await running;
  });
  return heard;
}

/** Resolves once the condition holds; fails when it does not within a minute. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`not within 60 s: ${what}`);
    await setTimeout(5);
  }
}
