import type { Instant } from '@lefton/core';
import { z } from 'zod';
import { instantsOf, secretsOf } from './about.ts';
import type { Fields } from './about.ts';
import { captureProblems, hears } from './capture.ts';
import { fleetProblems } from './fleet.ts';
import { accessFields } from './groups/access.ts';
import { fleetFields } from './groups/fleet.ts';
import { homeFields } from './groups/home.ts';
import { homeAssistantFields } from './groups/home-assistant.ts';
import { inputFields } from './groups/inputs.ts';
import { kafkaFields } from './groups/kafka.ts';
import { keptFields } from './groups/kept.ts';
import { meterFields, spoolFields } from './groups/meters.ts';
import { mqttFields } from './groups/mqtt.ts';
import { peopleFields, postFields, pushbulletFields } from './groups/people.ts';
import { traceFields } from './groups/traces.ts';
import { kafkaProblems } from './kafka.ts';
import { notifyProblems } from './notify.ts';

/** One key per setting; the same names are flags (--price-per-kwh) and variables (LEFTON_PRICE_PER_KWH). */
const schema = z.strictObject({
  ...homeFields,
  ...inputFields,
  ...meterFields,
  ...spoolFields,
  ...accessFields,
  ...keptFields,
  ...peopleFields,
  ...homeAssistantFields,
  ...pushbulletFields,
  ...postFields,
  ...mqttFields,
  ...kafkaFields,
  ...fleetFields,
  ...traceFields,
});

/** All settings by what they are about, as people look for them. */
export const settingGroups: readonly (readonly [title: string, fields: Fields])[] = [
  ['The home, and what is unusual there', homeFields],
  ['Readings of files, and what is printed', inputFields],
  ['Meters that are heard', meterFields],
  ['Their readings on the way', spoolFields],
  ['HTTP and the page', accessFields],
  ['What is kept', keptFields],
  ['What people are told', peopleFields],
  ['Home Assistant', homeAssistantFields],
  ['Pushbullet', pushbulletFields],
  ['ntfy and webhook', postFields],
  ['MQTT, and entities of Home Assistant', mqttFields],
  ['Kafka', kafkaFields],
  ['A fleet of models', fleetFields],
  ['Traces', traceFields],
];

/** Each setting by its key. */
export const settingFields: Fields = schema.shape;

/** Settings that must not stand on a command line, where every user of the machine can read them. */
export const SECRETS: readonly string[] = secretsOf(settingFields);

/** Settings that people read as instants. */
export const INSTANTS: readonly string[] = instantsOf(settingFields);

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

/** What scores needs a model. */
export const modelled = schema.superRefine(together);

/** What scores nothing, or has its models in a store, does without. */
export const unmodelled = schema
  .extend({ model: schema.shape.model.optional() })
  .superRefine(together)
  .superRefine(({ role, model, model_store, zone }, context) => {
    const message = 'is needed where there is no model: for times, and for quiet hours';
    if (role === 'notify' && model === undefined && model_store === null && zone === null)
      context.addIssue({ code: 'custom', path: ['zone'], message });
  });

/** What LeftOn is set to. Without a model it only tells what others scored. */
export type Settings = z.infer<typeof unmodelled> & { readonly from: Instant | null };
