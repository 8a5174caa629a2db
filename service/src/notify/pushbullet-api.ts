import { HOUR, LeftOnError } from '@lefton/core';
import type { FaultClass, Instant } from '@lefton/core';
import type { DeliveryError } from '../channel.ts';
import type { Clock } from '../ports.ts';
import type { Answer } from './answer.ts';
import { Remote } from './remote.ts';

/** How an account of Pushbullet is used. */
export interface PushbulletSettings {
  /** An access token of the account. */
  readonly token: string;
  /** Nickname or iden of the one device that is told; null: all of them. */
  readonly device: string | null;
  /** Tag of a channel whose subscribers are told; not together with a device. */
  readonly channel: string | null;
  /** Another server than Pushbullet's, for tests. */
  readonly url?: string;
  /** For a whole exchange. */
  readonly timeoutMs?: number;
}

const URL_OF_ALL = 'https://api.pushbullet.com';
/** Nobody says in which zone Pushbullet's month begins; on these days of ours it may still be the last one's. */
const DOUBTED_DAYS = 2;
const DOUBTED_WAIT_MS = 6 * HOUR;

/** The rules of api.pushbullet.com, from docs.pushbullet.com and from what its users met. */
export class PushbulletApi {
  readonly #remote: Remote;
  readonly #clock: Clock;

  /** @throws LeftOnError `bad_token`, `bad_url` (fatal) */
  constructor({ token, url, timeoutMs }: PushbulletSettings, clock: Clock) {
    // what no header can carry would make the request fail with the token in the text
    if (!/^[\x21-\x7e]+$/.test(token))
      throw new LeftOnError({
        code: 'bad_token',
        faultClass: 'fatal',
        place: 'pushbullet_token',
        expected: 'the access token as pushbullet.com shows it, in one line',
        found: 'another text',
      });
    this.#clock = clock;
    this.#remote = new Remote({
      channel: 'pushbullet',
      title: 'Pushbullet',
      url: url ?? URL_OF_ALL,
      headers: { 'access-token': token },
      secrets: [token],
      entry:
        'make a new access token at https://www.pushbullet.com/#settings/account and set pushbullet_token',
      idempotent: true,
      timeoutMs,
    });
  }

  get origin(): string {
    return this.#remote.origin;
  }

  /** @throws DeliveryError */
  get(path: string): Promise<unknown> {
    return this.#ask('GET', path);
  }

  /** @throws DeliveryError */
  post(path: string, body: unknown): Promise<unknown> {
    return this.#ask('POST', path, JSON.stringify(body));
  }

  /** It answered, but not as Pushbullet does. */
  odd(found: string): DeliveryError {
    return this.#remote.away(found);
  }

  fault(code: string, faultClass: FaultClass, expected: string, found: string): DeliveryError {
    return this.#remote.fault(code, faultClass, expected, found);
  }

  close(): Promise<void> {
    return this.#remote.close();
  }

  /** The JSON of an answer that is ok. */
  async #ask(method: 'GET' | 'POST', path: string, body?: string): Promise<unknown> {
    const answer = await this.#remote.ask({ method, path, ...(body === undefined ? {} : { body }) });
    if (!answer.ok) throw this.#refusal(answer);
    if (answer.json === undefined) throw this.odd(answer.found);
    return answer.json;
  }

  #refusal(answer: Answer): DeliveryError {
    const now = this.#clock.now();
    const { status, errorCode, found } = answer;
    if (errorCode === 'pushbullet_pro_required') {
      const expected = 'a push within the 500 a month of a free account';
      const more = { closedUntil: nextMonth(now) };
      return this.#remote.fault('pushbullet_pro_required', 'fatal', expected, found, more);
    }
    if (status !== 429) return this.#remote.refusal(answer, now);
    const closedUntil = answer.retryAt(now) ?? answer.resetAt(now);
    return this.#remote.fault('rate_limited', 'transient', 'to be asked again later', found, { closedUntil });
  }
}

/** When the monthly 500 begin anew. */
function nextMonth(now: Instant): Instant {
  const date = new Date(now);
  if (date.getUTCDate() <= DOUBTED_DAYS) return now + DOUBTED_WAIT_MS;
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1);
}
