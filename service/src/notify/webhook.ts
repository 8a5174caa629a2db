import { LeftOnError, SECOND } from '@lefton/core';
import { createHmac } from 'node:crypto';
import type { Channel, Message } from '../channel.ts';
import type { Clock } from '../ports.ts';
import { Remote } from './remote.ts';

/** Where a webhook is. */
export interface WebhookSettings {
  /** May have user and password; all of it but the origin is taken for secret. */
  readonly url: string;
  /** Signs what is sent; null: unsigned. */
  readonly secret: string | null;
  /** For a whole exchange. */
  readonly timeoutMs?: number;
}

const SHORTEST_SECRET = 16;

/**
 * Posts a message as JSON to a URL. Idempotent by contract, which docs/webhook.md states: who takes it drops what has an
 * Idempotency-Key that it has had.
 */
export class WebhookChannel implements Channel {
  readonly name = 'webhook';
  readonly idempotent = true;
  readonly #remote: Remote;
  readonly #secret: string | null;
  readonly #clock: Clock;

  /** @throws LeftOnError `bad_url`, `bad_secret` (fatal) */
  constructor({ url, secret, timeoutMs }: WebhookSettings, clock: Clock) {
    if (secret !== null && secret.length < SHORTEST_SECRET)
      throw new LeftOnError({
        code: 'bad_secret',
        faultClass: 'fatal',
        place: 'webhook_secret',
        expected: `at least ${SHORTEST_SECRET} characters`,
        found: 'fewer',
      });
    this.#secret = secret;
    this.#clock = clock;
    this.#remote = new Remote({
      channel: 'webhook',
      title: 'webhook',
      url,
      secrets: secret === null ? [] : [secret],
      entry: "check webhook_url, webhook_secret and this computer's clock",
      idempotent: true,
      timeoutMs,
    });
  }

  /** @throws DeliveryError `token_refused`, `webhook_refused` (fatal); `webhook_away` (transient) */
  async deliver(message: Message, report: (step: string) => void): Promise<string> {
    const { id, severity, title, text, speech, zone, records: events } = message;
    const body = JSON.stringify({ v: 1, id, severity, title, text, speech, zone, events });
    report(`posting to ${this.#remote.origin}`);
    const headers = { 'idempotency-key': id, ...this.#signature(body) };
    const answer = await this.#remote.ask({ method: 'POST', headers, body });
    if (!answer.ok) throw this.#remote.refusal(answer, this.#clock.now());
    report('the webhook took it');
    return `HTTP ${answer.status}`;
  }

  /** @throws DeliveryError `webhook_away` (transient) */
  async check(): Promise<string> {
    await this.#remote.knock();
    return `${this.#remote.origin} takes connections; what it does with a message shows with the first one`;
  }

  close(): Promise<void> {
    return this.#remote.close();
  }

  /** The time is signed too, so that what was overheard cannot be sent again later. */
  #signature(body: string): Record<string, string> {
    const timestamp = String(Math.floor(this.#clock.now() / SECOND));
    if (this.#secret === null) return { 'x-lefton-timestamp': timestamp };
    const hex = createHmac('sha256', this.#secret).update(`${timestamp}.${body}`).digest('hex');
    return { 'x-lefton-timestamp': timestamp, 'x-lefton-signature': `sha256=${hex}` };
  }
}
