import { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aLog, aReading, shortPause, Taker } from './a-capture.test-data.ts';
import { Capture } from './capture.ts';
import { Drain } from './drain.ts';
import type { Interpreter } from './interpreter.ts';
import { Link } from './link.ts';
import type { Source } from './source.ts';
import { Spool } from './spool.ts';
import { Stamp } from './stamp.ts';

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
