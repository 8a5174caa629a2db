import type { Readable } from 'node:stream';
import type { LineSettings } from '../meter.ts';
import type { Port, Wire } from '../wire.ts';

/** Standard input as the way to a meter. It cannot be opened again once it has ended. */
export class StdinPort implements Port {
  readonly path = '-';
  readonly once = true;
  readonly #input: Readable;

  constructor(input: Readable) {
    this.#input = input;
  }

  open(_line: LineSettings, take: (bytes: Uint8Array) => void): Promise<Wire> {
    const input = this.#input;
    if (input.readableEnded || input.destroyed) return Promise.reject(new Error('standard input has ended'));
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    const end = (): void => {
      resolve('standard input has ended');
    };
    input.on('data', take).on('end', end).on('error', end);
    return Promise.resolve({
      closed,
      write: () => undefined,
      close: () => {
        input.off('data', take).pause();
        return Promise.resolve();
      },
    });
  }
}
