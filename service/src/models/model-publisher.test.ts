import { compileModel, parseModel } from '@lefton/core';
import avro from 'avsc';
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Registry } from '../../../scripts/registry/registry.ts';
import { aFolder, aModelFile, TABLE_JSON } from '../a-service.test-data.ts';
import type { KafkaSettings } from '../topics/kafka/settings.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const AUGUST = join(ROOT, 'models', 'august-2018.json');
const skip = withoutKafka() ?? false;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `lefton model ARGS` with nothing set but what is given. */
function model(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  const { PATH, HOME } = process.env;
  const main = join(ROOT, 'service', 'lefton.js');
  const options = { env: { PATH, HOME, ...env } };
  execFile(process.execPath, [main, 'model', ...args], options, (error, stdout, stderr) => {
    resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
  });
  return promise;
}

describe('lefton model publish', () => {
  it('asks for brokers, for a registry and for a model, and says how they are named', async (t) => {
    const brokers = ['--kafka-brokers', '127.0.0.1:1'];
    const none = await model(['publish', '--model', AUGUST]);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /LEFTON_KAFKA_BROKERS or --kafka-brokers/);
    const noRegistry = await model(['publish', '--model', AUGUST, ...brokers]);
    assert.equal(noRegistry.code, 2);
    assert.match(noRegistry.stderr, /LEFTON_SCHEMA_REGISTRY_URL or --schema-registry-url/);
    const bad = aModelFile(aFolder(t), { ...TABLE_JSON, version: 2 });
    const refused = await model(['publish', '--model', bad, ...brokers]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /version: expected 1, found 2/);
    assert.equal((await model(['publish', ...brokers])).code, 2);
  });
});

describe('a published model', { skip }, () => {
  let registry: Registry | undefined;
  let settings: KafkaSettings | undefined;
  before(async () => {
    registry = await Registry.start();
    settings = await freshTopics(2);
  });
  after(() => registry?.stop());

  const run = async (...args: readonly string[]): Promise<Ended> => {
    const { brokers = [], prefix = '' } = settings ?? {};
    const ended = await model(args, {
      LEFTON_KAFKA_BROKERS: brokers.join(','),
      LEFTON_KAFKA_PREFIX: prefix,
      LEFTON_SCHEMA_REGISTRY_URL: registry?.url ?? '',
    });
    assert.equal(ended.code, 0, ended.stderr);
    return ended;
  };

  /** The newest row of each key, as anybody with the registry reads it; a key that was taken away is not in it. */
  async function table(topic: string): Promise<Map<string, Record<string, unknown>>> {
    assert.ok(settings !== undefined && registry !== undefined);
    const rows = new Map<string, Record<string, unknown>>();
    const types = new Map<number, avro.Type>();
    for (const { key, value } of await wholeTopic(settings, topic)) {
      rows.delete(key);
      if (value.length === 0) continue;
      const bytes = Buffer.from(value);
      assert.equal(bytes[0], 0);
      const id = bytes.readInt32BE(1);
      const asked = await fetch(`${registry.url}/schemas/ids/${id}`);
      const { schema } = (await asked.json()) as { schema: string };
      const type = types.get(id) ?? avro.Type.forSchema(JSON.parse(schema) as avro.Schema);
      types.set(id, type);
      rows.set(key, { ...(type.fromBuffer(bytes.subarray(5)) as object) });
    }
    return rows;
  }

  it('is a row for each hour of the week, from which the same scores come, and one for the zone', async () => {
    const since = '2018-08-01T00:00:00+10:00';
    const { stdout } = await run('publish', '--model', AUGUST, '--valid-from', since, '--json');
    const { published } = JSON.parse(stdout) as { published: Record<string, unknown>[] };
    const [told] = published;
    assert.deepEqual(
      { ...told, model: String(told?.model).length },
      { meter: 'home', model: 64, ranges: 168, valid_from: '2018-07-31T14:00:00Z' },
    );
    const compiled = compileModel(parseModel(JSON.parse(readFileSync(AUGUST, 'utf8'))));
    const rows = await table('power_model');
    assert.equal(rows.size, 168);
    for (let bucket = 0; bucket < 168; bucket++) {
      const expected = compiled.expectedIn(bucket);
      assert.ok(expected.known);
      const { low, usual, high } = expected;
      assert.deepEqual(rows.get(`home,${bucket}`), {
        ...{ meter: 'home', bucket, low_w: low, usual_w: usual, high_w: high },
        ...{ model: told?.model, valid_from: Date.parse(since) },
      });
      const score = compiled.scoreIn(bucket, 1234.5 as never);
      assert.ok(score.known && Math.abs(score.score - (1234.5 - low) / (high - low)) < 1e-9);
    }
    assert.deepEqual(
      [...(await table('meter_zone')).values()],
      [
        {
          ...{ meter: 'home', zone: 'Australia/Sydney', holidays: [], model: told?.model },
          valid_from: Date.parse(since),
        },
      ],
    );
  });

  it('gives way to the next one as a whole: hours without a range are gone', async (t) => {
    const range = (watts: number): (number | null)[] =>
      Array.from({ length: 168 }, (_, bucket) => (bucket < 24 ? null : watts));
    const leftOn = {
      ...TABLE_JSON,
      ...{ kind: 'left-on', meter: 'home', zone: 'Europe/Paris', mode: 'learning', why: 'made up for tests' },
      ...{ false_alarms_per_month: 1, holidays: ['2026-01-06'], left_on: null },
      cadence: { step_s: 60, hold_s: 600, reading_per_step: false, frozen_s: null },
      expected: { low: range(100), usual: range(200), high: range(300) },
    };
    const file = aModelFile(aFolder(t), leftOn);
    const { stdout } = await run('publish', '--model', file);
    assert.match(stdout, /^home: 144 of 168 hours of the week, for readings from 2\d{3}-\S+Z on\.\n$/);
    const rows = await table('power_model');
    assert.deepEqual([...rows.keys()].sort(), Array.from({ length: 144 }, (_, i) => `home,${24 + i}`).sort());
    assert.equal(new Set([...rows.values()].map((row) => row.model)).size, 1);
    const zone = (await table('meter_zone')).get('home');
    assert.deepEqual([zone?.zone, zone?.holidays], ['Europe/Paris', ['2026-01-06']]);
  });

  it('of any meter is published for the meters that are named, and withdrawn by meter', async () => {
    await run('publish', '--model', AUGUST, '--meter', 'flat1', 'flat2');
    assert.match((await run('withdraw', '--meter', 'home', 'flat2')).stdout, /of home, flat2/);
    assert.deepEqual([...(await table('meter_zone')).keys()], ['flat1']);
    const keys = [...(await table('power_model')).keys()];
    assert.equal(keys.length, 168);
    assert.ok(keys.every((key) => key.startsWith('flat1,')));
  });
});
