import { defaultPolicy, watts } from '@lefton/core';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { aLog, SetClock, START } from '../../a-service.test-data.ts';
import { ReadingCodec } from '../../avro/reading-codec.ts';
import { Meters } from '../../meters/meters.ts';
import { Metrics } from '../../telemetry/metrics.ts';
import { ModelFiles } from '../../models/model-files.ts';
import type { ModelsInUse } from '../../models/models.ts';
import { Pipeline } from '../../pipeline/pipeline.ts';
import type { NewRecord } from '../../ports.ts';
import { rawRecord } from '../../records/raw-record.ts';
import type { KafkaSettings } from './settings.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'lefton.js');

const METERS = 100;

const CODEC = ReadingCodec.embedded();

/** A small seeded generator, so that a failing run can be run again. */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** A `lefton serve` that scores on Kafka, as a process of its own. */
export class Scorer {
  readonly process: ChildProcess;
  readonly exited: Promise<readonly [number | null, NodeJS.Signals | null]>;
  /** Lines of its log. */
  readonly logged: string[] = [];
  readonly #printed: string[] = [];
  #waiting: (() => void)[] = [];

  /**
   * @param model a file, or a store of a fleet
   * @param more further options of `serve`
   */
  constructor(
    t: TestContext,
    settings: KafkaSettings,
    db: string,
    model: string,
    more: readonly string[] = [],
  ) {
    const { brokers, prefix, sessionMs, checkpointMs = 60_000, checkpointReadings = 500_000 } = settings;
    const kafka = ['--kafka-brokers', brokers.join(','), '--kafka-prefix', prefix];
    const models = model.endsWith('.db') ? '--model-store' : '--model';
    const args = [MAIN, 'serve', '--db', db, models, model, '--port', '0', ...kafka, ...more];
    const env = {
      ...process.env,
      LEFTON_KAFKA_SESSION_S: String(sessionMs / 1_000),
      LEFTON_KAFKA_CHECKPOINT_S: String(checkpointMs / 1_000),
      LEFTON_KAFKA_CHECKPOINT_READINGS: String(checkpointReadings),
    };
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    this.exited = once(this.process, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    for (const [stream, lines] of [
      [this.process.stderr, this.logged],
      [this.process.stdout, this.#printed],
    ] as const) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        this.#wake();
      });
    }
    void this.exited.then(() => {
      this.#wake();
    });
    t.after(() => this.process.kill('SIGKILL'));
  }

  /** Resolves when the log has an event; rejects when the process has ended without it. */
  async says(event: string): Promise<void> {
    await this.#until(event, () => this.logged.some((line) => line.includes(`"event":"${event}"`)));
  }

  /** Where it listens. */
  async url(): Promise<string> {
    let url: string | undefined;
    await this.#until('where it listens', () => {
      url = this.#printed
        .map((line) => /^Listening at (\S+)/.exec(line)?.[1])
        .find((each) => each !== undefined);
      return url !== undefined;
    });
    return url ?? '';
  }

  /** Asks it; a failure tells what it has logged. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    try {
      return await fetch((await this.url()) + path, init);
    } catch (cause) {
      throw new Error(`${path} was not answered:\n${this.logged.join('\n')}`, { cause });
    }
  }

  /** Ends it with a signal; its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.process.kill(signal);
    const [code, by] = await this.exited;
    return code ?? by;
  }

  async #until(what: string, holds: () => boolean): Promise<void> {
    while (!holds()) {
      const { exitCode, signalCode } = this.process;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`ended without: ${what}\n${this.logged.join('\n')}`);
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#waiting.push(() => {
        resolve(undefined);
      });
      await promise;
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/**
 * What an uninterrupted fold produces.
 * @param model a file, or models in use
 */
export function expectedOf(
  model: string | ModelsInUse,
  records: readonly Pick<NewRecord, 'key' | 'value'>[],
): NewRecord[] {
  const { log } = aLog();
  const clock = new SetClock(Date.now());
  const metrics = new Metrics();
  const models =
    typeof model === 'string' ? new ModelFiles(model, null, log, metrics, () => clock.now()) : model;
  const meters = new Meters({ meters: () => [] }, models, log, () => clock.now(), 1_000_000);
  const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
  const pipeline = new Pipeline(meters, CODEC, clock, log, metrics, settings);
  const read = records.map(({ key, value }) => {
    return { key, value, headers: {}, appendedAt: clock.now(), position: '' };
  });
  return [...pipeline.fold(read).produce];
}

/** The texts of each key, in their order. */
export function textsByKey(records: readonly Pick<NewRecord, 'key' | 'value'>[]): Record<string, string[]> {
  const texts: Record<string, string[]> = {};
  for (const { key, value } of records) (texts[key] ??= []).push(Buffer.from(value).toString());
  return texts;
}

/** Readings of some busy and some quiet meters, and between them records that are none. */
export function streamed(readings: number, junk: number, random: () => number): NewRecord[] {
  const minutes = new Map<number, number>();
  const records: NewRecord[] = [];
  for (let n = 0; n < readings; n++) {
    if (n % (readings / junk) === 0) {
      const value = Buffer.from(`no reading ${n}\u0000`);
      records.push({ topic: 'raw_power', key: `meter-${n % METERS}`, value });
    }
    const meter = Math.floor(random() ** 2 * METERS);
    const minute = minutes.get(meter) ?? 0;
    // now and then a meter says nothing for a day
    minutes.set(meter, minute + (minute % 1_999 === 1_998 ? 1_440 : 1));
    const left = (minute + meter * 37) % 700 > 550;
    const power = left ? 3000 : 150 + (minute % 7);
    const at = START + minute * 60_000;
    records.push(
      rawRecord(CODEC, { meter: `meter-${meter}`, at, watts: watts(power), energyWh: null, source: 'test' }),
    );
  }
  return records;
}
