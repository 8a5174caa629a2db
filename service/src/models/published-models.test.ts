import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { describe, it } from 'node:test';
import { until } from '../../../scripts/home-assistant/until.ts';
import { Registry } from '../../../scripts/registry/registry.ts';
import { aFolder, aLog, aModelFile, aService, START, TABLE_JSON } from '../a-service.test-data.ts';
import { ModelCodec } from '../avro/model-codec.ts';
import type { SchemaIds } from '../avro/schema-ids.ts';
import { readSettings } from '../settings/read.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from './model-files.ts';
import { ModelPublisher } from './model-publisher.ts';
import type { ModelTopics } from '../ports.ts';
import { PublishedModels } from './published-models.ts';
import { SettingsError } from '../settings/error.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';

const skip = withoutKafka() ?? false;

describe('a service that publishes its models', { skip }, () => {
  it('does so when it begins and when a file is replaced, valid from when the file was written', async (t) => {
    const registry = await Registry.start();
    t.after(() => registry.stop());
    const { brokers, prefix, ...more } = await freshTopics(1);
    const zones = async (): Promise<{ readonly key: string; readonly at: number }[]> => {
      const records = await wholeTopic({ brokers, prefix, ...more }, 'meter_zone');
      return records.map(({ key, appendedAt: at }) => ({ key, at }));
    };
    const folder = aFolder(t);
    const written = (name: string, meter: string | null, at: number): void => {
      utimesSync(aModelFile(folder, { ...TABLE_JSON, meter }, name), at / 1000, at / 1000);
    };
    const [first, later] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)];
    written('any.json', null, first);
    written('flat.json', 'flat', first);
    await aService(t, {
      ...{ kafkaBrokers: brokers.join(','), kafkaPrefix: prefix, schemaRegistryUrl: registry.url },
      ...{ model: folder, publishModels: true },
    });
    const begun = [
      { key: 'home', at: first },
      { key: 'flat', at: first },
    ];
    await until('both are published', async () => (await zones()).length >= 2);
    assert.deepEqual(await zones(), begun);
    written('flat.json', 'flat', later);
    await until('the new one is published', async () => (await zones()).some(({ at }) => at === later));
    assert.deepEqual((await zones()).at(-1), { key: 'flat', at: later });
    assert.equal((await wholeTopic({ brokers, prefix, ...more }, 'power_model')).length % 168, 0);
  });
});

describe('a model whose file is gone', () => {
  it('is published from when it was loaded', async (t) => {
    const { log } = aLog();
    const file = aModelFile(aFolder(t));
    const models = new ModelFiles(file, null, log, new Metrics(), () => START);
    rmSync(file);
    const from = new Set<number>();
    const topics: ModelTopics = {
      put: (records) => {
        for (const record of records) from.add(record.from);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    const ids: SchemaIds = {
      known: () => undefined,
      learn: () => Promise.resolve(),
      writer: () => Promise.resolve(1),
    };
    const publisher = new ModelPublisher(new ModelCodec(ids, ids), topics);
    await new PublishedModels(models, topics, publisher, 'home', log).tick();
    assert.deepEqual([...from], [START]);
  });
});

describe('publish_models', () => {
  it('needs brokers and a registry', () => {
    for (const flags of [
      {},
      { kafkaBrokers: '127.0.0.1:9092' },
      { schemaRegistryUrl: 'http://127.0.0.1:8081' },
    ])
      assert.throws(
        () => readSettings('serve', { model: 'model.json', publishModels: true, ...flags }, {}).settings,
        (error) =>
          error instanceof SettingsError && /kafka_brokers and schema_registry_url/.test(error.message),
      );
  });
});
