import { watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Registry } from '../../../scripts/registry/registry.ts';
import { withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';
import { ReadingCodec } from './reading-codec.ts';
import { RegistrySchemaIds } from './registry.ts';
import { READING_VERSIONS, schemaOf } from './schema-file.ts';

const { SCHEMA_REGISTRY_URL, SCHEMA_REGISTRY_AUTH } = process.env;
const skip = SCHEMA_REGISTRY_URL === undefined ? (withoutKafka() ?? false) : false;

describe('a real registry', { skip }, () => {
  const subject = `lefton-test-${process.pid}-${Date.now()}-value`;
  let own: Registry | undefined;
  before(async () => {
    if (SCHEMA_REGISTRY_URL === undefined) own = await Registry.start();
  });
  after(() => own?.stop());
  const client = (): RegistrySchemaIds => {
    const settings = { url: SCHEMA_REGISTRY_URL ?? own?.url ?? '', auth: SCHEMA_REGISTRY_AUTH ?? null };
    return new RegistrySchemaIds(settings, () => 0, subject);
  };

  it('takes every version in turn, tells them again, and knows nothing of other ids', async () => {
    const ids = client();
    for (const version of READING_VERSIONS) {
      const schema = schemaOf(version);
      const id = await ids.writer(schema);
      assert.equal(await ids.writer(schema), id);
      const other = client();
      await other.learn(id);
      const meaning = other.known(id);
      assert.ok(meaning?.known === true);
      assert.deepEqual(JSON.parse(meaning.schema), JSON.parse(schema));
    }
    for (const nobodys of [0, 2_000_000_001, 2 ** 31 - 1, 2 ** 32 - 1]) {
      await ids.learn(nobodys);
      assert.equal(ids.known(nobodys)?.known, false);
    }
    await assert.rejects(ids.writer('{"type":"recrod"}'), { code: 'registry_refused' });
  });

  it('brings a reading from one codec to another', async () => {
    const reading = { meter: 'home', at: 1_774_317_600_000, watts: watts(5), energyWh: null, source: '' };
    const writer = new ReadingCodec(client());
    await writer.learnWriter();
    const record = { value: writer.encode(reading) };
    const reader = new ReadingCodec(client(), 0);
    await reader.prepare([record]);
    assert.deepEqual(reader.decode(record.value, 'home', 0), reading);
  });
});
