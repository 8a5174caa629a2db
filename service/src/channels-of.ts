import { HOUR } from '@lefton/core';
import type { Words } from '@lefton/core';
import type { Channel } from './channel.ts';
import type { Settings } from './config.ts';
import type { Log } from './log.ts';
import { ConsoleChannel } from './notify/console.ts';
import type { AnswerHandlers } from './notify/home-assistant/answers.ts';
import type { Clock } from './ports.ts';

/** How long the answer of a phone mutes, as its words say. */
const MUTE_MS = 2 * HOUR;

/** What channels stand on. */
export interface ChannelDeps {
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

/**
 * The channels that the settings ask for. Each adapter is loaded when asked for: who has none does not pay for it.
 * @throws LeftOnError for a setting that a channel cannot use
 */
export async function channelsOf(settings: Settings, deps: ChannelDeps): Promise<Channels> {
  const all: Channel[] = [new ConsoleChannel(deps.print, settings.json), ...(await pushesOf(settings, deps))];
  const home = await homeAssistantOf(settings, deps);
  all.push(...home.all);
  return {
    all,
    listen: (handlers) => {
      home.listen(handlers);
    },
    close: async () => {
      await Promise.allSettled([home.close(), ...all.map((channel) => channel.close())]);
    },
  };
}

async function pushesOf(settings: Settings, { system }: ChannelDeps): Promise<Channel[]> {
  const channels: Channel[] = [];
  const { pushbullet_token, ntfy_topic, webhook_url } = settings;
  if (pushbullet_token !== null) {
    const { PushbulletChannel } = await import('./notify/pushbullet.ts');
    const { pushbullet_device: device, pushbullet_channel: channel, pushbullet_url: url } = settings;
    channels.push(new PushbulletChannel({ token: pushbullet_token, device, channel, url }, system));
  }
  if (ntfy_topic !== null) {
    const { NtfyChannel } = await import('./notify/ntfy.ts');
    const { ntfy_url: url, ntfy_token: token } = settings;
    channels.push(new NtfyChannel({ url, topic: ntfy_topic, token }, system));
  }
  if (webhook_url !== null) {
    const { WebhookChannel } = await import('./notify/webhook.ts');
    channels.push(new WebhookChannel({ url: webhook_url, secret: settings.webhook_secret }, system));
  }
  return channels;
}

async function homeAssistantOf(settings: Settings, { words, log }: ChannelDeps): Promise<Channels> {
  const { home_assistant_url: url, home_assistant_token: token } = settings;
  const all: Channel[] = [];
  if (url === null || token === null) return { all, listen: () => undefined, close: () => Promise.resolve() };
  const { HomeAssistantConnection } = await import('./notify/home-assistant/connection.ts');
  const { PhoneAnswers } = await import('./notify/home-assistant/answers.ts');
  const connection = new HomeAssistantConnection({ url, token }, log);
  const { home_assistant_phone: target, home_assistant_player: player, home_assistant_tts: tts } = settings;
  if (target !== null) {
    const { PhoneChannel } = await import('./notify/home-assistant/phone.ts');
    const { fine: fineTitle, mute: muteTitle } = words.answers;
    all.push(new PhoneChannel(connection, { target, fineTitle, muteTitle, muteMs: MUTE_MS }));
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
    all.push(new SpeechChannel(connection, { player, tts, volume, language, proof }, log));
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
