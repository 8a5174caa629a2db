import type { KafkaFields } from '../settings/kafka.ts';
import type { Log } from '../telemetry/log.ts';
import { SettingsError } from '../settings/error.ts';
import { untilDone } from '../runtime/until-done.ts';
import { ModelCodec } from './model-codec.ts';
import { ReadingCodec } from './reading-codec.ts';
import { RegistrySchemaIds } from './registry.ts';

/**
 * The codec that the settings ask for: with the ids of a registry where one is named, else with the embedded ones.
 * @throws LeftOnError `bad_registry_url`
 */
export function codecOf(settings: KafkaFields): ReadingCodec {
  const ids = registryIdsOf(settings, 'raw_power');
  return ids === undefined ? ReadingCodec.embedded() : new ReadingCodec(ids);
}

/**
 * The codec of models that are published, with the ids of the registry in the settings.
 * @throws SettingsError where none is named; LeftOnError `bad_registry_url`
 */
export function modelCodecOf(settings: KafkaFields): ModelCodec {
  const range = registryIdsOf(settings, 'power_model');
  const zone = registryIdsOf(settings, 'meter_zone');
  if (range === undefined || zone === undefined)
    throw new SettingsError([
      'schema_registry_url: expected LEFTON_SCHEMA_REGISTRY_URL or --schema-registry-url, where streaming SQL finds the schemas',
    ]);
  return new ModelCodec(range, zone);
}

/** Ids of the registry for the values of a topic; undefined where the settings name no registry. */
function registryIdsOf(settings: KafkaFields, topic: string): RegistrySchemaIds | undefined {
  const { schema_registry_url: url, schema_registry_username: user, schema_registry_password } = settings;
  if (url === null) return undefined;
  const auth = user === null ? null : `${user}:${schema_registry_password ?? ''}`;
  return new RegistrySchemaIds({ url, auth }, () => performance.now(), `${topic}-value`);
}

/**
 * Finds out the id that readings are written under, however long a registry is away.
 * @throws LeftOnError `registry_refused`
 */
export const learnWriter = (codec: ReadingCodec, log: Log, signal: AbortSignal): Promise<void> =>
  untilDone('no schema registry answers yet', () => codec.learnWriter(), log, signal);
