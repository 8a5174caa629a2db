import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { Live } from './live.ts';

test('a stream that falls silent is lost after 20 s, and listened to anew', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const settled = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await setImmediate();
  };
  const asked: string[] = [];
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  t.mock.method(globalThis, 'fetch', (path: string, { signal }: { signal: AbortSignal }) => {
    asked.push(path);
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => {
        streams.push(controller);
        signal.addEventListener('abort', () => {
          controller.error(signal.reason);
        });
      },
    });
    return Promise.resolve(new Response(body));
  });
  const told: unknown[] = [];
  const live = new Live({
    connected: (yes) => told.push(yes),
    state: () => told.push('state'),
    readings: () => undefined,
  });
  const tell = (): void =>
    streams.at(-1)?.enqueue(new TextEncoder().encode('id: 7\nevent: state\ndata: {}\n\n'));

  live.watch('home');
  await settled();
  for (let i = 0; i < 6; i++) {
    tell();
    await settled();
    t.mock.timers.tick(19_000);
    await settled();
  }
  assert.deepEqual([told, asked.length], [[true, ...Array.from({ length: 6 }, () => 'state')], 1]);
  t.mock.timers.tick(1_000);
  await settled();
  assert.equal(told.at(-1), false);
  t.mock.timers.tick(1_000);
  await settled();
  assert.equal(told.at(-1), true);
  assert.deepEqual(asked, ['api/live?meter=home', 'api/live?meter=home&after=7']);
});
