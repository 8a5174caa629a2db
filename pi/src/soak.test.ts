import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { aLog, START, Taker } from './a-capture.test-data.ts';
import { dsmrTelegram } from './a-meter.test-data.ts';
import type { Pause } from './capture-log.ts';
import { Capture } from './capture.ts';
import { Drain } from './spool/drain.ts';
import { Interpreter } from './reading/interpreter.ts';
import { kindOf } from './kinds.ts';
import { SAMPLES } from './meters/a-sample.test-data.ts';
import { meterKinds } from './meters/index.ts';
import { WireSource } from './sources/wire-source.ts';
import { Spool } from './spool/spool.ts';
import { Stamp } from './reading/stamp.ts';
import type { Port } from './wire.ts';

/** Telegrams, one a second of a clock of our own; as the issue has it: LEFTON_TELEGRAMS=1000000, eleven days. */
const TELEGRAMS = Number(process.env.LEFTON_TELEGRAMS ?? 20_000);
/** What may come and go; a leak of three bytes a telegram is more. */
const FLAT_BYTES = 3 * 1_048_576;
const LOOKS = 10;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes that are in use once what is not has been collected. */
async function inUse(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await setImmediate();
    collect();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Memory at every tenth of the way, of which the first is for warming up. */
class Looks {
  readonly #taken: number[] = [];

  async take(): Promise<void> {
    this.#taken.push(await inUse());
  }

  assertFlat(t: TestContext): void {
    const [, first = NaN, ...later] = this.#taken;
    const mb = this.#taken.map((bytes) => (bytes / 1_048_576).toFixed(1)).join(', ');
    t.diagnostic(`${TELEGRAMS} telegrams, MB in use at each tenth: ${mb}`);
    assert.ok(Math.max(...later) - first < FLAT_BYTES, mb);
  }
}

/** Time that passes when it is told to. */
class OwnTime {
  now = 0;
  #waiting: { readonly due: number; readonly go: () => void }[] = [];

  readonly pause: Pause = (ms, signal) => {
    if (signal.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const go = (): void => {
      signal.removeEventListener('abort', go);
      resolve(undefined);
    };
    signal.addEventListener('abort', go);
    this.#waiting.push({ due: this.now + ms, go });
    return promise;
  };

  pass(ms: number): void {
    this.now += ms;
    const due = this.#waiting.filter((each) => each.due <= this.now);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((each) => each.due > this.now);
    for (const { go } of due) go();
  }
}

test('a capture of many telegrams, with damage, silences and unplugged cables, stays as small as it was', async (t) => {
  const time = new OwnTime();
  const monotonic = (): number => time.now;
  const { log } = aLog();
  const quiet = { ...log, info: () => undefined, warn: () => undefined };
  let say: ((bytes: Uint8Array) => void) | undefined;
  let unplug: (why: string) => void = () => undefined;
  const port: Port = {
    path: 'memory',
    open: (_line, take) => {
      const { promise: closed, resolve } = Promise.withResolvers<string>();
      [say, unplug] = [take, resolve];
      const write = (): void => undefined;
      return Promise.resolve({ closed, write, close: () => Promise.resolve((say = undefined)) });
    },
  };
  const dsmr = kindOf('dsmr');
  const [line] = dsmr.lines;
  assert.ok(line !== undefined);
  const settings = { protocol: 'dsmr', line, parser: () => dsmr.create(), poll: null };
  const source = new WireSource(port, settings, { pause: time.pause, log: quiet, monotonic });
  const stamp = new Stamp(() => START + time.now, monotonic, undefined);
  const meaning = {
    meter: 'home',
    names: null,
    source: 'soak',
    meterClock: false,
    inverted: false,
    mostW: 1e5,
  };
  const interpreter = new Interpreter(meaning, () => stamp.now(), quiet);
  const spool = new Spool({ file: ':memory:', most: 1_000_000, whenFull: 'oldest' });
  let taken = 0;
  const destination = new Taker();
  destination.answer = ({ readings }) => {
    taken += readings.length;
    destination.taken.length = destination.batches.length = 0;
    return 'taken';
  };
  const drain = new Drain(spool, destination, { perSecond: 200, gatherMs: 2_000 }, time.pause, quiet);
  const parts = { listened: [{ source, interpreter }], spool, drain, stamp, pause: time.pause, log: quiet };
  const capture = new Capture({ ...parts, spooled: () => undefined });
  const stopping = new AbortController();
  const running = capture.run(stopping.signal);
  const looks = new Looks();
  let good = 0;
  for (let n = 0; n < TELEGRAMS; n++) {
    if (n % Math.ceil(TELEGRAMS / LOOKS) === 0) await looks.take();
    // a line that stays open for days; then a cable out for seconds, and a meter that says nothing for a minute
    if (n > TELEGRAMS / 2) {
      if (n % 5_003 === 5_002) unplug('unplugged');
      if (n % 997 === 996) time.pass(60_000);
    }
    time.pass(1_000);
    if (n % 5 === 0) await setImmediate();
    const telegram = dsmrTelegram(n, n % 3_000);
    const damaged = n % 7 === 6;
    if (damaged) telegram.writeUInt8(telegram.readUInt8(n % 250) ^ 0x08, n % 250);
    else if (say !== undefined) good++;
    say?.(telegram);
  }
  await looks.take();
  const { good: heard, reopened } = source.link();
  assert.equal(heard, good);
  assert.ok(good > TELEGRAMS * 0.8 && reopened > 0, `${good} good, ${reopened} times opened`);
  stopping.abort();
  await running;
  assert.ok(taken > good * 0.99 && taken <= good, `${taken} of ${good} delivered`);
  looks.assertFlat(t);
});

test('every parser stays as small as it was, between noise', async (t) => {
  const looks = new Looks();
  const parsers = meterKinds.map((kind) => ({ parser: kind.create(), sample: SAMPLES[kind.name] }));
  const noise = Uint8Array.from({ length: 64 }, (_, n) => (n * 7_919) & 0xff);
  let told = 0;
  for (let n = 0; n < TELEGRAMS; n++) {
    if (n % Math.ceil(TELEGRAMS / LOOKS) === 0) await looks.take();
    const each = parsers[n % parsers.length];
    assert.ok(each?.sample !== undefined);
    if (n % 101 === 0) each.parser.push(noise, () => undefined);
    each.parser.push(each.sample, () => told++);
  }
  await looks.take();
  assert.ok(told > TELEGRAMS * 0.9, `${told} telegrams`);
  looks.assertFlat(t);
});
