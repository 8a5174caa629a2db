import { LeftOnError } from '@lefton/core';
import type { AnomalyRecord, Fault, Instant } from '@lefton/core';

/** How much it matters, from the least on: `info` all is well again, `warning` unusual, `critical` worth waking for. */
export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The ways to a person, in the order in which one stands in for another. */
export const CHANNELS = ['phone', 'pushbullet', 'ntfy', 'webhook', 'dashboard', 'speech', 'console'] as const;
export type ChannelName = (typeof CHANNELS)[number];

/** What a channel is to say, in the language of the home. */
export interface Message {
  /** The same at each attempt, and no other message's: 32 hex digits. */
  readonly id: string;
  readonly severity: Severity;
  /** A few words. */
  readonly title: string;
  /** To be read. Names no person and no place. */
  readonly text: string;
  /** To be spoken: numbers and units as words. */
  readonly speech: string;
  /** What it is about: one event, or several that are told together. */
  readonly records: readonly AnomalyRecord[];
  /** IANA zone of the home. */
  readonly zone: string;
}

/** A way to a person. */
export interface Channel {
  readonly name: ChannelName;
  /** The receiver recognises a repeated id, so an attempt with an unknown end may be repeated. */
  readonly idempotent: boolean;
  /**
   * Delivers once and returns a receipt: in a few words, how it is known that it arrived.
   * @param report hears each step, for people who look on
   * @throws DeliveryError
   */
  deliver(message: Message, report: (step: string) => void): Promise<string>;
  /**
   * Proves the settings against the live receiver without telling anybody; resolves with what was found, in a sentence.
   * @throws LeftOnError with what is to be mended
   */
  check(): Promise<string>;
  /** Lets go of connections. */
  close(): Promise<void>;
}

/** Why a delivery did not succeed. `transient`: worth another attempt; any other class: never, for this message. */
export class DeliveryError extends LeftOnError {
  /** It may have arrived all the same. */
  readonly doubtful: boolean;
  /** Nothing else is to be tried on this channel before; null: at any time. */
  readonly closedUntil: Instant | null;

  constructor(fault: Fault & { doubtful?: boolean; closedUntil?: Instant | null }) {
    super(fault);
    this.doubtful = fault.doubtful ?? false;
    this.closedUntil = fault.closedUntil ?? null;
  }
}
