import { formatUtc } from '@lefton/core';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Destination, Outcome, PartlyTaken } from '../destination.ts';
import type { LineTaker } from './forwarder.ts';
import { whyNoAnswer } from '../sources/no-answer.ts';
import type { Batch } from '../spool/spool.ts';
import { LastReason } from '../link/last-reason.ts';

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
  readonly #timeoutMs: number;
  readonly #reason = new LastReason();

  /**
   * @param service its address, below a path where a proxy has it there
   * @param token for a service beyond this machine
   * @param tell is told why lines wait, once for each reason until another
   */
  constructor(
    service: string,
    token: string | null,
    tell: (why: string) => void,
    timeoutMs: number = TIMEOUT_MS,
  ) {
    this.#tell = tell;
    this.#timeoutMs = timeoutMs;
    this.#url = new URL(service);
    this.#url.pathname = `${this.#url.pathname.replace(/\/+$/, '')}/api/readings`;
    this.#headers = {
      'content-type': 'text/csv',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    };
  }

  #say(why: string): void {
    if (this.#reason.isNew(why)) this.#tell(why);
  }

  /** A service knows readings by meter and instant: one that comes twice counts once. */
  arrived(): Promise<number> {
    return Promise.resolve(0);
  }

  take({ readings }: Batch): Promise<Outcome> {
    return this.send(readings.map(({ at, watts, meter }) => `${formatUtc(at)},${watts},${meter}`));
  }

  async send(lines: readonly string[]): Promise<Outcome> {
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const { status, text, location } = await this.#post(Buffer.from(lines.join('\n')), signal);
      const answer = documentOf(text);
      const taken = status >= 200 && status < 300;
      if (!taken && !REFUSED.has(status))
        this.#say(`the service answered ${status}${reason(status, answer, location)}`);
      else if (isOfService(answer, status))
        return partlyTaken(answer, lines.length) ?? (taken ? 'taken' : 'refused');
      else
        this.#say(
          `${this.#url.host} answered ${status}, but not as a LeftOn service does: look at its address, http or https, and the path`,
        );
      return 'unreachable';
    } catch (error) {
      // of a request that took too long only its signal says so
      this.#say(whyNoAnswer(signal.aborted ? signal.reason : error, this.#timeoutMs));
      return 'unreachable';
    }
  }

  /**
   * The answer; not by `fetch`, which would take a small machine 15 MB more. Nor is `node:http` imported:
   * an import reads all that it exports, WebSocket too, and with that the whole of fetch is loaded.
   */
  async #post(
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ status: number; text: string; location: string | undefined }> {
    const { request } =
      this.#url.protocol === 'https:' ? await import('node:https') : process.getBuiltinModule('node:http');
    const headers = { ...this.#headers, 'content-length': body.length };
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
    return { status: answer.statusCode ?? 0, text, location: answer.headers.location };
  }
}

type Answer = Readonly<Record<string, unknown>>;

/** An answer as a document; without members where it is none. */
function documentOf(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? { ...answer } : {};
  } catch {
    return {};
  }
}

/** A proxy, a router's log-in page or another server has taken nothing, nor do readings that it refuses have a fault. */
const isOfService = ({ rejected_count, status: told, detail }: Answer, status: number): boolean =>
  typeof rejected_count === 'number' || (told === status && typeof detail === 'string');

function reason(status: number, { detail }: Answer, location: string | undefined): string {
  if (location !== undefined)
    return `, which leads to ${location}: set the address that the service itself has`;
  if (status === 401) return ': set LEFTON_TOKEN to its token';
  return typeof detail === 'string' && detail !== '' ? `: ${detail}` : '';
}

/** What an answer says of rows that were rejected; undefined where it says nothing. */
function partlyTaken({ rejected_count: count, rejected }: Answer, most: number): PartlyTaken | undefined {
  if (typeof count !== 'number' || count <= 0) return undefined;
  const [first] = Array.isArray(rejected) ? (rejected as unknown[]) : [];
  const why = typeof first === 'object' && first !== null && 'why' in first ? String(first.why) : 'not said';
  return { refused: Math.min(count, most), why };
}
