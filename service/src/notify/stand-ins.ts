import { CHANNELS } from '../channel.ts';
import type { Channel, ChannelName } from '../channel.ts';
import type { Deliveries, Delivery } from '../outbox-ports.ts';
import type { Instant } from '@lefton/core';
import type { ChannelRules } from './rules.ts';

/** They keep a record; people need not look there. */
const FOR_THE_RECORD: readonly ChannelName[] = ['webhook', 'console'];

/** Finds who tells an alert that its own channel cannot tell: the one that the rules name, then any other. */
export class StandIns {
  readonly #channels: readonly Channel[];
  readonly #rules: Readonly<Record<ChannelName, ChannelRules>>;
  readonly #deliveries: Pick<Deliveries, 'standIn'>;

  constructor(
    channels: readonly Channel[],
    rules: Readonly<Record<ChannelName, ChannelRules>>,
    deliveries: Pick<Deliveries, 'standIn'>,
  ) {
    this.#channels = channels;
    this.#rules = rules;
    this.#deliveries = deliveries;
  }

  /** The channel that has taken it over; undefined where all have failed. */
  find(delivery: Delivery, now: Instant): ChannelName | undefined {
    const own = CHANNELS.find((name) => name === delivery.channel);
    const wanted = own === undefined ? null : this.#rules[own].fallback;
    const others = CHANNELS.filter((name) => name !== own && !FOR_THE_RECORD.includes(name));
    return [...(wanted === null ? [] : [wanted]), ...others].find(
      (name) =>
        this.#channels.some((channel) => channel.name === name) &&
        this.#deliveries.standIn(delivery, name, now),
    );
  }
}
