import { LeftOnError } from '@lefton/core';
import type { Channel, ChannelName, Message } from '../channel.ts';
import type { MessageWords } from './compose.ts';

/** A channel that notes what it is given, and fails when it is told to. */
export class TestChannel implements Channel {
  readonly name: ChannelName;
  readonly idempotent: boolean;
  /** What arrived, each message by the types of its events. */
  readonly told: string[] = [];
  readonly messages: Message[] = [];
  attempts = 0;
  fault: Error | undefined;
  /** Holds deliveries up while it is not done. */
  gate: Promise<unknown> = Promise.resolve();

  constructor(name: ChannelName = 'phone', idempotent = false) {
    this.name = name;
    this.idempotent = idempotent;
  }

  async deliver(message: Message): Promise<string> {
    this.attempts++;
    await this.gate;
    if (this.fault !== undefined) throw this.fault;
    this.messages.push(message);
    this.told.push(message.records.map(({ type }) => type).join('+'));
    return 'receipt';
  }

  check(): Promise<string> {
    return Promise.resolve('is here');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** Words that show what they were made of. */
export const testWords: MessageWords = {
  title: (events) => events.map(({ type }) => type).join(', '),
  text: (events) => events.map(({ episode, type }) => `${episode} ${type}`).join(', '),
  speech: (events) => events.map(({ type }) => type).join(' and '),
  standIn: (channel) => `(instead of ${channel})`,
};

/** A fault that passes. */
export const transient = new LeftOnError({
  ...{ code: 'x', place: 'x', expected: 'a', found: 'b' },
  faultClass: 'transient',
});
