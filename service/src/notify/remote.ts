import type { FaultClass, Instant } from '@lefton/core';
import { DeliveryError } from '../channel.ts';
import type { ChannelName } from '../channel.ts';
import { Address } from './address.ts';
import type { Answer } from './answer.ts';
import { exchange, knock, NoAnswer } from './exchange.ts';

/** How a receiver on the web is reached. */
interface RemoteSettings {
  readonly channel: ChannelName;
  /** As people call it. */
  readonly title: string;
  readonly url: string;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Never told, also where an answer repeats them. */
  readonly secrets: readonly string[];
  /** What to do when it lets nobody in. */
  readonly entry: string;
  /** It recognises what it has had, so an unknown end is no doubt. */
  readonly idempotent: boolean;
  /** For a whole exchange. */
  readonly timeoutMs: number | undefined;
}

export interface Question {
  readonly method: 'GET' | 'POST';
  /** Below the URL; without one, the URL as it is. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, of a POST. */
  readonly body?: string;
}

const TIMEOUT_MS = 10_000;
const TRY_LATER: readonly number[] = [408, 425, 429];
const NOT_LET_IN: readonly number[] = [401, 403, 407];

/** A receiver on the web: asks it, and classes what comes of that. Each error names its origin and no secret. */
export class Remote {
  readonly origin: string;
  readonly #settings: RemoteSettings;
  readonly #address: Address;
  readonly #timeoutMs: number;
  readonly #closing = new AbortController();

  /** @throws LeftOnError `bad_url` (fatal) */
  constructor(settings: RemoteSettings) {
    this.#settings = settings;
    this.#address = new Address(settings.url, settings.secrets, `URL of ${settings.title}`);
    this.origin = this.#address.origin;
    this.#timeoutMs = settings.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * Any answer, also one that refuses.
   * @throws DeliveryError `<channel>_away` (transient)
   */
  async ask({ method, path, headers, body }: Question): Promise<Answer> {
    const { authorization } = this.#address;
    const all = {
      accept: 'application/json',
      'user-agent': 'LeftOn',
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }),
      ...this.#settings.headers,
      ...headers,
    };
    const url = this.#address.at(path);
    return this.#within(() =>
      exchange(url, { method, headers: all, body }, this.#timeoutMs, this.#closing.signal),
    );
  }

  /**
   * Resolves once there was a connection; asks nothing.
   * @throws DeliveryError `<channel>_away` (transient)
   */
  async knock(): Promise<void> {
    await this.#within(() => knock(this.#address.at(), this.#timeoutMs, this.#closing.signal));
  }

  /** What an answer that is not ok means for the message. */
  refusal(answer: Answer, now: Instant): DeliveryError {
    const { status, found } = answer;
    if (status >= 300 && status < 400) {
      const todo =
        'an answer, not a redirect, which would carry what is sent to another place; set the URL it leads to';
      return this.refused(todo, `HTTP ${status} to ${this.#leadsTo(answer)}`);
    }
    if (NOT_LET_IN.includes(status))
      return this.fault('token_refused', 'fatal', `to be let in; ${this.#settings.entry}`, found);
    if (status >= 500 || TRY_LATER.includes(status)) {
      // a gateway that lost the answer cannot say what became of the request; 503 says that nothing did
      const doubtful = !this.#settings.idempotent && status >= 500 && status !== 503;
      return this.away(found, { doubtful, closedUntil: answer.retryAt(now) });
    }
    return this.refused('the message to be taken', found);
  }

  /** Worth another attempt. */
  away(found: string, more: { doubtful?: boolean; closedUntil?: Instant | null } = {}): DeliveryError {
    return this.fault(`${this.#settings.channel}_away`, 'transient', 'an answer', found, more);
  }

  /** It says no, and will say it again. */
  refused(expected: string, found: string): DeliveryError {
    return this.fault(`${this.#settings.channel}_refused`, 'fatal', expected, found);
  }

  /** @param found may come from outside */
  fault(
    code: string,
    faultClass: FaultClass,
    expected: string,
    found: string,
    more: { doubtful?: boolean; closedUntil?: Instant | null } = {},
  ): DeliveryError {
    const place = `${this.#settings.title} at ${this.origin}`;
    return new DeliveryError({ code, faultClass, place, expected, found: this.tellable(found), ...more });
  }

  /** A text from outside as it may be told. */
  tellable(text: string): string {
    return this.#address.tellable(text);
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  async #within<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw this.away(error.message, { doubtful: error.sent && !this.#settings.idempotent });
    }
  }

  /** The origin only: the rest of a location may be secret. */
  #leadsTo(answer: Answer): string {
    return URL.parse(answer.header('location') ?? '', this.origin)?.origin ?? 'nowhere';
  }
}
