import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { dsmrTelegram } from '../../../pi/src/a-meter.test-data.ts';
import { Pty, withoutSocat } from '../../../pi/src/a-pty.test-data.ts';
import { aFolder } from '../a-service.test-data.ts';
import { ReadingCodec } from '../avro/reading-codec.ts';
import { aBroker, freshTopics, wholeTopic, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';
import { chance } from '../topics/kafka/a-scorer.test-data.ts';
import type { KafkaSettings } from '../topics/kafka/settings.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');
/** A second of the meter. */
const SECOND_MS = 10;
const KILLS = 20;
/** Ten minutes of the meter. */
const OUTAGE = 600;
const READINGS = 1_600;
const OUTAGE_AT = 400;
/** Readings that may be on their way. */
const BEHIND = 50;

const skip = withoutKafka() ?? withoutSocat;

/** `lefton capture` of a device, as processes that are killed; what it says is in the spool. */
class Capturing {
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;
  readonly acked = new Set<number>();
  logged = '';

  constructor(device: string, spool: string, { brokers, prefix }: KafkaSettings) {
    const meter = ['--device', device, '--protocol', 'dsmr', '--meter-clock', '--spool', spool, '--json'];
    this.#args = [MAIN, 'capture', ...meter, '--kafka-brokers', brokers.join(','), '--kafka-prefix', prefix];
  }

  async start(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const child = spawn(process.execPath, this.#args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    child.once('exit', () => {
      reject(new Error(`it ended:\n${this.logged}`));
    });
    promise.catch(() => undefined);
    createInterface({ input: child.stderr }).on('line', (line) => {
      this.logged += `${line}\n`;
      if (line.includes('"event":"capturing"')) resolve(undefined);
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { reading } = JSON.parse(line) as { reading?: { at: number } };
      if (reading !== undefined) this.acked.add(reading.at);
    });
    await promise;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'close');
    child.kill(signal);
    await ended;
  }
}

describe('a capture', { skip }, () => {
  it(`that is killed ${KILLS} times, also while no broker is there for ten minutes, loses no reading`, async (t) => {
    const random = chance(20261125);
    const broker = await aBroker(t);
    const settings = await freshTopics(3, broker.address);
    const pty = await Pty.open(t);
    // the meter's clock is believed where it is near this machine's
    const from = Math.floor(Date.now() / 1_000) * 1_000 - READINGS * 500;
    const atOf = (n: number): number => from + n * 1_000;
    const capturing = new Capturing(pty.device, join(aFolder(t), 'spool.db'), settings);
    t.after(() => capturing.end('SIGKILL'));
    await capturing.start();

    const killAt = Array.from({ length: KILLS }, (_, k) => Math.floor(((k + random()) * READINGS) / KILLS));
    let broken: 'not yet' | 'now' | 'mended' = 'not yet';
    let kills = 0;
    let again = 0;
    let missing = 0;
    for (let next = 0; missing < READINGS; next++) {
      while (capturing.acked.has(atOf(missing))) missing++;
      // what it has not said to have is told again, as by a meter that remembers
      if (next === READINGS || next - missing > BEHIND) {
        next = missing;
        again++;
      }
      if (next === OUTAGE_AT && broken === 'not yet') {
        await broker.kill();
        broken = 'now';
      }
      if (next === OUTAGE_AT + OUTAGE && broken === 'now') {
        await broker.resume();
        broken = 'mended';
      }
      if (next >= (killAt[kills] ?? Infinity)) {
        await capturing.end('SIGKILL');
        kills++;
        await capturing.start();
      }
      pty.say(dsmrTelegram(next, next % 3_000, from));
      await setTimeout(SECOND_MS);
    }
    assert.equal(kills, KILLS);
    const codec = ReadingCodec.embedded();
    const inTopic = async () =>
      (await wholeTopic(settings, 'raw_power')).map(({ key, value }) => codec.decode(value, key, 0));
    let readings = await inTopic();
    while (new Set(readings.map(({ at }) => at)).size < READINGS) {
      await setTimeout(200);
      readings = await inTopic();
    }
    const once = [...new Map(readings.map((reading) => [reading.at, reading])).values()];
    const sorted = once.toSorted((a, b) => a.at - b.at);
    for (const [n, { at, watts, meter }] of sorted.entries())
      assert.deepEqual({ at, watts, meter }, { at: atOf(n), watts: n % 3_000, meter: 'home' });
    const backwards = once.filter(({ at }, n) => at < (once[n - 1]?.at ?? 0)).length;
    assert.ok(backwards <= again, `${backwards} times backwards, told again ${again} times`);
    t.diagnostic(
      `${READINGS} readings, ${readings.length - READINGS} of them told twice by the meter, ${kills} kills`,
    );
    await capturing.end('SIGTERM');
  });
});
