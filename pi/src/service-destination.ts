import type { Destination, Outcome } from './forwarder.ts';

const TIMEOUT_MS = 10_000;
/** The service is there but not ready to take more: the same batch is tried again. */
const LATER = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The service's POST /api/readings. */
export class ServiceDestination implements Destination {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  /** @param token for a service beyond this machine */
  constructor(service: string, token: string | null) {
    this.#url = new URL('/api/readings', service).href;
    this.#headers = {
      'content-type': 'text/csv',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
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
      return LATER.has(response.status) ? 'unreachable' : 'refused';
    } catch {
      return 'unreachable';
    }
  }
}
