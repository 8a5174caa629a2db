import type { Words } from '@lefton/core';
import type { Channel } from './channel.ts';
import type { Settings } from './config.ts';
import type { Log } from './log.ts';
import { ConsoleChannel } from './notify/console.ts';

/** What channels stand on. */
export interface ChannelDeps {
  /** Text for people who look at the terminal. */
  readonly print: (text: string) => void;
  readonly words: Words;
  /** What people answer on a notification. */
  readonly answers: { readonly fine: (episode: string) => void; readonly mute: (ms: number) => void };
  readonly log: Log;
}

/** The channels that the settings ask for. Each adapter is loaded when asked for: who has none does not pay for it. */
export async function channelsOf(settings: Settings, deps: ChannelDeps): Promise<Channel[]> {
  if (settings.role === 'score') return [];
  const channels: Channel[] = [new ConsoleChannel(deps.print, settings.json)];
  return channels;
}
