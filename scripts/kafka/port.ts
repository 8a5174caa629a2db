import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A port of the loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const { promise: bound, resolve } = Promise.withResolvers<undefined>();
  server.listen(0, '127.0.0.1', () => {
    resolve(undefined);
  });
  await bound;
  const { port } = server.address() as AddressInfo;
  const { promise: closed, resolve: done } = Promise.withResolvers<undefined>();
  server.close(() => {
    done(undefined);
  });
  await closed;
  return port;
}

/** Somebody listens on a port of the loopback. */
export function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => {
    socket.destroy();
    resolve(true);
  });
  socket.once('error', () => {
    resolve(false);
  });
  return promise;
}
