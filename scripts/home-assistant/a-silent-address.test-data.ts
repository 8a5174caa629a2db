import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Long enough that who asks there has gone on to something else by then. */
const HANG_UP_MS = 300;

/** An address that takes connections and says nothing; ends with the test. */
export async function aSilentAddress(t: TestContext): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => socket.destroy(), HANG_UP_MS).unref();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
