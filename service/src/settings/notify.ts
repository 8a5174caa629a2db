import { LANGUAGES } from '@lefton/core';
import { z } from 'zod';
import { CHANNELS } from '../channel.ts';
import type { ChannelName } from '../channel.ts';
import { flagField, httpField, httpLoginField, mqttField, numberField, textField } from './fields.ts';
import { rulesField, rulesOf } from './rules.ts';

const secret = z.string().min(16, 'expected at least 16 characters').nullable().default(null);

/** The keys that say how people are told. */
export const notifyFields = {
  language: z.enum(LANGUAGES).default('en'),
  critical_w: numberField.pipe(z.number().positive()).default(3_000),
  channels: rulesField.default({}),
  home_assistant_url: httpField.nullable().default(null),
  home_assistant_token: textField,
  home_assistant_player: textField,
  home_assistant_tts: textField,
  home_assistant_tts_language: textField,
  home_assistant_proof: z.enum(['playing', 'accepted']).default('playing'),
  home_assistant_volume: numberField.pipe(z.number().min(0).max(1)).nullable().default(null),
  home_assistant_phone: textField,
  home_assistant_dashboard: flagField,
  pushbullet_token: textField,
  pushbullet_device: textField,
  pushbullet_channel: textField,
  pushbullet_url: httpField.default('https://api.pushbullet.com'),
  ntfy_url: httpField.default('https://ntfy.sh'),
  ntfy_topic: textField,
  ntfy_token: textField,
  webhook_url: httpLoginField.nullable().default(null),
  webhook_secret: secret,
  mqtt_url: mqttField.nullable().default(null),
  mqtt_username: textField,
  mqtt_password: textField,
  mqtt_ca: textField,
  mqtt_instance: textField,
  mqtt_discovery_prefix: z.string().min(1).default('homeassistant'),
  mqtt_prefix: z
    .string()
    .regex(/^[\w/-]{1,100}$/, 'expected letters, digits, dash, slash')
    .default('lefton'),
};

/** Their values. */
export type NotifyFields = z.infer<z.ZodObject<typeof notifyFields>>;

/** Keys that are not told and not given on a command line; the addresses of ntfy and webhooks let anybody write there. */
export const notifySecrets: readonly (keyof NotifyFields)[] = [
  'home_assistant_token',
  'pushbullet_token',
  'ntfy_topic',
  'ntfy_token',
  'webhook_url',
  'webhook_secret',
  'mqtt_password',
];

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
