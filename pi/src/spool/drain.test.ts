import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog, aReading, secondsOf, shortPause, Taker } from '../a-capture.test-data.ts';
import { Drain } from './drain.ts';
import { Spool } from './spool.ts';

const memory = (): Spool => new Spool({ file: ':memory:', most: 1e6, whenFull: 'oldest' });
const { signal } = new AbortController();
const FAST = { perSecond: 1e9, gatherMs: 0 };
const empty = (): boolean => true;

describe('a drain', () => {
  it('brings everything once and in order, also when nobody could be reached for a while', async () => {
    const [spool, taker] = [memory(), new Taker()];
    spool.put(Array.from({ length: 1_201 }, (_, second) => aReading(second)));
    let away = 3;
    taker.answer = () => (away-- > 0 ? 'unreachable' : 'taken');
    const drain = new Drain(spool, taker, FAST, shortPause, aLog().log);
    await drain.run(signal, empty);
    assert.deepEqual(
      secondsOf(taker.taken),
      Array.from({ length: 1_201 }, (_, second) => second),
    );
    assert.equal(spool.size, 0);
    assert.deepEqual(drain.counts, { taken: 1_201, refused: 0 });
  });

  it('takes no longer than its rate allows, and no shorter', async () => {
    const [spool, taker] = [memory(), new Taker()];
    spool.put(Array.from({ length: 2_000 }, (_, second) => aReading(second)));
    const waits: number[] = [];
    const pause = (ms: number): Promise<void> => {
      waits.push(ms);
      return Promise.resolve();
    };
    await new Drain(spool, taker, { perSecond: 100, gatherMs: 50 }, pause, aLog().log).run(signal, empty);
    assert.deepEqual(taker.batches, [500, 500, 500, 500]);
    assert.deepEqual(waits, [5_000, 5_000, 5_000, 50]);
  });

  it('leaves only the readings behind that are refused for themselves', async () => {
    const [spool, taker] = [memory(), new Taker()];
    spool.put(Array.from({ length: 40 }, (_, second) => aReading(second)));
    taker.answer = ({ readings }) =>
      readings.some(({ watts }) => watts === 7 || watts === 30) ? 'refused' : 'taken';
    const drain = new Drain(spool, taker, FAST, shortPause, aLog().log);
    await drain.run(signal, empty);
    assert.equal(taker.taken.length, 38);
    assert.deepEqual(
      secondsOf(taker.taken),
      secondsOf(taker.taken).toSorted((a, b) => a - b),
    );
    assert.deepEqual(drain.counts, { taken: 38, refused: 2 });
  });

  it('counts and tells the readings that are refused of a batch that is taken', async () => {
    const [spool, taker, { log, lines }] = [memory(), new Taker(), aLog()];
    spool.put(Array.from({ length: 40 }, (_, second) => aReading(second)));
    taker.answer = () => ({ refused: 3, why: 'watts: too many' });
    const drain = new Drain(spool, taker, FAST, shortPause, log);
    await drain.run(signal, empty);
    assert.deepEqual(taker.batches, [40]);
    assert.deepEqual(drain.counts, { taken: 37, refused: 3 });
    assert.deepEqual(lines, ['readings were refused {"count":3,"why":"watts: too many"}']);
  });

  it('does not bring again what a killed process had brought without noting it', async () => {
    const [spool, taker] = [memory(), new Taker()];
    spool.put([1, 2, 3].map((second) => aReading(second)));
    taker.reached.set(spool.id, 2);
    await new Drain(spool, taker, FAST, shortPause, aLog().log).run(signal, empty);
    assert.deepEqual(secondsOf(taker.taken), [3]);
  });

  it('waits for what comes, and ends when aborted', async () => {
    const [spool, taker] = [memory(), new Taker()];
    const stopping = new AbortController();
    const drain = new Drain(spool, taker, FAST, shortPause, aLog().log);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    taker.answer = () => {
      resolve(undefined);
      return 'taken';
    };
    const running = drain.run(stopping.signal);
    await Promise.resolve();
    spool.put([aReading(1)]);
    drain.wake();
    await promise;
    stopping.abort();
    await running;
    assert.deepEqual(secondsOf(taker.taken), [1]);
  });
});
