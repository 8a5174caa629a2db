import { LeftOnError } from '@lefton/core';
import type { Channel, ChannelName } from '../channel.ts';
import type { Log } from '../telemetry/log.ts';

/** Looks at the channels now and then: one that would not tell is to be known before it is needed. */
export class Inspection {
  readonly #channels: readonly Channel[];
  readonly #log: Log;
  readonly #troubles = new Map<ChannelName, string>();

  constructor(channels: readonly Channel[], log: Log) {
    this.#channels = channels;
    this.#log = log;
  }

  /** Looks at all at the same time, without telling anybody. */
  async look(): Promise<void> {
    await Promise.all(this.#channels.map((channel) => this.#lookAt(channel)));
  }

  /** Why a channel would not tell, when it was looked at last; undefined where all was well. */
  troubleOf(channel: ChannelName): string | undefined {
    return this.#troubles.get(channel);
  }

  async #lookAt(channel: Channel): Promise<void> {
    const { name } = channel;
    try {
      await channel.check();
      if (this.#troubles.delete(name)) this.#log.info('a channel would tell again', { channel: name });
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      this.#troubles.set(name, error.message);
      const fields = { channel: name, code: error.code, why: error.message };
      if (error.faultClass === 'transient') this.#log.warn('a channel would not tell now', fields);
      else this.#log.error('a channel would not tell', fields);
    }
  }
}
