import { MINUTE } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Clock } from '../ports.ts';
import { LONGEST_WAIT_MS } from '../outbox-ports.ts';
import type { Deliveries } from '../outbox-ports.ts';

/** A channel that cannot tell for so long lets another one tell. */
const PATIENCE_MS = 5 * MINUTE;
/** A channel that is closed for no longer is waited for. */
const SHORT_CLOSURE_MS = 10 * MINUTE;
/** A receiver may close a channel for the rest of a month, and no longer. */
const LONGEST_CLOSURE_MS = 40 * 24 * 60 * MINUTE;

/** Why a channel is left alone, and until when. */
export interface Outage {
  readonly until: Instant;
  readonly why: string;
  /** `closed`: the receiver said so, for long; `failing`: for longer than people are to wait; `short` otherwise. */
  readonly kind: 'closed' | 'failing' | 'short';
}

/** Which channels take nothing for now. Receivers' closing times are kept over restarts. */
export class Outages {
  readonly #deliveries: Deliveries;
  readonly #system: Clock;
  readonly #failing = new Map<
    string,
    { readonly since: Instant; readonly until: Instant; readonly why: string }
  >();
  /** When receivers closed their channels, as far as this process knows. */
  readonly #closedAt = new Map<string, Instant>();

  constructor(deliveries: Deliveries, system: Clock) {
    this.#deliveries = deliveries;
    this.#system = system;
  }

  /** undefined while it may be tried. */
  of(channel: string): Outage | undefined {
    const now = this.#system.now();
    this.#forgetFuture(channel, now);
    const closed = this.#deliveries.closed().find((each) => each.channel === channel);
    if (closed !== undefined && closed.until > now) {
      const kind = closed.until - now <= SHORT_CLOSURE_MS ? 'short' : 'closed';
      return { until: closed.until, why: closed.why, kind };
    }
    const failing = this.#failing.get(channel);
    if (failing === undefined || failing.until <= now || failing.until > now + LONGEST_WAIT_MS)
      return undefined;
    return { ...failing, kind: this.isLong(channel, now) ? 'failing' : 'short' };
  }

  /** True where people have waited long enough for this channel, or for this alert since its first attempt. */
  isLong(channel: string, since: Instant): boolean {
    const now = this.#system.now();
    const begun = [since, this.#failing.get(channel)?.since ?? since].filter((at) => at <= now);
    return now - Math.min(...begun) >= PATIENCE_MS;
  }

  /** It failed for now and is tried again then. */
  failed(channel: string, until: Instant, why: string): void {
    this.#forgetFuture(channel, this.#system.now());
    const { since } = this.#failing.get(channel) ?? { since: this.#system.now() };
    this.#failing.set(channel, { since, until, why });
  }

  /** The receiver takes nothing before. @returns until when that is believed */
  close(channel: string, until: Instant, why: string): Instant {
    const now = this.#system.now();
    const believed = Math.min(until, now + LONGEST_CLOSURE_MS);
    if (until > now) {
      this.#closedAt.set(channel, now);
      this.#deliveries.close(channel, believed, why);
    }
    return believed;
  }

  /** It works. */
  end(channel: string): void {
    this.#failing.delete(channel);
    this.#closedAt.delete(channel);
    this.#deliveries.close(channel, null, '');
  }

  /** What began later than now began before the clock was set back: its end would come too late. */
  #forgetFuture(channel: string, now: Instant): void {
    if ((this.#failing.get(channel)?.since ?? now) > now) this.#failing.delete(channel);
    if ((this.#closedAt.get(channel) ?? now) <= now) return;
    this.#closedAt.delete(channel);
    this.#deliveries.close(channel, null, '');
  }
}
