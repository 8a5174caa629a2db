import type { KafkaFields } from '../kafka-config.ts';
import type { Log } from '../log.ts';
import { untilDone } from '../until-done.ts';
import { ReadingCodec } from './reading-codec.ts';
import { RegistrySchemaIds } from './registry.ts';

/**
 * The codec that the settings ask for: with the ids of a registry where one is named, else with the embedded ones.
 * @throws LeftOnError `bad_registry_url`
 */
export function codecOf(settings: KafkaFields): ReadingCodec {
  const { schema_registry_url: url, schema_registry_username: user, schema_registry_password } = settings;
  if (url === null) return ReadingCodec.embedded();
  const auth = user === null ? null : `${user}:${schema_registry_password ?? ''}`;
  return new ReadingCodec(new RegistrySchemaIds({ url, auth }, () => performance.now()));
}

/**
 * Finds out the id that readings are written under, however long a registry is away.
 * @throws LeftOnError `registry_refused`
 */
export const learnWriter = (codec: ReadingCodec, log: Log, signal: AbortSignal): Promise<void> =>
  untilDone('no schema registry answers yet', () => codec.learnWriter(), log, signal);
