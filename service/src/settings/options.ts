import type { Settings } from './settings.ts';

type Keys = readonly (keyof Settings)[];

/** The settings of meters that a command hears. */
export const METERS: Keys = [
  ...(['device', 'protocol', 'baud', 'meter_options', 'impulses_per_kwh', 'meter_clock'] as const),
  ...(['mqtt_topic', 'home_assistant_sensor', 'poll_url', 'json_path', 'power_unit', 'inverted'] as const),
];

/** The options of `lefton serve`; what else may be set is a variable or a key of the --config file. */
export const SERVE_OPTIONS: Keys = [
  ...METERS,
  ...(['db', 'model', 'model_store', 'model_memory_mb', 'cohort', 'zone', 'meter'] as const),
  ...(['tail', 'stdin', 'replay', 'speed', 'from', 'once'] as const),
  ...(['host', 'port', 'allow_host', 'ingress_from', 'windows'] as const),
  ...(['kafka_brokers', 'kafka_prefix', 'role'] as const),
  ...(['language', 'critical_w', 'alert_at', 'price_per_kwh', 'main_fuse_w'] as const),
  ...(['retention_days', 'keep_days', 'refit', 'refit_hour', 'json'] as const),
];

/** The same of `lefton capture`. */
export const CAPTURE_OPTIONS: Keys = [
  ...METERS,
  ...(['meter', 'kafka_brokers', 'kafka_prefix', 'service_url', 'spool'] as const),
  ...(['tail', 'stdin', 'replay', 'speed', 'from', 'once', 'metrics_port', 'host', 'json'] as const),
];

/** Settings that a person is told of as options where they are lacking; the others are told of as variables. */
export const OPTIONS: readonly string[] = [...SERVE_OPTIONS, ...CAPTURE_OPTIONS];
