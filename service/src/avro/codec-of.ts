import { LeftOnError } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import type { KafkaFields } from '../kafka-config.ts';
import type { Log } from '../log.ts';
import { ReadingCodec } from './reading-codec.ts';
import { RegistrySchemaIds } from './registry.ts';

const AGAIN_MS = 1_000;

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
export async function learnWriter(codec: ReadingCodec, log: Log, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await codec.learnWriter();
      return;
    } catch (error) {
      if (!(error instanceof LeftOnError) || error.faultClass !== 'transient') throw error;
      log.warn('no schema registry answers yet', { why: error.message });
      await setTimeout(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
