import type { Instant } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { captureFields, captureProblems, hears } from './capture-config.ts';
import {
  flagField,
  httpField,
  instantField,
  jsonField,
  listField,
  meterField,
  numberField,
  onOffField,
} from './fields.ts';
import { fleetFields, fleetProblems } from './fleet-config.ts';
import { kafkaFields, kafkaProblems } from './kafka-config.ts';
import { notifyFields, notifyProblems, notifySecrets } from './notify-config.ts';
import { retentionFields } from './retention-config.ts';
import type { SettingRow } from './setting-rows.ts';
import { SettingsError } from './settings-error.ts';
import { option, PREFIX, problemsOf, quoted, snake, variable } from './settings-problem.ts';
import type { Written } from './settings-problem.ts';

/** One key per setting; the same names are flags (--price-per-kwh) and variables (LEFTON_PRICE_PER_KWH). */
const schema = z.strictObject({
  db: z.string().min(1).default('lefton.db'),
  model: z.string({ error: 'expected a model file or a folder of them' }).min(1),
  zone: z.string().min(1).nullable().default(null),
  meter: meterField.default('home'),
  host: z.string().min(1).default('127.0.0.1'),
  port: numberField.pipe(z.int().min(0).max(65_535)).default(7420),
  token: z.string().min(16, 'expected at least 16 characters').nullable().default(null),
  allow_host: listField.default([]),
  ingress_from: listField.default([]),
  tail: z.string().min(1).nullable().default(null),
  stdin: flagField,
  replay: z.string().min(1).nullable().default(null),
  speed: z
    .union([z.literal('max').transform(() => Infinity), numberField.pipe(z.number().positive())])
    .default(1),
  from: instantField.nullable().default(null),
  once: flagField,
  windows: z.string().min(1).nullable().default(null),
  price_per_kwh: numberField.pipe(z.number().min(0)).nullable().default(null),
  alert_at: numberField.pipe(z.number().min(0.5).max(5)).default(1),
  main_fuse_w: numberField.pipe(z.number().positive()).nullable().default(null),
  meter_names: jsonField(z.record(z.string(), z.string().min(1).max(64)), '{"home":"Our house"}').default({}),
  ...retentionFields,
  json: flagField,
  keep_readings: onOffField.nullable().default(null),
  role: z.enum(['all', 'score', 'notify']).default('all'),
  ...captureFields,
  refit: z.enum(['off', 'weekly']).default('off'),
  refit_hour: numberField.pipe(z.int().min(0).max(23)).default(4),
  ...fleetFields,
  traces_url: httpField.nullable().default(null),
  traces_ratio: numberField.pipe(z.number().min(0).max(1)).default(1),
  ...kafkaFields,
  ...notifyFields,
});

type Together = Omit<z.infer<typeof schema>, 'model'> & { readonly model?: string | undefined };

/** What must hold of several keys together. */
function together(settings: Together, context: z.RefinementCtx): void {
  const wrong = (key: keyof Together, message: string): void => {
    context.addIssue({ code: 'custom', path: [key], message });
  };
  const { replay, tail, stdin, from, once } = settings;
  if (replay !== null && (tail !== null || stdin))
    wrong('replay', 'has its own clock: not together with tail or stdin');
  if (replay === null && from !== null) wrong('from', 'is for a replay');
  for (const [key, message] of captureProblems(settings)) wrong(key, message);
  for (const [key, message] of fleetProblems(settings)) wrong(key, message);
  for (const [key, message] of kafkaProblems(settings)) wrong(key, message);
  for (const [key, message] of notifyProblems(settings, hears(settings, 'home_assistant')))
    wrong(key, message);
  if (settings.role !== 'all' && settings.kafka_brokers === null)
    wrong('role', 'is for several processes on Kafka: needs kafka_brokers');
  if (
    settings.refit !== 'off' &&
    (replay !== null || settings.kafka_brokers !== null || settings.keep_readings === false)
  )
    wrong(
      'refit',
      'learns from the readings in this file: not with replay, kafka_brokers or keep_readings off',
    );
  if (settings.role === 'notify' && (replay !== null || tail !== null || stdin))
    wrong('role', 'notify reads no meter: not together with replay, tail or stdin');
  if (once && replay === null && tail === null && !stdin) wrong('once', 'is for a replay, tail or stdin');
}

const checked = schema.superRefine(together);
const unscored = schema
  .extend({ model: schema.shape.model.optional() })
  .superRefine(together)
  .superRefine(({ role, model, model_store, zone }, context) => {
    const message = 'is needed where there is no model: for times, and for quiet hours';
    if (role === 'notify' && model === undefined && model_store === null && zone === null)
      context.addIssue({ code: 'custom', path: ['zone'], message });
  });

