import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { it } from 'node:test';
import { lookOnlyWhileRequestsWait } from './request-queue.ts';

interface Queue {
  push(request: object): void;
  checkPendingRequests(): void;
  fulfillRequest(response: object): void;
  maybeThrottle(ms: number): void;
  destroy(): void;
}
type QueueClass = new (options: object) => Queue;

it('the Kafka client has a timer only while a request waits, and sends what has waited', (t) => {
  lookOnlyWhileRequestsWait();
  const RequestQueue = createRequire(import.meta.url)(
    'kafkajs/src/network/requestQueue/index.js',
  ) as QueueClass;
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] });
  const timers = t.mock.method(globalThis, 'setTimeout');
  const logger = { debug: () => undefined, warn: () => undefined };
  const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger });
  t.after(() => {
    queue.destroy();
  });
  const sent: number[] = [];
  const push = (correlationId: number): void => {
    const entry = { correlationId, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(correlationId) });
  };
  const answer = (correlationId: number): void => {
    queue.fulfillRequest({ correlationId, size: 0, payload: null });
  };
  push(1);
  answer(1);
  queue.checkPendingRequests();
  assert.equal(timers.mock.callCount(), 0);
  push(2);
  push(3);
  assert.deepEqual([sent, timers.mock.callCount()], [[1, 2], 1]);
  answer(2);
  answer(3);
  assert.deepEqual(sent, [1, 2, 3]);
  // a broker that asks for a pause: what waits goes when it is over
  queue.maybeThrottle(500);
  push(4);
  t.mock.timers.tick(499);
  assert.deepEqual(sent, [1, 2, 3]);
  t.mock.timers.tick(20);
  assert.deepEqual(sent, [1, 2, 3, 4]);
  answer(4);
  t.mock.timers.tick(1_000);
  const before = timers.mock.callCount();
  t.mock.timers.tick(60_000);
  assert.equal(timers.mock.callCount(), before, 'a quiet connection has no timer');
});
