import { LeftOnError } from '@lefton/core';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { networkOf } from './access/attempts.ts';
import { isOpen } from '../settings/listening.ts';
import type { GuardSettings } from './access/guard.ts';

/** How much of the service clients may hold. */
export interface ListenLimits {
  /** A client that reads nothing of an answer for this long is cut off. */
  readonly stalledMs: number;
  /** How long a connection is kept on which nothing more is asked. */
  readonly idleMs: number;
  /** Requests of one connection that wait for their answers: browsers send the next one after the answer. */
  readonly atOnce: number;
  /** Event streams, of which there are fewer, and questions beside them. */
  readonly connections: number;
  /** Of one address: all event streams, as behind a proxy, and room is left for others. */
  readonly ofAnAddress: number;
}

const defaultListenLimits: ListenLimits = {
  stalledMs: 60_000,
  idleMs: 5_000,
  atOnce: 16,
  connections: 400,
  ofAnAddress: 300,
};

/**
 * Listens, with limits on how long a client may take and on how many it may be. Beyond loopback only where the guard lets nobody in unasked.
 * @param port 0: any free one
 * @throws LeftOnError `token_needed`, `cannot_listen`
 */
export async function listen(
  app: RequestListener,
  host: string,
  port: number,
  { token, ingress }: Pick<GuardSettings, 'token' | 'ingress'>,
  limits = defaultListenLimits,
): Promise<Server> {
  if (isOpen(host, token, ingress)) {
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
    {
      requestTimeout: 30_000,
      headersTimeout: 10_000,
      keepAliveTimeout: limits.idleMs,
      maxHeaderSize: 16_384,
    },
    fewAtOnce(app, limits.atOnce),
  );
  server.maxConnections = limits.connections;
  server.on('connection', countedByAddress(limits.ofAnAddress));
  server.setTimeout(limits.stalledMs);
  server.on('request', (_request, response) => {
    // an answer that is long in coming is no fault of the client; one that it does not read is
    response.on('timeout', (socket: Socket) => {
      if (socket.writableLength > 0) socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(fault('cannot_listen', `${host}:${port}`, 'a free address of this machine', error.message));
    });
    server.listen(port, host, resolve);
  });
  return server;
}

/** Cuts off who asks on and on without waiting for answers: a packet of such requests holds up everybody else. */
function fewAtOnce(app: RequestListener, most: number): RequestListener {
  const waiting = new WeakMap<Socket, number>();
  return (request, response) => {
    const { socket } = request;
    const count = (waiting.get(socket) ?? 0) + 1;
    if (count > most) {
      // more of them are read already, and come here too
      socket.destroy();
      return;
    }
    waiting.set(socket, count);
    response.once('close', () => {
      waiting.set(socket, (waiting.get(socket) ?? 1) - 1);
    });
    app(request, response);
  };
}

/** Closes each connection of an address that has as many as it may; networks of IPv6 count as one. */
function countedByAddress(most: number): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const network = networkOf(socket.remoteAddress ?? '');
    const count = open.get(network) ?? 0;
    if (count >= most) {
      socket.destroy();
      return;
    }
    open.set(network, count + 1);
    socket.once('close', () => {
      const left = (open.get(network) ?? 1) - 1;
      if (left === 0) open.delete(network);
      else open.set(network, left);
    });
  };
}

/** `http://127.0.0.1:7420` */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const fault = (code: string, place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code, place, expected, found, faultClass: 'fatal' });