/** What `lefton serve` is set to. Without a model it only tells what others scored. */
export type Settings = z.infer<typeof unscored> & { readonly from: Instant | null };

/** Settings that must not stand on a command line, where every user of the machine can read them. */
const SECRETS: readonly string[] = ['token', 'kafka_password', 'schema_registry_password', ...notifySecrets];
/** `token_file` names a file that holds the token, and so on. */
const IN_FILE = '_file';
const CONFIG = variable('config');

/**
 * Reads the settings once: flags, over environment, over the JSON file that LEFTON_CONFIG or --config names.
 * @param flags as commander gives them, in camelCase
 * @throws SettingsError with everything that is wrong
 */
export const readSettings = (flags: Given, env: Environment): Settings => readSourced(flags, env).settings;

/**
 * The same, with where each setting was written: the option, the variable, or the file and its key.
 * @throws SettingsError with everything that is wrong
 */
export const readSourced = (flags: Given, env: Environment): Sourced<Settings> =>
  read<Settings>(
    ({ role, model_store }) => (role === 'notify' || model_store !== undefined ? unscored : checked),
    flags,
    env,
  );

/**
 * The settings from the same places for what scores nothing: a model need not be there.
 * @throws SettingsError
 */
export const readUnscored = (flags: Given, env: Environment): Settings =>
  read<Settings>(() => unscored, flags, env).settings;

type Given = Readonly<Record<string, unknown>>;
type Environment = Readonly<Record<string, string | undefined>>;

interface Sourced<T> {
  readonly settings: T;
  readonly sources: ReadonlyMap<string, string>;
}

function read<T>(wanted: (merged: Given) => z.ZodType<T>, flags: Given, env: Environment): Sourced<T> {
  const { config, ...given } = flags;
  const file: unknown = config ?? env[CONFIG];
  const written: Written[] = [
    ...Object.entries(typeof file === 'string' ? readFile(file) : {}).map(([key, value]) => {
      return { key, value, name: `${String(file)}: ${quoted(key)}`, nameOf: quoted };
    }),
    ...Object.entries(env)
      .filter(([name]) => name.startsWith(PREFIX) && name !== CONFIG)
      .map(([name, value]) => {
        return { key: name.slice(PREFIX.length).toLowerCase(), value, name, nameOf: variable };
      }),
    ...Object.entries(given).map(([name, value]) => {
      return { key: snake(name), value, name: option(snake(name)), nameOf: option };
    }),
  ];
  const read = written.map(fromItsFile);
  const merged = Object.fromEntries(read.map(({ key, value }): [string, unknown] => [key, value]));
  const result = wanted(merged).safeParse(merged);
  if (result.success) {
    const sources = read.map(({ key, name }): [string, string] => [key, name]);
    return { settings: result.data, sources: new Map(sources) };
  }
  const known = { keys: Object.keys(schema.shape), secrets: SECRETS };
  const origins = new Map(written.map((setting) => [setting.key, setting]));
  throw new SettingsError(result.error.issues.flatMap((issue) => problemsOf(issue, origins, known)));
}

/** A secret that stands in a file of its own, as secrets of containers do. */
function fromItsFile(written: Written): Written {
  const { key, value, name } = written;
  const secret = SECRETS.find((each) => key === each + IN_FILE);
  if (secret === undefined || typeof value !== 'string') return written;
  try {
    return { ...written, key: secret, value: readFileSync(value, 'utf8').trim() };
  } catch (error) {
    throw new SettingsError([`${name}: ${error instanceof Error ? error.message : 'cannot be read'}`]);
  }
}

/** What is set and where, without secrets, for people to look at. */
export const settingRows = (settings: Settings, sources: ReadonlyMap<string, string>): SettingRow[] =>
  Object.entries(tellable(settings)).map(([key, value]) => ({
    key,
    value,
    source: sources.get(key) ?? null,
  }));

/** What is set, without secrets, for the log. */
export function tellable(settings: Settings): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, SECRETS.includes(key) ? 'set' : tell(value)]),
  );
}

const tell = (value: unknown): string =>
  value === Infinity ? 'max' : typeof value === 'string' ? value : JSON.stringify(value);

function readFile(file: string): Record<string, unknown> {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why =
      error instanceof z.ZodError ? 'expected a JSON object' : error instanceof Error ? error.message : '';
    throw new SettingsError([`${file}: ${why}`]);
  }
}
