import { LANGUAGES, MINUTE } from '@lefton/core';
import { z } from 'zod';
import { CHANNELS, SEVERITIES } from './channel.ts';
import type { ChannelName } from './channel.ts';
import { flagField, numberField } from './fields.ts';
import { parseQuietHours, parseTime } from './notify/daily.ts';
import { defaultRules } from './notify/rules.ts';
import type { ChannelRules } from './notify/rules.ts';

const text = z.string().min(1).nullable().default(null);
const url = (protocol: RegExp, expected: string) => z.url({ protocol, error: `expected ${expected}` });
const http = url(/^https?$/, 'an http(s) URL');
const secret = z.string().min(16, 'expected at least 16 characters').nullable().default(null);

const quietHours = z.string().transform((written, context) => {
  const hours = parseQuietHours(written);
  if (hours !== undefined) return hours;
  context.addIssue({ code: 'custom', message: 'expected two local times, such as 22:00-07:00' });
  return z.NEVER;
});
const time = z.string().transform((written, context) => {
  const minute = parseTime(written);
  if (minute !== undefined) return minute;
  context.addIssue({ code: 'custom', message: 'expected a local time, such as 08:00' });
  return z.NEVER;
});
const count = z.int().min(1).nullable();
const minutes = z.number().min(0).max(100_000);

/** What may be said of one channel; what is not said is as `defaultRules` has it. */
const ruleFields = z.strictObject({
  severity: z.enum(SEVERITIES).optional(),
  quiet_hours: quietHours.nullable().optional(),
  quiet_passes: z.enum(SEVERITIES).optional(),
  when_away: z.boolean().optional(),
  cooldown_min: minutes.optional(),
  most_per_hour: count.optional(),
  most_per_month: count.optional(),
  max_age_min: minutes.nullable().optional(),
  digest_at: time.nullable().optional(),
  fallback: z.enum(CHANNELS).nullable().optional(),
});
const rules = z.partialRecord(z.enum(CHANNELS), ruleFields);

/** An object, or the JSON text of one. */
const rulesField = z.union([
  rules,
  z
    .string()
    .transform((written, context): unknown => {
      try {
        return JSON.parse(written);
      } catch {
        context.addIssue({
          code: 'custom',
          message: 'expected JSON, such as {"speech":{"severity":"critical"}}',
        });
        return z.NEVER;
      }
    })
    .pipe(rules),
]);

/** The keys that say how people are told. */
export const notifyFields = {
  language: z.enum(LANGUAGES).default('en'),
  critical_w: numberField.pipe(z.number().positive()).default(3_000),
  channels: rulesField.default({}),
  home_assistant_url: http.nullable().default(null),
  home_assistant_token: text,
  home_assistant_player: text,
  home_assistant_tts: text,
  home_assistant_tts_language: text,
  home_assistant_proof: z.enum(['playing', 'accepted']).default('playing'),
  home_assistant_volume: numberField.pipe(z.number().min(0).max(1)).nullable().default(null),
  home_assistant_phone: text,
  home_assistant_dashboard: flagField,
  pushbullet_token: text,
  pushbullet_device: text,
  pushbullet_channel: text,
  pushbullet_url: http.default('https://api.pushbullet.com'),
  ntfy_url: http.default('https://ntfy.sh'),
  ntfy_topic: text,
  ntfy_token: text,
  webhook_url: http.nullable().default(null),
  webhook_secret: secret,
  mqtt_url: url(/^mqtts?$/, 'an mqtt(s) URL')
    .nullable()
    .default(null),
  mqtt_username: text,
  mqtt_password: text,
  mqtt_ca: text,
  mqtt_instance: text,
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
  for (const key of ['home_assistant_url', 'ntfy_url', 'pushbullet_url', 'mqtt_url'] as const)
    if (hasCredentials(settings[key])) yield [key, 'expected no user or password in it'];
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

const hasCredentials = (written: string | null): boolean => {
  const { username, password } = new URL(written ?? 'http://x');
  return username !== '' || password !== '';
};

/** How each channel is to be used. */
export function rulesOf({ channels }: NotifyFields): Readonly<Record<ChannelName, ChannelRules>> {
  const each = CHANNELS.map((name): [ChannelName, ChannelRules] => {
    const usual = defaultRules[name];
    const given = channels[name] ?? {};
    const { most_per_hour: hour, most_per_month: month, max_age_min: age, cooldown_min: cooldown } = given;
    return [
      name,
      {
        ...usual,
        severity: given.severity ?? usual.severity,
        quietHours: given.quiet_hours === undefined ? usual.quietHours : given.quiet_hours,
        quietPasses: given.quiet_passes ?? usual.quietPasses,
        whenAway: given.when_away ?? usual.whenAway,
        cooldownMs: cooldown === undefined ? usual.cooldownMs : Math.round(cooldown * MINUTE),
        mostPerHour: hour === undefined ? usual.mostPerHour : (hour ?? Infinity),
        mostPerMonth: month === undefined ? usual.mostPerMonth : (month ?? Infinity),
        maxAgeMs: age === undefined ? usual.maxAgeMs : age === null ? Infinity : age * MINUTE,
        digestAt: given.digest_at === undefined ? usual.digestAt : given.digest_at,
        fallback: given.fallback === undefined ? usual.fallback : given.fallback,
      },
    ];
  });
  return Object.fromEntries(each) as Record<ChannelName, ChannelRules>;
}
