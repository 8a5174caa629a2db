import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { Broadcast } from './broadcast.ts';

/** The next frames that a listener gets, joined. */
function listener(t: TestContext, broadcast: Broadcast, after?: string): () => Promise<string> {
  const stop = new AbortController();
  const frames = broadcast.listen(after, stop.signal);
  t.after(() => {
    stop.abort();
  });
  return async () => {
    const frame = await frames.next();
    return frame.done === true ? assert.fail('it has ended') : frame.value.toString();
  };
}

describe('a broadcast', () => {
  it('gives each listener what is published while it listens', async (t) => {
    const broadcast = new Broadcast('run');
    broadcast.publish('reading', { watts: 1 });
    const [a, b] = [listener(t, broadcast), listener(t, broadcast)];
    const waiting = [a(), b()];
    assert.equal(broadcast.listeners, 2);
    broadcast.publish('reading', { watts: 2 });
    for (const frame of await Promise.all(waiting))
      assert.equal(frame, 'id: run-2\nevent: reading\ndata: {"watts":2}\n\n');
  });

  it('goes on after the last frame that a client has seen', async (t) => {
    const broadcast = new Broadcast('run');
    for (const watts of [1, 2, 3]) broadcast.publish('reading', { watts });
    const frames = await listener(t, broadcast, 'run-1')();
    assert.deepEqual(frames.match(/"watts":\d/g), ['"watts":2', '"watts":3']);
  });

  it('says that something was missed: too far behind, another run, an id that makes no sense', async (t) => {
    const broadcast = new Broadcast('run', 2);
    for (const watts of [1, 2, 3, 4]) broadcast.publish('reading', { watts });
    for (const after of ['run-1', 'before-4', 'run-99', 'run-x', '', '7']) {
      const next = listener(t, broadcast, after);
      assert.equal(await next(), 'id: run-4\nevent: missed\ndata: {}\n\n', after);
    }
    const slow = listener(t, broadcast, 'run-2');
    assert.match(await slow(), /"watts":3[^]*"watts":4/);
    for (const watts of [5, 6, 7]) broadcast.publish('reading', { watts });
    assert.match(await slow(), /^id: run-7\nevent: missed/);
  });

  it('ends when the listener goes, and counts it no longer', async () => {
    const broadcast = new Broadcast('run');
    const stop = new AbortController();
    const next = broadcast.listen(undefined, stop.signal).next();
    stop.abort();
    assert.equal((await next).done, true);
    assert.equal(broadcast.listeners, 0);
  });
});
