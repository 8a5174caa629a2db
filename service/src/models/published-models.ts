import { LeftOnError } from '@lefton/core';
import { modelCodecOf } from '../avro/codec-of.ts';
import type { Settings } from '../settings/settings.ts';
import { neededKafkaSettings } from '../settings/kafka.ts';
import type { Log } from '../telemetry/log.ts';
import { lookAt } from '../telemetry/look.ts';
import { ModelPublisher } from './model-publisher.ts';
import type { LoadedModel, ModelsInUse } from './models.ts';
import type { ModelTopics } from '../ports.ts';

/** Publishes the models in use, and again those that were taken up since. */
export class PublishedModels {
  readonly #models: ModelsInUse;
  readonly #topics: ModelTopics;
  readonly #publisher: ModelPublisher;
  readonly #meter: string;
  readonly #log: Log;
  #version: number | undefined;

  /** @param meter for whom a model for any meter is published */
  constructor(models: ModelsInUse, topics: ModelTopics, publisher: ModelPublisher, meter: string, log: Log) {
    this.#models = models;
    this.#topics = topics;
    this.#publisher = publisher;
    this.#meter = meter;
    this.#log = log;
  }

  /** @throws LeftOnError where the broker or the registry does not take them; called again, it tries again */
  async tick(): Promise<void> {
    const { version, loaded } = this.#models;
    if (version === this.#version) return;
    for (const meter of new Set(loaded.map(({ compiled }) => compiled.meter ?? this.#meter))) {
      const model = this.#models.of(meter);
      if (model === undefined) continue;
      const { ranges } = await this.#publisher.publish(model.compiled, meter, writtenAt(model));
      this.#log.info('model published', { meter, file: model.file, ranges });
    }
    this.#version = version;
  }

  close(): Promise<void> {
    return this.#topics.close();
  }
}

/** Not when it was loaded: a process that starts again says the same as before. A file that is gone says it no more. */
function writtenAt({ file, loadedAt }: LoadedModel): number {
  const look = lookAt(file);
  return 'stat' in look ? Math.floor(look.stat.mtimeMs) : loadedAt;
}

/**
 * What the settings ask for; undefined where nothing is published.
 * @throws LeftOnError `bad_registry_url`, `not_with_store`
 */
export async function publishedModelsOf(
  settings: Settings,
  models: ModelsInUse,
  log: Log,
): Promise<PublishedModels | undefined> {
  if (!settings.publish_models || settings.role === 'notify') return undefined;
  if (models.lazy)
    throw new LeftOnError({
      code: 'not_with_store',
      place: 'publish_models',
      expected: 'model files, which are read at once: leave it out, or model_store',
      found: 'a store of a fleet',
      faultClass: 'fatal',
    });
  // loaded when asked for, as the transport is
  const { KafkaModelTopics } = await import('../topics/kafka/admin/model-topics.ts');
  const codec = modelCodecOf(settings);
  const topics = new KafkaModelTopics(neededKafkaSettings(settings), log);
  return new PublishedModels(models, topics, new ModelPublisher(codec, topics), settings.meter, log);
}
