import { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { it } from 'node:test';
import { aLog, aReading, shortPause, START, Taker } from './a-capture.test-data.ts';
import { Capture } from './capture.ts';
import { Drain } from './spool/drain.ts';
import { Interpreter } from './reading/interpreter.ts';
import { kindOf } from './kinds.ts';
import { Link } from './link/link.ts';
import { lineSettings } from './meter.ts';
import type { Source } from './source.ts';
import { StdinPort } from './sources/stdin-port.ts';
import { WireSource } from './sources/wire-source.ts';
import { Spool } from './spool/spool.ts';
import { Stamp } from './reading/stamp.ts';

it('a capture whose spool turns out to be damaged ends with that, and closes it', async () => {
  const { log } = aLog();
  const spool = new Spool({ file: ':memory:', most: 100, whenFull: 'oldest' });
  const place = { place: 'spool.db', expected: 'a file without damage', found: 'malformed' };
  spool.put = () => {
    throw new LeftOnError({ code: 'spool_failed', ...place, faultClass: 'fatal' });
  };
  const source: Source = {
    name: 'test',
    link: () => new Link(() => 0).report('test'),
    run: (take, signal) => {
      take({ watts: 1 } as Parameters<typeof take>[0]);
      return shortPause(60_000, signal);
    },
  };
  const interpreter = { read: () => aReading(1) } as unknown as Interpreter;
  const drain = new Drain(spool, new Taker(), { perSecond: 1_000, gatherMs: 0 }, shortPause, log);
  const stamp = new Stamp(
    () => 0,
    () => 0,
    undefined,
  );
  const parts = { spool, drain, stamp, log, pause: shortPause, spooled: () => undefined };
  const capture = new Capture({ ...parts, listened: [{ source, interpreter }] });
  await assert.rejects(capture.run(new AbortController().signal), { code: 'spool_failed' });
  assert.throws(() => {
    spool.close();
  }, /not open/);
});

it(
  'a capture whose sources have ended brings what they told and ends, also where the destination was away',
  { timeout: 20_000 },
  async () => {
    const { log, lines } = aLog();
    const input = new PassThrough();
    const line = { protocol: 'lines', line: lineSettings(9_600, '8N1'), poll: null };
    const source = new WireSource(
      new StdinPort(input),
      { ...line, parser: () => kindOf('lines').create() },
      { log, pause: shortPause, monotonic: () => performance.now() },
    );
    const meaning = {
      meter: 'home',
      inverted: false,
      names: null,
      source: 'test',
      meterClock: false,
      mostW: 1e5,
    };
    let at = START;
    const interpreter = new Interpreter(meaning, () => at++, log);
    const spool = new Spool({ file: ':memory:', most: 100, whenFull: 'oldest' });
    const destination = new Taker();
    let offers = 0;
    destination.answer = () => (++offers < 3 ? 'unreachable' : 'taken');
    const drain = new Drain(spool, destination, { perSecond: 1_000, gatherMs: 0 }, shortPause, log);
    const stamp = new Stamp(
      () => 0,
      () => 0,
      undefined,
    );
    const parts = { spool, drain, stamp, log, pause: shortPause, spooled: () => undefined };
    const running = new Capture({ ...parts, listened: [{ source, interpreter }] }).run(
      new AbortController().signal,
    );
    input.end('100\n200\n300\n');
    await running;
    assert.deepEqual(
      destination.taken.map(({ watts }) => watts),
      [100, 200, 300],
    );
    assert.match(lines.join('\n'), /a meter has ended.*standard input has ended/);
  },
);
