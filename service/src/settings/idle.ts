import type { Settings } from './settings.ts';
import type { Log } from '../telemetry/log.ts';

type Key = keyof Settings;
type Needs = Readonly<Partial<Record<Key, readonly Key[]>>>;

/** The commands that run for long, each with settings that do nothing for the other. */
export type Runs = 'serve' | 'capture';

/** What only `lefton capture` does, with what to do where `lefton serve` is given it. */
export const captureAlone = {
  metrics_port:
    'is for lefton capture: set it there alone; lefton serve answers Prometheus at its port, /metrics',
  service_url: 'is for lefton capture, which brings readings to another service: set it there alone',
} as const satisfies Partial<Record<Key, string>>;

/** What `lefton serve` does and `lefton capture` does not: it neither scores nor tells. */
export const serveAlone: readonly Key[] = [
  ...(['db', 'model', 'zone', 'port', 'ingress_from', 'windows', 'price_per_kwh', 'alert_at'] as const),
  ...([
    'meter_names',
    'retention_days',
    'keep_days',
    'keep_readings',
    'role',
    'refit',
    'refit_hour',
  ] as const),
  ...(['model_store', 'model_memory_mb', 'cohort'] as const),
  ...(['kafka_session_s', 'kafka_checkpoint_s', 'kafka_checkpoint_readings', 'publish_models'] as const),
  ...(['language', 'critical_w', 'channels'] as const),
  ...(['home_assistant_player', 'home_assistant_tts', 'home_assistant_tts_language'] as const),
  ...(['home_assistant_proof', 'home_assistant_volume', 'home_assistant_phone'] as const),
  'home_assistant_dashboard',
  ...(['pushbullet_token', 'pushbullet_device', 'pushbullet_channel', 'pushbullet_url'] as const),
  ...(['ntfy_url', 'ntfy_topic', 'ntfy_token', 'webhook_url', 'webhook_secret'] as const),
  ...(['mqtt_instance', 'mqtt_discovery_prefix', 'mqtt_prefix'] as const),
];

const METERS: readonly Key[] = ['sources', 'device', 'mqtt_topic', 'home_assistant_sensor', 'poll_url'];

/** What a setting does nothing without, where that is not refused: one of these. */
const needs: Needs = {
  speed: ['replay'],
  refit_hour: ['refit'],
  model_memory_mb: ['model_store'],
  traces_ratio: ['traces_url'],
  baud: ['device'],
  meter_options: ['device'],
  meter_clock: ['device'],
  hold_s: ['home_assistant_sensor'],
  poll_s: ['poll_url'],
  power_unit: ['mqtt_topic', 'poll_url'],
  spool: METERS,
  spool_most: METERS,
  spool_full: METERS,
  drain_per_s: METERS,
  inverted: ['device', 'mqtt_topic', 'home_assistant_sensor', 'poll_url'],
  kafka_prefix: ['kafka_brokers'],
  kafka_session_s: ['kafka_brokers'],
  kafka_checkpoint_s: ['kafka_brokers'],
  kafka_checkpoint_readings: ['kafka_brokers'],
  kafka_tls: ['kafka_brokers'],
  kafka_ca: ['kafka_brokers'],
  kafka_cert: ['kafka_brokers'],
  kafka_mechanism: ['kafka_username'],
  kafka_username: ['kafka_brokers'],
  schema_registry_url: ['kafka_brokers'],
  schema_registry_username: ['schema_registry_url'],
  schema_registry_password: ['schema_registry_url'],
  home_assistant_proof: ['home_assistant_player'],
  pushbullet_url: ['pushbullet_token'],
  ntfy_url: ['ntfy_topic'],
  mqtt_ca: ['mqtt_url'],
  mqtt_instance: ['mqtt_url'],
  mqtt_discovery_prefix: ['mqtt_url'],
  mqtt_prefix: ['mqtt_url'],
};

/** The same of a capture, which listens only where Prometheus is to ask it. */
const captureNeeds: Needs = {
  host: ['metrics_port'],
  allow_host: ['metrics_port'],
  token: ['metrics_port', 'service_url'],
  traces_url: ['kafka_brokers'],
};

/** Values that leave a setting off. */
const OFF: readonly string[] = ['null', 'false', '[]', '"off"'];

/**
 * What somebody has set and what does nothing here, each by its place and with what it would take.
 * @param places where each setting is written, of those that are
 * @param runs undefined for a command that looks at the settings of others
 */
export function idleSettings(settings: Settings, places: ReadonlyMap<string, string>, runs?: Runs): string[] {
  const isOn = (key: Key): boolean => !OFF.includes(JSON.stringify(settings[key] ?? null));
  const capturing = runs === 'capture';
  const idle: string[] = [];
  for (const key of Object.keys(settings) as Key[]) {
    const place = places.get(key);
    if (place === undefined) continue;
    const needed = (capturing ? captureNeeds[key] : undefined) ?? needs[key];
    if (capturing && serveAlone.includes(key)) idle.push(`${place}: is for lefton serve`);
    else if (needed !== undefined && !needed.some(isOn))
      idle.push(`${place}: does nothing without ${needed.join(' or ')}`);
  }
  return idle;
}

/** The same in the log, before anything is done: who shares a file among commands is not held up. */
export function tellIdle(
  settings: Settings,
  places: ReadonlyMap<string, string>,
  runs: Runs,
  log: Log,
): void {
  const idle = idleSettings(settings, places, runs);
  if (idle.length > 0) log.warn('settings that do nothing here', { settings: idle.join('; ') });
}
