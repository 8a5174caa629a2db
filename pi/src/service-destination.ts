import { formatUtc } from '@lefton/core';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Destination, Outcome } from './destination.ts';
import type { LineTaker } from './forwarder.ts';
import type { Batch } from './spool.ts';

const TIMEOUT_MS = 10_000;
/** What is wrong with the batch itself; any other answer is about the way to the service, and the lines are kept. */
const REFUSED = new Set([400, 413, 415, 422]);

/** The service's POST /api/readings. */
export class ServiceDestination implements Destination, LineTaker {
  readonly #url: URL;
  readonly #headers: Record<string, string>;
  readonly #tell: (why: string) => void;
  #said = '';

  /**
   * @param service its address, below a path where a proxy has it there
   * @param token for a service beyond this machine
   * @param say is told why lines wait, once per reason
   */
  constructor(service: string, token: string | null, say: (why: string) => void) {
    this.#tell = say;
    this.#url = new URL(service);
    this.#url.pathname = `${this.#url.pathname.replace(/\/+$/, '')}/api/readings`;
    this.#headers = {
      'content-type': 'text/csv',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  #say(why: string): void {
    if (why !== this.#said) this.#tell(why);
    this.#said = why;
  }

  /** A service knows readings by meter and instant: one that comes twice counts once. */
  arrived(): Promise<number> {
    return Promise.resolve(0);
  }

  take({ readings }: Batch): Promise<Outcome> {
    return this.send(readings.map(({ at, watts, meter }) => `${formatUtc(at)},${watts},${meter}`));
  }

  async send(lines: readonly string[]): Promise<Outcome> {
    try {
      const status = await this.#post(Buffer.from(lines.join('\n')));
      if (status >= 200 && status < 300) return 'taken';
      if (REFUSED.has(status)) return 'refused';
      this.#say(`the service answered ${status}`);
      return 'unreachable';
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return 'unreachable';
    }
  }

  /**
   * The status of the answer; not by `fetch`, which would take a small machine 15 MB more. Nor is `node:http` imported:
   * an import reads all that it exports, WebSocket too, and with that the whole of fetch is loaded.
   */
  async #post(body: Uint8Array): Promise<number> {
    const { request } =
      this.#url.protocol === 'https:' ? await import('node:https') : process.getBuiltinModule('node:http');
    const headers = { ...this.#headers, 'content-length': body.length };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(this.#url, { method: 'POST', headers, signal });
    // whoever waits hears of it; after the answer nobody does
    sent.on('error', () => undefined);
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    answer.resume();
    await finished(answer);
    return answer.statusCode ?? 0;
  }
}
