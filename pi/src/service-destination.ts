import { formatUtc } from '@lefton/core';
import type { Destination, Outcome } from './destination.ts';
import type { LineTaker } from './forwarder.ts';
import type { Batch } from './spool.ts';

const TIMEOUT_MS = 10_000;
/** What is wrong with the batch itself; any other answer is about the way to the service, and the lines are kept. */
const REFUSED = new Set([400, 413, 415, 422]);

/** The service's POST /api/readings. */
export class ServiceDestination implements Destination, LineTaker {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #tell: (why: string) => void;
  #said = '';

  /**
   * @param token for a service beyond this machine
   * @param say is told why lines wait, once per reason
   */
  constructor(service: string, token: string | null, say: (why: string) => void) {
    this.#tell = say;
    this.#url = new URL('/api/readings', service).href;
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
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: this.#headers,
        body: lines.join('\n'),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      await response.arrayBuffer();
      if (response.ok) return 'taken';
      if (REFUSED.has(response.status)) return 'refused';
      this.#say(`the service answered ${response.status}`);
      return 'unreachable';
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return 'unreachable';
    }
  }
}
