import { HOUR, LeftOnError } from '@lefton/core';
import type { Words } from '@lefton/core';
import type { Channel } from './channel.ts';
import type { Settings } from './settings/settings.ts';
import type { Log } from './telemetry/log.ts';
import { ConsoleChannel } from './notify/console.ts';
import type { AnswerHandlers } from './notify/home-assistant/answers.ts';
import type { Clock } from './ports.ts';
import { SettingsError } from './settings/error.ts';

/** How long the answer of a phone mutes, as its words say. */
const MUTE_MS = 2 * HOUR;

/** What channels stand on. */
interface ChannelDeps {
  /** Text for people who look at the terminal. */
  readonly print: (text: string) => void;
  readonly words: Words;
  readonly system: Clock;
  readonly log: Log;
}

/** The ways to people. */
export interface Channels {
  readonly all: readonly Channel[];
  /** Hears what people answer, from now on. */
  listen(handlers: AnswerHandlers): void;
  close(): Promise<void>;
}

/** A channel that is asked for, with settings that it cannot use. */
interface Unusable {
  readonly name: string;
  readonly why: string;
}

/** The channels that can be used, and those that cannot. */
interface FoundChannels extends Channels {
  readonly unusable: readonly Unusable[];
}

/**
 * The channels that the settings ask for.
 * @throws SettingsError for settings that a channel cannot use
 */
export async function channelsOf(settings: Settings, deps: ChannelDeps): Promise<Channels> {
  const found = await foundChannels(settings, deps);
  if (found.unusable.length === 0) return found;
  await found.close();
  throw new SettingsError(found.unusable.map(({ why }) => why));
}

/** The same, with what is wrong beside them. Each adapter is loaded when asked for: who has none does not pay for it. */
export async function foundChannels(settings: Settings, deps: ChannelDeps): Promise<FoundChannels> {
  const unusable: Unusable[] = [];
  const usable: Usable = async (name, make) => {
    try {
      return [await make()];
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      unusable.push({ name, why: error.message });
      return [];
    }
  };
  const all: Channel[] = [
    new ConsoleChannel(deps.print, settings.json),
    ...(await pushesOf(settings, deps, usable)),
  ];
  const [home = nothing] = await usable('home_assistant', () => homeAssistantOf(settings, deps, usable));
  all.push(...home.all);
  return {
    ...{ all, unusable },
    listen: (handlers) => {
      home.listen(handlers);
    },
    close: async () => {
      await Promise.allSettled([home.close(), ...all.map((channel) => channel.close())]);
    },
  };
}

/** What was made of the settings; nothing where they cannot be used. */
type Usable = <T>(name: string, make: () => T | Promise<T>) => Promise<T[]>;

const nothing: Channels = { all: [], listen: () => undefined, close: () => Promise.resolve() };

async function pushesOf(settings: Settings, { system }: ChannelDeps, usable: Usable): Promise<Channel[]> {
  const channels: Channel[] = [];
  const { pushbullet_token, ntfy_topic, webhook_url } = settings;
  if (pushbullet_token !== null) {
    const { PushbulletChannel } = await import('./notify/pushbullet.ts');
    const { pushbullet_device: device, pushbullet_channel: channel, pushbullet_url: url } = settings;
    const target = { token: pushbullet_token, device, channel, url };
    channels.push(...(await usable('pushbullet', () => new PushbulletChannel(target, system))));
  }
  if (ntfy_topic !== null) {
    const { NtfyChannel } = await import('./notify/ntfy.ts');
    const { ntfy_url: url, ntfy_token: token } = settings;
    const target = { url, topic: ntfy_topic, token };
    channels.push(...(await usable('ntfy', () => new NtfyChannel(target, system))));
  }
  if (webhook_url !== null) {
    const { WebhookChannel } = await import('./notify/webhook.ts');
    const target = { url: webhook_url, secret: settings.webhook_secret };
    channels.push(...(await usable('webhook', () => new WebhookChannel(target, system))));
  }
  return channels;
}

async function homeAssistantOf(
  settings: Settings,
  { words, log }: ChannelDeps,
  usable: Usable,
): Promise<Channels> {
  const { home_assistant_url: url, home_assistant_token: token } = settings;
  if (url === null || token === null) return nothing;
  const all: Channel[] = [];
  const { HomeAssistantConnection } = await import('./notify/home-assistant/connection.ts');
  const { PhoneAnswers } = await import('./notify/home-assistant/answers.ts');
  const connection = new HomeAssistantConnection({ url, token }, log);
  const { home_assistant_phone: target, home_assistant_player: player, home_assistant_tts: tts } = settings;
  if (target !== null) {
    const { PhoneChannel } = await import('./notify/home-assistant/phone.ts');
    const { fine: fineTitle, mute: muteTitle } = words.answers;
    const phone = { target, fineTitle, muteTitle, muteMs: MUTE_MS };
    all.push(...(await usable('phone', () => new PhoneChannel(connection, phone))));
  }
  if (settings.home_assistant_dashboard) {
    const { DashboardChannel } = await import('./notify/home-assistant/dashboard.ts');
    all.push(new DashboardChannel(connection));
  }
  if (player !== null && tts !== null) {
    const { SpeechChannel } = await import('./notify/home-assistant/speech.ts');
    const { home_assistant_volume: volume, home_assistant_proof: proof } = settings;
    // a speech maker has a language of its own, which is that of the home; ours is said where it was chosen
    const language =
      settings.home_assistant_tts_language ?? (settings.language === 'en' ? null : settings.language);
    const speech = { player, tts, volume, language, proof };
    all.push(...(await usable('speech', () => new SpeechChannel(connection, speech, log))));
  }
  let answers: InstanceType<typeof PhoneAnswers> | undefined;
  return {
    all,
    listen: (handlers) => {
      if (target === null) return;
      answers = new PhoneAnswers(connection, handlers, log);
      answers.start();
    },
    // the connection ends when the last of them has let go of it: a speaker may still be putting its volume back
    close: async () => {
      await answers?.close();
    },
  };
}
