import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** A request that came. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Reply = (asked: Asked, response: ServerResponse) => void;

/** A server on a free port of this machine. */
export interface TestServer {
  readonly url: string;
  /** All that came, in order. */
  readonly asked: Asked[];
  /** Connections that are open. */
  readonly sockets: ReadonlySet<Socket>;
  /** Called with each request, before it is answered. */
  before: (() => void) | undefined;
  /** While set, it answers everything. */
  instead: Reply | undefined;
  /** From then on nobody listens there. */
  stop(): void;
}

/** Starts a server that ends with the test. */
export async function aWebServer(t: TestContext, reply: Reply): Promise<TestServer> {
  const asked: Asked[] = [];
  const sockets = new Set<Socket>();
  const http = createServer((request, response) => {
    response.on('error', () => undefined);
    void text(request).then(
      (body) => {
        const { method = '', url: path = '', headers } = request;
        const one = { method, path, headers, body };
        asked.push(one);
        server.before?.();
        (server.instead ?? reply)(one, response);
      },
      () => undefined,
    );
  });
  http.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => http.listen(0, '127.0.0.1', listening));
  const stop = (): void => {
    http.close();
    http.closeAllConnections();
  };
  t.after(stop);
  const { port } = http.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const server: TestServer = { url, asked, sockets, before: undefined, instead: undefined, stop };
  return server;
}

/** Ends an answer of JSON. */
export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}

/** Any answer, with an end. */
export const saying =
  (status: number, body = '', headers: Readonly<Record<string, string>> = {}): Reply =>
  (_asked, response) => {
    response.writeHead(status, headers).end(body);
  };

/** Never answers. */
export const hanging: Reply = () => undefined;

/** Answers with a head and the start of a body, and no more. */
export const stalling =
  (status: number): Reply =>
  (_asked, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"iden":"');
  };

/** Ends the connection in the middle of the body. */
export const cutting =
  (status: number): Reply =>
  (asked, response) => {
    stalling(status)(asked, response);
    setImmediate(() => response.socket?.destroy());
  };

/** Sends bytes that need not be HTTP, and ends. */
export const sending =
  (bytes: Uint8Array | string): Reply =>
  (_asked, response) => {
    response.socket?.end(bytes);
  };

/** Sends and sends. `sent` counts the bytes that the system took. */
export function flooding(status: number): { reply: Reply; sent: () => number } {
  let socket: Socket | null = null;
  const some = Buffer.alloc(64 * 1024, 'x');
  const reply: Reply = (_asked, response) => {
    response.writeHead(status, { 'content-type': 'application/json', 'content-length': String(1e9) });
    ({ socket } = response);
    const more = (): void => {
      while (!response.destroyed && response.write(some));
    };
    response.on('drain', more);
    more();
  };
  return { reply, sent: () => socket?.bytesWritten ?? 0 };
}
