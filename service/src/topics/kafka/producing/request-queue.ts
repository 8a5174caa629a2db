import { createRequire } from 'node:module';

interface Queue {
  readonly pending: readonly unknown[];
}
interface QueueClass {
  readonly prototype: { scheduleCheckPendingRequests: (this: Queue) => void };
}

const QUEUE = 'kafkajs/src/network/requestQueue/index.js';
let mended = false;

/**
 * kafkajs 2.2 looks every millisecond, on each connection and forever, whether a request waits: 4 % of a core for nothing.
 * From here on it looks while one does.
 */
export function lookOnlyWhileRequestsWait(): void {
  if (mended) return;
  mended = true;
  const found: unknown = createRequire(import.meta.url)(QUEUE);
  if (!isQueueClass(found)) return;
  const { scheduleCheckPendingRequests: schedule } = found.prototype;
  found.prototype.scheduleCheckPendingRequests = function () {
    if (this.pending.length > 0) schedule.call(this);
  };
}

function isQueueClass(found: unknown): found is QueueClass {
  if (typeof found !== 'function') return false;
  const prototype: unknown = found.prototype;
  return typeof prototype === 'object' && prototype !== null && 'scheduleCheckPendingRequests' in prototype;
}
