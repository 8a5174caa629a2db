import { LeftOnError } from '@lefton/core';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isLoopback } from './guard.ts';
import type { GuardSettings } from './guard.ts';

/**
 * Listens, with limits on how long a client may take. Beyond loopback only where the guard lets nobody in unasked.
 * @param port 0: any free one
 * @throws LeftOnError `token_needed`, `cannot_listen`
 */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  { token, ingress }: Pick<GuardSettings, 'token' | 'ingress'>,
): Promise<Server> {
  if (token === null && ingress.length === 0 && !isLoopback(host)) {
    throw fault(
      'token_needed',
      host,
      'a token (LEFTON_TOKEN) when others than this machine may connect',
      'none',
    );
  }
  // imported, it would bring the whole of fetch with it, by the exports that are read then
  const { createServer } = process.getBuiltinModule('node:http');
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
    app,
  );
  // event streams, of which there are fewer, and questions beside them
  server.maxConnections = 400;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(fault('cannot_listen', `${host}:${port}`, 'a free address of this machine', error.message));
    });
    server.listen(port, host, resolve);
  });
  return server;
}

/** `http://127.0.0.1:7420` */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const fault = (code: string, place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code, place, expected, found, faultClass: 'fatal' });
