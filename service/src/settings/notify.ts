import type { z } from 'zod';
import { CHANNELS } from '../channel.ts';
import type { ChannelName } from '../channel.ts';
import type { homeAssistantFields } from './groups/home-assistant.ts';
import type { mqttFields } from './groups/mqtt.ts';
import type { peopleFields, postFields, pushbulletFields } from './groups/people.ts';
import { rulesOf } from './rules.ts';

/** The keys that say how people are told. */
type NotifyFields = z.infer<
  z.ZodObject<
    typeof peopleFields &
      typeof homeAssistantFields &
      typeof pushbulletFields &
      typeof postFields &
      typeof mqttFields
  >
>;

/** The keys that set a channel up. */
export const channelKeys: Readonly<Record<ChannelName, readonly (keyof NotifyFields)[]>> = {
  phone: ['home_assistant_url', 'home_assistant_token', 'home_assistant_phone'],
  pushbullet: ['pushbullet_token'],
  ntfy: ['ntfy_topic'],
  webhook: ['webhook_url'],
  dashboard: ['home_assistant_url', 'home_assistant_token', 'home_assistant_dashboard'],
  speech: ['home_assistant_url', 'home_assistant_token', 'home_assistant_player', 'home_assistant_tts'],
  console: [],
};

/**
 * What is wrong with the keys together, as pairs of key and message.
 * @param heard a sensor of Home Assistant is heard as a meter
 */
export function* notifyProblems(
  settings: NotifyFields,
  heard: boolean,
): Generator<[keyof NotifyFields, string]> {
  const { home_assistant_url, home_assistant_token, pushbullet_device, pushbullet_channel } = settings;
  if ((home_assistant_url === null) !== (home_assistant_token === null))
    yield ['home_assistant_url', 'needs home_assistant_token, and the other way round'];
  for (const key of ['home_assistant_player', 'home_assistant_phone'] as const)
    if (settings[key] !== null && home_assistant_url === null) yield [key, 'needs home_assistant_url'];
  if (settings.home_assistant_dashboard && home_assistant_url === null)
    yield ['home_assistant_dashboard', 'needs home_assistant_url'];
  if ((settings.home_assistant_player === null) !== (settings.home_assistant_tts === null))
    yield ['home_assistant_player', 'needs home_assistant_tts, and the other way round'];
  const used = settings.home_assistant_phone !== null || settings.home_assistant_player !== null;
  if (home_assistant_url !== null && !heard && !used && !settings.home_assistant_dashboard)
    yield [
      'home_assistant_url',
      'needs home_assistant_phone, home_assistant_player or home_assistant_dashboard: else it tells nobody',
    ];
  if (pushbullet_device !== null && pushbullet_channel !== null)
    yield ['pushbullet_device', 'not together with pushbullet_channel'];
  for (const [key, needed] of [
    ['home_assistant_volume', 'home_assistant_player'],
    ['home_assistant_tts_language', 'home_assistant_player'],
    ['pushbullet_device', 'pushbullet_token'],
    ['pushbullet_channel', 'pushbullet_token'],
    ['ntfy_token', 'ntfy_topic'],
    ['webhook_secret', 'webhook_url'],
    ['mqtt_username', 'mqtt_url'],
    ['mqtt_password', 'mqtt_username'],
  ] as const)
    if (settings[key] !== null && settings[needed] === null) yield [key, `needs ${needed}`];
  yield* ruleProblems(settings);
}

/** Rules that would never do what they seem to say. */
function* ruleProblems(settings: NotifyFields): Generator<[keyof NotifyFields, string]> {
  const rules = rulesOf(settings);
  for (const name of CHANNELS) {
    const { fallback, digestAt, severity } = rules[name];
    if (fallback === name) yield ['channels', `${name}: the fallback is to be another channel`];
    else if (fallback !== null && !isSetUp(fallback, settings))
      yield [
        'channels',
        `${name}: its fallback ${fallback} is not set up; needs ${channelKeys[fallback].join(', ')}`,
      ];
    if (digestAt !== null && severity === 'info')
      yield [
        'channels',
        `${name}: a digest tells what is below severity, which is to be warning or critical`,
      ];
  }
}

const isSetUp = (name: ChannelName, settings: NotifyFields): boolean =>
  channelKeys[name].every((key) => settings[key] !== null && settings[key] !== false);
