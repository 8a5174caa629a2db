import { HOUR, LeftOnError, MINUTE, SECOND } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Log } from '../log.ts';
import type { Clock } from '../ports.ts';
import type { Channel, Deliveries, Delivery } from '../store-ports.ts';

const BATCH = 50;
/** An alert not delivered by then helps nobody. */
const EXPIRE_MS = HOUR;
const FIRST_RETRY_MS = 5 * SECOND;
const LONGEST_RETRY_MS = 10 * MINUTE;

/** Takes alerts from the outbox to their channels, each at most once. */
export class Outbox {
  readonly #deliveries: Deliveries;
  readonly #channels: ReadonlyMap<string, Channel>;
  readonly #mutedUntil: () => Instant | null;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #log: Log;
  #delivering: Promise<number> | undefined;

  /**
   * @param clock the system's, also while a replay simulates another: people live in real time
   * @param random 0 <= value < 1
   */
  constructor(
    deliveries: Deliveries,
    channels: readonly Channel[],
    mutedUntil: () => Instant | null,
    clock: Clock,
    random: () => number,
    log: Log,
  ) {
    this.#deliveries = deliveries;
    this.#channels = new Map(channels.map((channel) => [channel.name, channel]));
    this.#mutedUntil = mutedUntil;
    this.#clock = clock;
    this.#random = random;
    this.#log = log;
  }

  /** Delivers what is due, in order; the number of alerts looked at. A second call joins the first. */
  deliverDue(): Promise<number> {
    this.#delivering ??= this.#deliverAll().finally(() => {
      this.#delivering = undefined;
    });
    return this.#delivering;
  }

  async #deliverAll(): Promise<number> {
    const due = this.#deliveries.due(this.#clock.now(), BATCH);
    for (const delivery of due) await this.#deliver(delivery);
    return due.length;
  }

  async #deliver(delivery: Delivery): Promise<void> {
    const channel = this.#channels.get(delivery.channel);
    const now = this.#clock.now();
    if (channel === undefined) {
      this.#settle(delivery, 'failed', 'the channel is no longer set up');
    } else if (delivery.interrupted && !channel.idempotent) {
      this.#settle(delivery, 'failed', 'stopped in the middle of the delivery; not repeated');
    } else if (now < (this.#mutedUntil() ?? -Infinity)) {
      this.#settle(delivery, 'expired', 'muted');
    } else if (now - delivery.createdAt > EXPIRE_MS) {
      this.#settle(delivery, 'expired', 'too old to be told');
    } else {
      await this.#attempt(delivery, channel);
    }
  }

  async #attempt(delivery: Delivery, channel: Channel): Promise<void> {
    this.#deliveries.begin(delivery.id);
    try {
      const receipt = await channel.deliver(delivery);
      this.#settle(delivery, 'sent', receipt);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!(error instanceof LeftOnError) || error.faultClass !== 'transient') {
        this.#settle(delivery, 'failed', error.message);
        return;
      }
      const wait = this.#backoff(delivery.attempts);
      this.#deliveries.retry(delivery.id, this.#clock.now() + wait, error.message);
      this.#log.warn('an alert is delivered later', {
        channel: channel.name,
        why: error.message,
        wait_ms: wait,
      });
    }
  }

  /** Doubles with each attempt; somewhere between half and all of it, so that many do not come at once. */
  #backoff(attempts: number): number {
    const whole = Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_RETRY_MS);
    return Math.round(whole * (0.5 + this.#random() / 2));
  }

  #settle(delivery: Delivery, state: 'sent' | 'failed' | 'expired', note: string): void {
    const { id, episode, event, channel } = delivery;
    this.#deliveries.settle(id, state, note, this.#clock.now());
    if (state !== 'sent')
      this.#log.warn('an alert was not told', { episode, alert: event, channel, state, note });
  }
}
