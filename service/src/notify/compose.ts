import type { AnomalyEvent, Instant, Words, Zone } from '@lefton/core';
import { createHash } from 'node:crypto';
import type { Message, Severity } from '../channel.ts';
import { SEVERITIES } from '../channel.ts';
import { nameIn } from '../meters/meter-names.ts';
import type { MeterNames } from '../meters/meter-names.ts';
import type { Delivery } from '../outbox-ports.ts';

/** What is taken of the language of the home. */
export type MessageWords = Pick<Words, 'title' | 'text' | 'speech' | 'standIn'>;

/** The same, with the names that people gave their meters. */
export function withNames(words: MessageWords, names: MeterNames): MessageWords {
  const nameOf = (meter: string): string | undefined => nameIn(names, meter);
  return {
    title: (events) => words.title(events, nameOf),
    text: (events, zone, now) => words.text(events, zone, now, nameOf),
    speech: (events, zone, now) => words.speech(events, zone, now, nameOf),
    standIn: words.standIn,
  };
}

/** An alert with what is derived from its record. */
export interface Told {
  readonly delivery: Delivery;
  readonly event: AnomalyEvent;
  readonly severity: Severity;
  /** Told as of then, and not as of now. */
  readonly asOf?: Instant | undefined;
}

/**
 * One message of one alert or several, in order of time. The same alerts make the same id.
 * @param now when it is told, on the clock of the home
 */
export function compose(group: readonly Told[], words: MessageWords, zone: Zone, now: Instant): Message {
  const events = group.map(({ event }) => event);
  const [only, ...more] = group;
  const then = more.length === 0 ? (only?.asOf ?? now) : now;
  const failed = group.map(({ delivery }) => delivery.standsIn).find((channel) => channel !== null);
  const remark = failed === undefined ? '' : ` ${words.standIn(failed)}`;
  return {
    id: idOf(group.map(({ delivery }) => delivery)),
    severity: SEVERITIES.findLast((each) => group.some(({ severity }) => severity === each)) ?? 'info',
    title: words.title(events),
    text: `${words.text(events, zone, then)}${remark}`,
    speech: words.speech(events, zone, then),
    records: group.map(({ delivery }) => delivery.record),
    zone: zone.name,
  };
}

function idOf(deliveries: readonly Delivery[]): string {
  const keys = deliveries.map(({ episode, event, channel }) => JSON.stringify([episode, event, channel]));
  return createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 32);
}
