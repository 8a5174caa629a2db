import { formatUtc } from '@lefton/core';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Destination, Outcome, PartlyTaken } from './destination.ts';
import type { LineTaker } from './forwarder.ts';
import type { Batch } from './spool.ts';

const TIMEOUT_MS = 10_000;
/** Characters: a service tells a hundred rows at most. */
const LONGEST_ANSWER = 1_000_000;
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
      const { status, text } = await this.#post(Buffer.from(lines.join('\n')));
      const taken = status >= 200 && status < 300;
      if (taken || REFUSED.has(status))
        return partlyTaken(text, lines.length) ?? (taken ? 'taken' : 'refused');
      this.#say(`the service answered ${status}`);
      return 'unreachable';
    } catch (error) {
      this.#say(error instanceof Error ? error.message : String(error));
      return 'unreachable';
    }
  }

  /**
   * The answer; not by `fetch`, which would take a small machine 15 MB more. Nor is `node:http` imported:
   * an import reads all that it exports, WebSocket too, and with that the whole of fetch is loaded.
   */
  async #post(body: Uint8Array): Promise<{ status: number; text: string }> {
    const { request } =
      this.#url.protocol === 'https:' ? await import('node:https') : process.getBuiltinModule('node:http');
    const headers = { ...this.#headers, 'content-length': body.length };
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const sent = request(this.#url, { method: 'POST', headers, signal });
    // whoever waits hears of it; after the answer nobody does
    sent.on('error', () => undefined);
    sent.end(body);
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    let text = '';
    answer.setEncoding('utf8').on('data', (part: string) => {
      // what is longer says nothing of readings
      if (text.length < LONGEST_ANSWER) text += part;
    });
    await finished(answer);
    return { status: answer.statusCode ?? 0, text };
  }
}

/** What an answer says of rows that were rejected; undefined where it says nothing, as one without a body. */
function partlyTaken(text: string, most: number): PartlyTaken | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null || !('rejected_count' in answer)) return undefined;
  const count = Number(answer.rejected_count);
  if (!Number.isInteger(count) || count <= 0) return undefined;
  const [first] =
    'rejected' in answer && Array.isArray(answer.rejected) ? (answer.rejected as unknown[]) : [];
  const why = typeof first === 'object' && first !== null && 'why' in first ? String(first.why) : 'not said';
  return { refused: Math.min(count, most), why };
}
