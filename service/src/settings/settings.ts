import type { Instant } from '@lefton/core';
import { z } from 'zod';
import { captureFields, captureProblems, hears, wayProblems } from './capture.ts';
import {
  addressesField,
  flagField,
  httpField,
  instantField,
  jsonField,
  listField,
  meterField,
  nameField,
  numberField,
  onOffField,
  zoneField,
} from './fields.ts';
import { fleetFields, fleetProblems } from './fleet.ts';
import { captureAlone } from './idle.ts';
import { kafkaFields, kafkaProblems } from './kafka.ts';
import { notifyFields, notifyProblems } from './notify.ts';
import { retentionFields } from './retention.ts';
import { SECRETS } from './rows.ts';
import { SettingsError } from './error.ts';
import { writtenSettings } from './places.ts';
import type { Environment, Given } from './places.ts';
import { problemsOf } from './problem.ts';

/** Programs send the token so; another one would never be right. */
const IN_A_HEADER = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** One key per setting; the same names are flags (--price-per-kwh) and variables (LEFTON_PRICE_PER_KWH). */
const schema = z.strictObject({
  db: z.string().min(1).default('lefton.db'),
  model: z.string({ error: 'expected a model file or a folder of them' }).min(1),
  zone: zoneField.nullable().default(null),
  meter: meterField.default('home'),
  host: z.string().min(1).default('127.0.0.1'),
  port: numberField.pipe(z.int().min(0).max(65_535)).default(7420),
  token: z
    .string()
    .min(16, 'expected at least 16 characters')
    .regex(IN_A_HEADER, 'expected what a header can carry: ASCII, without line breaks and blanks at its ends')
    .nullable()
    .default(null),
  allow_host: listField.default([]),
  ingress_from: addressesField.default([]),
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
  meter_names: jsonField(z.record(z.string(), nameField), '{"home":"Our house"}').default({}),
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

/** Whether readings are kept in this file from which a model can be fitted anew. */
export const keepsHistory = ({
  replay,
  kafka_brokers,
  keep_readings,
}: Pick<Together, 'replay' | 'kafka_brokers' | 'keep_readings'>): boolean =>
  replay === null && kafka_brokers === null && keep_readings !== false;

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
  if (settings.refit !== 'off' && !keepsHistory(settings))
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

/** What `lefton serve` would be asked for in vain. */
function notCapture(settings: Together, context: z.RefinementCtx): void {
  for (const [key, message] of Object.entries(captureAlone))
    if (settings[key as keyof typeof captureAlone] !== null)
      context.addIssue({ code: 'custom', path: [key], message });
}

/** From where readings come, and to where a capture brings them. */
function oneWay(settings: Together, context: z.RefinementCtx): void {
  for (const [key, message] of wayProblems(settings))
    context.addIssue({ code: 'custom', path: [key], message });
}

/** What `lefton serve` is set to. Without a model it only tells what others scored. */
export type Settings = z.infer<typeof unscored> & { readonly from: Instant | null };

/**
 * Reads the settings once: flags, over environment, over the JSON file that LEFTON_CONFIG or --config names.
 * @throws SettingsError with everything that is wrong
 */
export const readSettings = (flags: Given, env: Environment): Settings =>
  read<Settings>(scored, flags, env).settings;

/**
 * The same for `lefton serve`, with where each setting was written: the option, the variable, or the file and its key.
 * @throws SettingsError with everything that is wrong, and for what only a capture does
 */
export const readSourced = (flags: Given, env: Environment): Sourced<Settings> =>
  read<Settings>((merged) => scored(merged).superRefine(notCapture), flags, env);

/**
 * The settings of `lefton capture`, with where each was written.
 * @throws SettingsError
 */
export const readCapture = (flags: Given, env: Environment): Sourced<Settings> =>
  read<Settings>(() => unscored.superRefine(oneWay), flags, env);

/**
 * The settings from the same places for what scores nothing: a model need not be there.
 * @throws SettingsError
 */
export const readUnscored = (flags: Given, env: Environment): Settings => readAnybodys(flags, env).settings;

/** The same, with where each was written. @throws SettingsError */
export const readAnybodys = (flags: Given, env: Environment): Sourced<Settings> =>
  read<Settings>(() => unscored, flags, env);

const scored = ({ role, model_store }: Given): typeof unscored | typeof checked =>
  role === 'notify' || model_store !== undefined ? unscored : checked;

interface Sourced<T> {
  readonly settings: T;
  readonly sources: ReadonlyMap<string, string>;
}

function read<T>(wanted: (merged: Given) => z.ZodType<T>, flags: Given, env: Environment): Sourced<T> {
  const written = writtenSettings(flags, env, SECRETS);
  const merged = Object.fromEntries(written.map(({ key, value }): [string, unknown] => [key, value]));
  const result = wanted(merged).safeParse(merged);
  if (result.success) {
    const sources = written.map(({ key, name }): [string, string] => [key, name]);
    return { settings: result.data, sources: new Map(sources) };
  }
  const known = { keys: Object.keys(schema.shape), secrets: SECRETS };
  const origins = new Map(written.map((setting) => [setting.key, setting]));
  throw new SettingsError(result.error.issues.flatMap((issue) => problemsOf(issue, origins, known)));
}
