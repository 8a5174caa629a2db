import { DAY, LeftOnError } from '@lefton/core';
import { z } from 'zod';
import type { DeliveryError, Channel, Message, Severity } from '../channel.ts';
import type { Clock } from '../ports.ts';
import type { Answer } from './answer.ts';
import { Remote } from './remote.ts';

/** Where ntfy publishes. */
export interface NtfySettings {
  /** Of the server, such as https://ntfy.sh. */
  readonly url: string;
  /** Who knows it can read it, so it is as secret as a password. */
  readonly topic: string;
  /** An access token; null where anybody may publish. */
  readonly token: string | null;
  /** For a whole exchange. */
  readonly timeoutMs?: number;
}

/** Bytes of a message that stays one; a longer one becomes a file attached to none. */
const LONGEST_TEXT = 4096;
/** Of ntfy's 1 (nothing but a line) to 5 (long vibration, over what is shown). */
const PRIORITY: Readonly<Record<Severity, number>> = { info: 2, warning: 4, critical: 5 };
/** Names of emojis. */
const TAGS: Readonly<Record<Severity, readonly string[]>> = {
  info: ['white_check_mark'],
  warning: ['warning'],
  critical: ['rotating_light'],
};
/** ntfy's error code for the end of the day's messages, which begin anew at midnight UTC. */
const DAY_IS_USED_UP = '42908';

const message = z.object({ id: z.string().regex(/^[\w-]{1,64}$/), event: z.literal('message') });
const health = z.object({ healthy: z.literal(true) });

/**
 * Publishes to a topic of ntfy. Not idempotent: a server keeps and tells each message. Since server 2.16 a message with the
 * `sequence_id` of an earlier one takes its place on Android and in browsers, not on iOS (docs.ntfy.sh/publish, "Updating
 * notifications"); it is sent for the cases that nobody foresees, and nothing counts on it.
 */
export class NtfyChannel implements Channel {
  readonly name = 'ntfy';
  readonly idempotent = false;
  readonly #remote: Remote;
  readonly #topic: string;
  readonly #clock: Clock;

  /** @throws LeftOnError `bad_url`, `bad_topic`, `bad_token` (fatal) */
  constructor({ url, topic, token, timeoutMs }: NtfySettings, clock: Clock) {
    if (!/^[\w-]{1,64}$/.test(topic)) throw bad('topic', 'up to 64 letters, digits, "-" and "_"');
    if (token !== null && !/^[\x21-\x7e]+$/.test(token))
      throw bad('token', 'an access token of ntfy, in one line');
    this.#topic = topic;
    this.#clock = clock;
    this.#remote = new Remote({
      channel: 'ntfy',
      title: 'ntfy',
      url,
      ...(token === null ? {} : { headers: { authorization: `Bearer ${token}` } }),
      secrets: [topic, ...(token === null ? [] : [token])],
      entry: 'set ntfy_token to an access token of a user who may publish to the topic',
      idempotent: false,
      timeoutMs,
    });
  }

  /** @throws DeliveryError `token_refused`, `ntfy_refused`, `ntfy_day_used_up` (fatal); `ntfy_away` (transient) */
  async deliver({ id, severity, title, text }: Message, report: (step: string) => void): Promise<string> {
    report(`publishing to ${this.#remote.origin}`);
    const body = JSON.stringify({
      topic: this.#topic,
      title,
      message: fitting(text),
      priority: PRIORITY[severity],
      tags: TAGS[severity],
      sequence_id: id,
    });
    const answer = await this.#remote.ask({ method: 'POST', path: '/', body });
    if (!answer.ok) throw this.#refusal(answer);
    const published = message.safeParse(answer.json);
    if (!published.success) throw this.#remote.away(`no answer of ntfy: ${answer.found}`, { doubtful: true });
    report('ntfy took it');
    return `message ${published.data.id}`;
  }

  /**
   * Publishing can only be proved by publishing: this asks whether ntfy is there, takes the token, and lets it read.
   * @throws DeliveryError as `deliver`
   */
  async check(): Promise<string> {
    const there = await this.#remote.ask({ method: 'GET', path: '/v1/health' });
    if (!there.ok) throw this.#refusal(there);
    if (!health.safeParse(there.json).success) throw this.#remote.away(`no answer of ntfy: ${there.found}`);
    const readable = await this.#remote.ask({ method: 'GET', path: `/${this.#topic}/auth` });
    const proof = 'whether it may be published to shows with the first message';
    // 401: no such token; 403: another's topic, or one that may only be written
    if (readable.status === 403) return `ntfy is well; the topic may not be read, ${proof}`;
    if (!readable.ok) throw this.#refusal(readable);
    return `ntfy is well; the topic may be read, ${proof}`;
  }

  close(): Promise<void> {
    return this.#remote.close();
  }

  #refusal(answer: Answer): DeliveryError {
    const now = this.#clock.now();
    if (answer.status !== 429 || answer.errorCode !== DAY_IS_USED_UP)
      return this.#remote.refusal(answer, now);
    const closedUntil = (Math.floor(now / DAY) + 1) * DAY;
    const expected = 'a message within what the server allows in a day';
    return this.#remote.fault('ntfy_day_used_up', 'fatal', expected, answer.found, { closedUntil });
  }
}

/** As much as ntfy takes for one message, with an ellipsis where that is not all. */
function fitting(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= LONGEST_TEXT) return text;
  // a character cut in two comes out as U+FFFD
  return `${bytes
    .subarray(0, LONGEST_TEXT - 3)
    .toString()
    .replace(/\uFFFD+$/, '')}…`;
}

const bad = (what: 'topic' | 'token', expected: string): LeftOnError =>
  new LeftOnError({
    code: `bad_${what}`,
    faultClass: 'fatal',
    place: `ntfy_${what}`,
    expected,
    found: 'another text',
  });
