import { HOUR, isAway, MINUTE, Zone } from '@lefton/core';
import type { AnomalyEvent, Instant, Policy } from '@lefton/core';
import type { Channel, Severity } from '../channel.ts';
import { eventOf } from '../records/event-format.ts';
import type { Delivery, Hold } from '../outbox-ports.ts';
import type { Store } from '../store-ports.ts';
import type { Told } from './compose.ts';
import { Courier } from './courier.ts';
import type { CourierDeps } from './courier.ts';
import { judge, severityOf } from './policy.ts';
import type { Judgement } from './policy.ts';

/** What waited is told in one message: all of it is looked at together. */
const BATCH = 500;
/** A held alert is looked at again at least so often: a mute may be lifted, settings and clocks may change. */
const LOOK_MS = MINUTE;

/** What the outbox works with. */
interface OutboxDeps extends CourierDeps {
  readonly home: Pick<Store, 'mutedUntil' | 'labelOf'>;
  readonly policy: Pick<Policy, 'away'>;
  /** Power above usual from which on an event is critical. */
  readonly criticalW: number;
}

/** Takes alerts from the outbox to their channels as the policy says, each at most once. */
export class Outbox {
  readonly #deps: OutboxDeps;
  readonly #courier: Courier;
  readonly #delivering = new Map<string, Promise<number>>();

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
    this.#courier = new Courier(deps);
  }

  /** Delivers on all channels at the same time; the number of alerts that came to an end or were attempted. */
  async deliverDue(): Promise<number> {
    const { deliveries, system } = this.#deps;
    const due = deliveries.channelsDue(system.now());
    const counts = await Promise.all(due.map((name) => this.deliverOn(name)));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  /** Delivers what is due on one channel, in order of time. A second call joins the first. */
  deliverOn(name: string): Promise<number> {
    const present = this.#delivering.get(name);
    if (present !== undefined) return present;
    const delivering = this.#deliver(name).finally(() => this.#delivering.delete(name));
    this.#delivering.set(name, delivering);
    return delivering;
  }

  async #deliver(name: string): Promise<number> {
    const { deliveries, channels, system } = this.#deps;
    const due = deliveries.due(name, system.now(), BATCH);
    const channel = channels.find((each) => each.name === name);
    if (channel === undefined) {
      this.#courier.handOver(name, due, 'the channel is no longer set up');
      return due.length;
    }
    const interrupted = due.filter((delivery) => delivery.interrupted !== null);
    for (const group of Object.values(Object.groupBy(interrupted, (each) => each.interrupted ?? '')))
      await this.#again(channel, group ?? []);
    const fresh = due.filter((delivery) => delivery.interrupted === null);
    return interrupted.length + (await this.#deliverFresh(channel, fresh));
  }

  async #deliverFresh(channel: Channel, due: readonly Delivery[]): Promise<number> {
    const together: Told[] = [];
    const holds: Hold[] = [];
    for (const delivery of due) {
      const told = this.#toldOf(delivery);
      const judgement = this.#judge(channel, told);
      if (judgement.act === 'hold') holds.push(this.#holdOf(delivery, judgement));
      else if (judgement.act !== 'tell') this.#settle(delivery, judgement);
      else if (delivery.held) together.push(told);
      else await this.#tell(channel, [{ ...told, asOf: judgement.asOf }]);
    }
    this.#deps.deliveries.hold(holds);
    await this.#tell(channel, together);
    return due.length - holds.length;
  }

  /** One that fails is enough to know of the others. */
  async #tell(channel: Channel, group: readonly Told[]): Promise<void> {
    const outage = this.#courier.outages.of(channel.name);
    if (outage === undefined) await this.#courier.take(channel, group);
    else {
      const deliveries = group.map(({ delivery }) => delivery);
      this.#courier.leave(channel.name, deliveries, outage);
    }
  }

  /** An attempt of this message began, and it is not known whether it arrived. */
  async #again(channel: Channel, group: readonly Delivery[]): Promise<void> {
    if (!channel.idempotent) {
      this.#courier.handOver(channel.name, group, 'stopped in the middle of the delivery; not repeated');
      return;
    }
    const told = group.map((delivery) => this.#toldOf(delivery));
    const judgements = told.map((each) => this.#judge(channel, each));
    if (judgements.some(({ act }) => act === 'tell')) {
      await this.#tell(channel, told);
      return;
    }
    for (const [index, delivery] of group.entries()) {
      const judgement = judgements[index];
      if (judgement?.act === 'hold') this.#deps.deliveries.hold([this.#holdOf(delivery, judgement)]);
      else if (judgement !== undefined && judgement.act !== 'tell') this.#settle(delivery, judgement);
    }
  }

  #judge(channel: Channel, { delivery, event, severity }: Told): Judgement {
    const { deliveries, rules, home, policy, clock } = this.#deps;
    const zone = Zone.named(delivery.zone);
    const now = clock.now();
    const { createdAt, standsIn } = delivery;
    const waiting = { event, severity, createdAt, standsIn: standsIn !== null };
    const { [channel.name]: own } = rules;
    // where any number may be told they need not be counted
    const month = own.mostPerMonth === Infinity ? now : monthOf(zone, now);
    const past = deliveries.past(delivery, { onset: now - own.cooldownMs, hour: now - HOUR, month }, now);
    const { lastOnset } = past;
    const silence = event.type === 'meter_silent' || event.type === 'meter_back';
    const seen = {
      overtaken: past.overtaken,
      lastHour: past.lastHour,
      thisMonth: past.thisMonth,
      lastOnset:
        lastOnset === null
          ? null
          : { toldAt: lastOnset.toldAt, severity: this.#severityOf(eventOf(lastOnset.record)) },
      mutedUntil: home.mutedUntil(),
      away: isAway(policy, now),
      // people answer about an episode; a silence may have the same id
      label: silence ? null : home.labelOf(delivery.episode),
    };
    return judge(waiting, own, seen, zone, now);
  }

  #holdOf({ id }: Delivery, { until, why }: { readonly until: Instant; readonly why: string }): Hold {
    const { clock, system } = this.#deps;
    const wait = Math.min(Math.max(until - clock.now(), 0), LOOK_MS);
    return { id, dueAt: system.now() + wait, why };
  }

  #settle(delivery: Delivery, judgement: Exclude<Judgement, { act: 'tell' | 'hold' }>): void {
    const { deliveries, system, log } = this.#deps;
    const { episode, event, channel, attempts } = delivery;
    const { why } = judgement;
    switch (judgement.act) {
      case 'drop':
        deliveries.giveUp(delivery, 'dropped', why, system.now());
        return;
      case 'expire':
        // what was tried and did not arrive in time is for another channel
        if (attempts > 0) {
          this.#courier.handOver(channel, [delivery], why);
          return;
        }
        if (deliveries.giveUp(delivery, 'expired', why, system.now()))
          log.warn('an alert was too late for its channel', { episode, alert: event, channel, why });
        return;
      case 'hand_over':
        this.#courier.handOver(channel, [delivery], why);
        return;
    }
  }

  #toldOf(delivery: Delivery): Told {
    const event = eventOf(delivery.record);
    return { delivery, event, severity: this.#severityOf(event) };
  }

  #severityOf(event: AnomalyEvent): Severity {
    return severityOf(event, this.#deps.criticalW, this.#deps.policy);
  }
}

/** The first instant of the calendar month. */
function monthOf(zone: Zone, now: Instant): Instant {
  const dayOfMonth = Number(zone.format(now).slice(8, 10));
  return zone.startOfDay(zone.dayNumber(now) - dayOfMonth + 1);
}
