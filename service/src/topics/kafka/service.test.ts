import { LeftOnError } from '@lefton/core';
import avsc from 'avsc';
import kafkajs from 'kafkajs';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { freePort } from '../../../../scripts/kafka/port.ts';
import { Registry } from '../../../../scripts/registry/registry.ts';
import { aService, minutesCsv, until } from '../../a-service.test-data.ts';
import type { RunningService } from '../../a-service.test-data.ts';
import { ReadingCodec } from '../../avro/reading-codec.ts';
import type { NewRecord, TopicRecord } from '../../ports.ts';
import { freshTopics, settingsFor, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import { KafkaTopics } from './kafka.ts';
import type { KafkaSettings } from './settings.ts';

const skip = withoutKafka() ?? false;
const AUGUST = join(import.meta.dirname, '../../../../models/august-2018.json');

interface OnKafka {
  readonly service: RunningService;
  readonly settings: KafkaSettings;
  readonly topics: KafkaTopics;
}

/** A service on fresh topics, and another way to them. */
async function onKafka(t: TestContext, flags: Record<string, unknown> = {}): Promise<OnKafka> {
  const settings = await freshTopics(2);
  const service = await aService(t, {
    kafkaBrokers: settings.brokers.join(','),
    kafkaPrefix: settings.prefix,
    kafkaSessionS: 1,
    ...flags,
  });
  const topics = new KafkaTopics(settings, { apply: () => undefined }, service.log);
  t.after(() => topics.close());
  return { service, settings, topics };
}

const ready = async ({ url }: RunningService): Promise<boolean> => (await fetch(`${url}/readyz`)).ok;

describe('the service on Kafka', { skip }, () => {
  it('takes the records of the original demo: 1500 at 9 is silent, 1500 at 4 is not', async (t) => {
    const { service, topics } = await onKafka(t, { model: AUGUST });
    await until('it is ready', () => ready(service));
    const demo = avsc.Type.forSchema(
      JSON.parse(readFileSync(join(import.meta.dirname, '../../avro/demo.avsc'), 'utf8')) as avsc.Schema,
    );
    const record = (hour: number, kwh: number): NewRecord => {
      const value = Buffer.concat([Buffer.from([0, 0, 0, 0, 3]), demo.toBuffer({ hour, kwh })]);
      return { topic: 'raw_power', key: 'demo', value };
    };
    await topics.produce([record(9, 1500)]);
    await until('it is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 1);
    assert.deepEqual(service.metrics.events.by('type'), {});
    await topics.produce([record(4, 1500)]);
    await until('it is told', () => service.printed.some((line) => line.includes('Unusual: 1.5 kW')));
    assert.deepEqual(service.metrics.events.by('type'), { opened: 1 });
  });

  it('puts bytes that are no reading into raw_power_dead with the reason, and goes on', async (t) => {
    const { service, settings, topics } = await onKafka(t);
    const reading = ReadingCodec.embedded().encode({
      ...{ meter: 'home', at: Date.now(), energyWh: null, source: '' },
      watts: 150 as never,
    });
    const changed = (at: number, byte: number): Uint8Array => Uint8Array.from(reading).fill(byte, at, at + 1);
    const bad: [RegExp, Uint8Array][] = [
      [/known schema id/, changed(4, 99)],
      [/first byte/, changed(0, 7)],
      [/./, reading.subarray(0, -1)],
      [/./, Buffer.concat([reading, Buffer.from([1])])],
      [/4096 bytes/, Buffer.concat([reading, Buffer.alloc(5_000)])],
      [/first byte/, new Uint8Array()],
    ];
    const records = bad.map(([, value]): NewRecord => ({ topic: 'raw_power', key: 'home', value }));
    await topics.produce([...records, { topic: 'raw_power', key: 'home', value: reading }]);
    await until('the good one is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 1);
    let dead: TopicRecord[] = [];
    // a reader sees a commit a moment after it
    await until('the dead letters are there', async () => {
      dead = await wholeTopic(settings, 'raw_power_dead');
      return dead.length >= bad.length;
    });
    assert.equal(dead.length, bad.length);
    for (const [i, [reason, value]] of bad.entries()) {
      assert.match(dead[i]?.headers.reason ?? '', reason);
      assert.deepEqual(Buffer.from(dead[i]?.value ?? []), Buffer.from(value));
    }
    assert.equal(service.metrics.deadLetters.total, bad.length);
  });

  it('puts a batch by lz4 into raw_power_dead with what to do about it, and goes on', async (t) => {
    const { service, settings, topics } = await onKafka(t, { model: AUGUST });
    await until('it is ready', () => ready(service));
    const client = new KafkaClient(settings, service.log);
    const admin = client.admin();
    await admin.connect();
    t.after(() => admin.disconnect());
    const compressBy = (value: string): Promise<unknown> =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            type: kafkajs.ConfigResourceTypes.TOPIC,
            name: client.name('raw_power'),
            configEntries: [{ name: 'compression.type', value }],
          },
        ],
      });
    const reading = (): NewRecord => {
      const value = Buffer.from(JSON.stringify({ meter: 'home', at: Date.now(), watts: 200 }));
      return { topic: 'raw_power', key: 'home', value };
    };
    // a broker takes a setting up when it comes to it, not when it answers
    const sentUntil = (what: string, isSo: () => boolean): Promise<void> =>
      until(what, async () => {
        if (!isSo()) await topics.produce([reading()]);
        return isSo();
      });
    await compressBy('lz4');
    await sentUntil('one is dead', () => service.metrics.deadLetters.total > 0);
    const scored = service.metrics.readings.get({ verdict: 'ok' });
    await compressBy('zstd');
    await sentUntil('a later one is scored', () => service.metrics.readings.get({ verdict: 'ok' }) > scored);
    const [dead] = await wholeTopic(settings, 'raw_power_dead');
    assert.match(dead?.headers.reason ?? '', /gzip or zstd: set compression\.type .*found lz4/);
    assert.match(dead?.headers.position ?? '', /^[01]:\d+$/);
  });

  it('waits for a schema registry that is not there at start, and writes under its id', async (t) => {
    const port = await freePort();
    const { service, settings } = await onKafka(t, {
      schemaRegistryUrl: `http://127.0.0.1:${port}/apis/ccompat/v7`,
    });
    const post = (): Promise<Response> =>
      fetch(`${service.url}/api/readings`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: `${new Date().toISOString()},150`,
      });
    assert.equal((await post()).status, 503);
    assert.equal(await ready(service), false);
    const registry = await Registry.start(port);
    t.after(() => registry.stop());
    await until('it is ready', () => ready(service));
    assert.equal((await post()).status, 200);
    await until('it is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 1);
    const [raw] = await wholeTopic(settings, 'raw_power');
    const id = Buffer.from(raw?.value ?? []).readUInt32BE(1);
    const { schema } = (await (await fetch(`${registry.url}/schemas/ids/${id}`)).json()) as {
      schema: string;
    };
    assert.match(schema, /energy_wh/);
  });

  it('scores in one process and tells in another, which needs no model', async (t) => {
    const { service: scorer, settings } = await onKafka(t, { role: 'score' });
    const kafka = { kafkaBrokers: settings.brokers.join(','), kafkaPrefix: settings.prefix };
    const notifier = await aService(t, { ...kafka, role: 'notify', model: undefined, zone: 'UTC' });
    await until('both are ready', async () => (await ready(scorer)) && (await ready(notifier)));
    const body = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
    const headers = { 'content-type': 'text/csv' };
    await fetch(`${scorer.url}/api/readings`, { method: 'POST', headers, body });
    await until('it is told', () => notifier.printed.some((line) => line.includes('Back to usual')));
    assert.equal(notifier.printed.filter((line) => line.includes('Unusual: 3.0 kW')).length, 1);
    assert.deepEqual(notifier.metrics.readings.by('verdict'), {});
    assert.ok(!scorer.printed.some((line) => line.includes('Unusual')));
    assert.deepEqual(await (await fetch(`${scorer.url}/api/alerts`)).json(), { alerts: [] });
  });

  it('says what to do where topics are missing', async (t) => {
    const { brokers, prefix } = settingsFor((await freshTopics(1)).brokers.join(','));
    const service = await aService(t, { kafkaBrokers: brokers.join(','), kafkaPrefix: prefix });
    await assert.rejects(service.done, (error) => {
      assert.ok(error instanceof LeftOnError);
      assert.equal(error.code, 'topic_missing');
      assert.match(error.message, /lefton topics create/);
      return true;
    });
  });
});
