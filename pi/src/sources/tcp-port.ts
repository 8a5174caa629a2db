import { LeftOnError } from '@lefton/core';
import { connect } from 'node:net';
import type { LineSettings } from '../meter.ts';
import type { Port, Wire } from '../wire.ts';
import { withoutParity } from './even-parity.ts';

const CONNECT_MS = 10_000;
const KEEP_ALIVE_MS = 30_000;

/** A serial line that a server brings over the network, such as ser2net or a P1 gateway: `tcp://host:port`. */
export class TcpPort implements Port {
  readonly path: string;
  readonly #host: string;
  readonly #port: number;

  /** @throws LeftOnError `no_address` (fatal) */
  constructor(path: string) {
    this.path = path;
    const { hostname = '', port = '' } = URL.parse(path) ?? {};
    if (hostname === '' || port === '')
      throw new LeftOnError({
        ...{ code: 'no_address', place: 'device', expected: 'tcp://host:port', found: path },
        faultClass: 'fatal',
      });
    // an address of IPv6 stands in brackets, which are not part of it
    this.#host = hostname.replace(/^\[|\]$/g, '');
    this.#port = Number(port);
  }

  /** The line's settings are the server's business, but for a parity that it leaves in the bytes. */
  async open(line: LineSettings, take: (bytes: Uint8Array) => void): Promise<Wire> {
    const socket = connect({ host: this.#host, port: this.#port });
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    socket.on('data', withoutParity(line, take));
    socket.on('error', ({ message }) => {
      resolve(message);
    });
    socket.on('close', () => {
      resolve('closed by the other side');
    });
    await new Promise<void>((opened, failed) => {
      const timer = setTimeout(() => socket.destroy(new Error('no answer')), CONNECT_MS);
      socket.once('connect', () => {
        clearTimeout(timer);
        opened();
      });
      socket.once('error', (error) => {
        clearTimeout(timer);
        failed(error);
      });
    });
    return {
      closed,
      write: (bytes) => void socket.write(bytes),
      close: () => {
        socket.destroy();
        return Promise.resolve();
      },
    };
  }
}
