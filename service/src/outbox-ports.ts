import { MINUTE } from '@lefton/core';
import type { AnomalyRecord, Instant } from '@lefton/core';
import type { Alert } from './ports.ts';

/** `dropped`: the policy says that it is not to be told here; `expired`: there was no telling it in time. */
export type DeliveryState = 'pending' | 'sent' | 'failed' | 'expired' | 'dropped';

/** An alert in the outbox. */
export interface Delivery extends Alert {
  readonly id: number;
  /** The channel that failed, where this one stands in for it. */
  readonly standsIn: string | null;
  readonly createdAt: Instant;
  /** It waited for a better moment, and is told together with what waited as well. */
  readonly held: boolean;
  readonly attempts: number;
  readonly firstAttemptAt: Instant | null;
  /** The message of an attempt that was begun and whose end is not known: the process stopped in the middle of it. */
  readonly interrupted: string | null;
}

/** Which deliveries are wanted. */
export interface DeliveryQuery {
  readonly meter?: string | undefined;
  /** About these episodes, or the silences that began when they did. */
  readonly episodes?: readonly string[] | undefined;
  readonly limit: number;
}

/** What an alert has become, for people. */
export interface DeliveryView extends Alert {
  readonly state: DeliveryState;
  readonly standsIn: string | null;
  readonly createdAt: Instant;
  readonly settledAt: Instant | null;
  readonly attempts: number;
  /** The receipt, or why not. */
  readonly note: string | null;
}

/** An alert that waits for a better moment. */
export interface Hold {
  readonly id: number;
  readonly dueAt: Instant;
  readonly why: string;
}

/** What the outbox knows of what was told before, for one alert. */
export interface DeliveryPast {
  /** The channel has a newer event of the same episode, or of the same silence. */
  readonly overtaken: boolean;
  /** The newest event of the same type and meter, of another episode. */
  readonly lastOnset: { readonly toldAt: Instant; readonly record: AnomalyRecord } | null;
  /** Oldest first. */
  readonly lastHour: readonly Instant[];
  readonly thisMonth: number;
}

/** From when on the past counts. */
export interface PastSince {
  readonly onset: Instant;
  readonly hour: Instant;
  readonly month: Instant;
}

/** A channel that takes nothing for now. */
export interface ClosedChannel {
  readonly channel: string;
  readonly until: Instant;
  readonly why: string;
}

/** No alert waits longer for its next try, but for a channel that is closed. */
export const LONGEST_WAIT_MS = 10 * MINUTE;

/** The outbox rows of the store. `ids` are those of one message. */
export interface Deliveries {
  /** Channels with something pending that is due, or that was put off before the clock was set back. */
  channelsDue(now: Instant): readonly string[];
  /** Pending and due, oldest first. */
  due(channel: string, now: Instant, limit: number): readonly Delivery[];
  /** @param now what was told later by the clock of then, before somebody set it right, does not count */
  past(delivery: Delivery, since: PastSince, now: Instant): DeliveryPast;
  /** They wait, to be looked at again; told with others that were held. */
  hold(holds: readonly Hold[]): void;
  /** Notes that an attempt of a message begins, before it does. */
  begin(ids: readonly number[], message: string, at: Instant): void;
  /**
   * An attempt failed for now.
   * @param asOne what was begun as one message stays that message
   */
  retry(ids: readonly number[], at: Instant, why: string, asOne: boolean): void;
  /** It is not told here. False where it has come to stand in for another channel meanwhile, and is looked at anew. */
  giveUp(delivery: Delivery, state: 'dropped' | 'expired', why: string, at: Instant): boolean;
  /**
   * No further attempt: the receipt of the channel, or why not.
   * @param toldAt when it was told, on the clock of the home; null where it was not
   */
  settle(
    ids: readonly number[],
    state: Exclude<DeliveryState, 'pending'>,
    note: string,
    at: Instant,
    toldAt?: Instant,
  ): void;
  /**
   * Lets another channel tell what this one could not.
   * @returns false where that channel has failed to tell it, too
   */
  standIn(delivery: Delivery, channel: string, now: Instant): boolean;
  /** null: open again. */
  close(channel: string, until: Instant | null, why: string): void;
  closed(): readonly ClosedChannel[];
  /** Newest first. */
  list(query: DeliveryQuery): readonly DeliveryView[];
  /** Number of rows by channel and state. */
  counts(): readonly { readonly channel: string; readonly state: DeliveryState; readonly count: number }[];
  /** When the oldest alert was made that is not told and not held, by channel; none for channels with nothing waiting. */
  oldestWaiting(): readonly { readonly channel: string; readonly since: Instant }[];
}
