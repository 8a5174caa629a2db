import { isTransient, SECOND, Zone } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { DeliveryError } from '../channel.ts';
import type { Channel, ChannelName } from '../channel.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock } from '../ports.ts';
import { LONGEST_WAIT_MS } from '../outbox-ports.ts';
import type { Deliveries, Delivery } from '../outbox-ports.ts';
import type { Tracer } from '../trace/tracer.ts';
import { attempt } from './attempt.ts';
import { compose } from './compose.ts';
import type { MessageWords, Told } from './compose.ts';
import { Outages } from './outages.ts';
import type { Outage } from './outages.ts';
import type { ChannelRules } from './rules.ts';
import { StandIns } from './stand-ins.ts';

const FIRST_RETRY_MS = 5 * SECOND;

/** What a courier works with. */
export interface CourierDeps {
  readonly deliveries: Deliveries;
  readonly channels: readonly Channel[];
  readonly rules: Readonly<Record<ChannelName, ChannelRules>>;
  readonly words: MessageWords;
  /** Of the home; a replay's while one runs. */
  readonly clock: Clock;
  /** People and networks live in real time. */
  readonly system: Clock;
  /** 0 <= value < 1 */
  readonly random: () => number;
  readonly log: Log;
  /** undefined: nothing is traced. */
  readonly tracer?: Tracer | undefined;
  /** Told how each message to a channel went. */
  readonly attempted?: (channel: string, how: 'sent' | 'later' | 'failed') => void;
}

/** Takes messages to a channel: notes how it went, tries again, or lets another channel stand in. */
export class Courier {
  readonly outages: Outages;
  readonly #deps: CourierDeps;
  readonly #standIns: StandIns;

  constructor(deps: CourierDeps) {
    this.#deps = deps;
    this.#standIns = new StandIns(deps.channels, deps.rules, deps.deliveries);
    this.outages = new Outages(deps.deliveries, deps.system);
  }

  /** Delivers alerts of one channel as one message. */
  async take(channel: Channel, group: readonly Told[]): Promise<void> {
    const { deliveries, clock, system, words } = this.#deps;
    const [first] = group;
    if (first === undefined) return;
    const message = compose(group, words, Zone.named(first.delivery.zone), clock.now());
    const ids = group.map(({ delivery }) => delivery.id);
    deliveries.begin(ids, message.id, system.now());
    const ended = this.#traced(channel.name, group);
    let receipt: string;
    try {
      receipt = await attempt(channel, message);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      ended?.(error.message);
      this.#failed(channel, group, error);
      return;
    }
    // a fault of the disk is none of the delivery
    deliveries.settle(ids, 'sent', receipt, system.now(), clock.now());
    this.#deps.attempted?.(channel.name, 'sent');
    ended?.();
    this.outages.end(channel.name);
  }

  /** A span for each alert of a message, after that of its event; undefined where nobody traces. */
  #traced(channel: string, group: readonly Told[]): ((fault?: string) => void) | undefined {
    const { tracer } = this.#deps;
    if (tracer === undefined) return undefined;
    const spans = group.map(({ delivery, event: { type } }) => {
      const span = tracer.after(delivery.trace, 'notify', 'client', true);
      return { span, attributes: { channel, event: type, attempt: delivery.attempts + 1 } };
    });
    return (fault) => {
      for (const { span, attributes } of spans)
        tracer.end(span, { attributes, ...(fault === undefined ? {} : { fault }) });
    };
  }

  /** Ends what a channel cannot tell, and lets another one tell it. */
  handOver(channel: string, group: readonly Delivery[], why: string): void {
    const { deliveries, system, log } = this.#deps;
    for (const delivery of group) {
      const other = this.#standIns.find(delivery, this.#deps.system.now());
      const note = other === undefined ? why : `${why}; ${other} stands in`;
      deliveries.settle([delivery.id], 'failed', note, system.now());
      const { episode, event } = delivery;
      if (other !== undefined) log.warn('another channel tells an alert', { channel, other, episode, why });
      else log.error('an alert was not told', { channel, episode, alert: event, why });
    }
  }

  #failed(channel: Channel, group: readonly Told[], error: Error): void {
    const { system, log, attempted } = this.#deps;
    const { closedUntil, doubtful } = error instanceof DeliveryError ? error : NO_DETAILS;
    const { name } = channel;
    const closed = closedUntil === null ? null : this.outages.close(name, closedUntil, error.message);
    const all = group.map(({ delivery }) => delivery);
    const again = isTransient(error) && (channel.idempotent || !doubtful);
    attempted?.(name, again ? 'later' : 'failed');
    if (!again) {
      const unknown = doubtful && !channel.idempotent ? 'not known whether it was told: ' : '';
      this.handOver(name, all, `${unknown}${error.message}`);
      return;
    }
    const now = system.now();
    const attempts = Math.max(...all.map((delivery) => delivery.attempts));
    const until = Math.max(now + this.#backoff(attempts), closed ?? now);
    this.outages.failed(name, until, error.message);
    const first = Math.min(...all.map((delivery) => delivery.firstAttemptAt ?? now));
    const long = this.outages.isLong(name, first) || this.outages.of(name)?.kind === 'closed';
    // where it may have arrived it is recognised by its id, so it stays the same message
    this.#wait(name, all, { until, why: error.message, long, asOne: channel.idempotent });
    log.warn('alerts are delivered later', { channel: name, why: error.message, wait_ms: until - now });
  }

  /** Leaves a channel alone that takes nothing for now: the alerts wait, or another channel tells them. */
  leave(channel: string, group: readonly Delivery[], { until, why, kind }: Outage): void {
    if (kind === 'closed') this.handOver(channel, group, why);
    else this.#wait(channel, group, { until, why, long: kind === 'failing', asOne: true });
  }

  /** Lets alerts wait for their channel; where that has lasted too long, another one tells if it can. */
  #wait(channel: string, group: readonly Delivery[], { until, why, long, asOne }: Wait): void {
    const rest = group.filter((delivery) => {
      if (!long || this.#standIns.find(delivery, this.#deps.system.now()) === undefined) return true;
      this.handOver(channel, [delivery], why);
      return false;
    });
    this.#deps.deliveries.retry(
      rest.map(({ id }) => id),
      until,
      why,
      asOne,
    );
  }

  /** Doubles with each attempt; somewhere between half and all of it, so that many do not come at once. */
  #backoff(attempts: number): number {
    const whole = Math.min(FIRST_RETRY_MS * 2 ** attempts, LONGEST_WAIT_MS);
    return Math.round(whole * (0.5 + this.#deps.random() / 2));
  }
}

/** How alerts wait. */
interface Wait {
  readonly until: Instant;
  readonly why: string;
  /** People have waited long enough. */
  readonly long: boolean;
  /** What was begun as one message stays that message. */
  readonly asOne: boolean;
}

const NO_DETAILS: { closedUntil: Instant | null; doubtful: boolean } = { closedUntil: null, doubtful: false };
