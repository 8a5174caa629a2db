import kafkajs from 'kafkajs';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aLog, aService, minutesCsv, until } from '../../a-service.test-data.ts';
import type { RunningService } from '../../a-service.test-data.ts';
import { forgetCommand } from '../../commands/forget.ts';
import { aBroker, freshTopics, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaClient } from './client.ts';
import { Database } from '../../sqlite/database.ts';
import { KafkaTopics } from './kafka.ts';
import { Purge } from './admin/purge.ts';

const skip = withoutKafka() ?? false;
const METER = 'barn-of-the-smiths';
/** Segments of a moment, cleaned at once: what takes a cluster its hours is seen here within seconds. */
const QUICK = {
  'log.retention.check.interval.ms': '200',
  'log.segment.delete.delay.ms': '100',
  'log.cleaner.backoff.ms': '200',
  'log.initial.task.delay.ms': '100',
};
const SEGMENT_MS = 500;
const SEGMENTS = [
  { name: 'segment.ms', value: String(SEGMENT_MS) },
  { name: 'file.delete.delay.ms', value: '100' },
  { name: 'delete.retention.ms', value: '0' },
  { name: 'min.cleanable.dirty.ratio', value: '0.01' },
  { name: 'max.compaction.lag.ms', value: '1000' },
];
const PATIENCE_MS = 600_000;

const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      try {
        return readFileSync(file).includes(text);
      } catch {
        // a segment that was just deleted
        return false;
      }
    });

async function post({ url }: RunningService, csv: string, meter: string): Promise<void> {
  const rows = csv.split('\n').filter((line) => line !== '' && line !== 'at,watts');
  const body = rows.map((line) => `${line},${meter}`).join('\n');
  const headers = { 'content-type': 'text/csv' };
  assert.equal((await fetch(`${url}/api/readings`, { method: 'POST', headers, body })).status, 200);
}

describe('forgetting a meter on Kafka', { skip }, () => {
  it('leaves nothing of it in the files of the broker and of each process, while they run', async (t) => {
    const broker = await aBroker(t, { properties: QUICK });
    const settings = await freshTopics(1, broker.address);
    const client = new KafkaClient(settings, aLog().log);
    const admin = client.admin();
    await admin.connect();
    t.after(() => admin.disconnect());
    await admin.alterConfigs({
      validateOnly: false,
      resources: ['raw_power', 'raw_power_dead', 'anomaly_power', 'meter_state'].map((own) => ({
        ...{ type: kafkajs.ConfigResourceTypes.TOPIC, name: client.name(own) },
        configEntries: [
          ...SEGMENTS,
          { name: 'cleanup.policy', value: own === 'meter_state' ? 'compact' : 'delete' },
          ...(own === 'raw_power' ? [{ name: 'message.timestamp.type', value: 'LogAppendTime' }] : []),
        ],
      })),
    });
    const kafka = { kafkaBrokers: broker.address, kafkaPrefix: settings.prefix, kafkaSessionS: 1 };
    const service = await aService(t, { ...kafka, keepReadings: true });
    const onlooker = await aService(t, { ...kafka, role: 'notify', model: undefined, zone: 'UTC' });
    await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
    const day = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
    await post(service, day, METER);
    await until('all is told', () => onlooker.printed.some((line) => line.includes('Back to usual')));
    for (const { folder } of [service, onlooker, broker]) assert.ok(filesWith(folder, METER).length > 0);

    const answer = await fetch(`${service.url}/api/meters/${METER}`, { method: 'DELETE' });
    assert.equal(answer.status, 202);
    await until('each process has forgotten it', () =>
      [service, onlooker].every(({ folder }) => filesWith(folder, METER).length === 0),
    );
    // what was copied is forgotten by another topic than what is scored
    await until('it is not scored any more', async () => {
      const { meters } = (await (await fetch(`${service.url}/api/meters`)).json()) as { meters: unknown[] };
      return meters.length === 0;
    });

    await until('all is scored', async () => {
      const { lag_readings: lag } = (await (await fetch(`${service.url}/readyz`)).json()) as {
        lag_readings: number;
      };
      return lag === 0;
    });
    const purge = new Purge(settings, service.log);
    await purge.run(await purge.plan(METER, -1, Date.now()));
    const data = join(broker.folder, 'data');
    // what comes sooner would stand in the segment of the record that asked to forget, and keep it
    await setTimeout(2 * SEGMENT_MS);
    const deadline = performance.now() + PATIENCE_MS;
    let others = 0;
    // the newest segment of each topic is closed by what comes after
    while (filesWith(data, METER).length > 0) {
      assert.ok(performance.now() < deadline, filesWith(data, METER).join('\n'));
      await post(service, day, `other-${++others}`);
      await until('it is told', () => service.metrics.events.get({ type: 'closed' }) > others);
    }
  });

  it('purges nothing while readings wait to be scored', async (t) => {
    const settings = await freshTopics(1);
    const service = await aService(t, {
      kafkaBrokers: settings.brokers.join(','),
      kafkaPrefix: settings.prefix,
      kafkaSessionS: 1,
    });
    await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
    await post(service, minutesCsv(10), METER);
    await until('all is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 10);
    service.stop();
    await service.done;
    const topics = new KafkaTopics(settings, { apply: () => undefined }, service.log);
    t.after(() => topics.close());
    await topics.produce([{ topic: 'raw_power', key: METER, value: Buffer.from('{}') }]);
    await assert.rejects(new Purge(settings, service.log).plan(METER, -60_000, Date.now()), /to be scored/);
  });

  it('takes no more along than it must, and none of other meters unless that is said', async (t) => {
    const settings = await freshTopics(1);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    const keys = ['shed', METER, 'attic', 'shed', METER, 'attic', 'attic', 'shed'];
    await topics.produce(keys.map((key) => ({ topic: 'anomaly_power', key, value: Buffer.from('{}') })));
    // of another meter, and yet of this one
    const dead = { key: 'shed', value: Buffer.from(`x ${METER} x`) };
    await topics.produce([{ topic: 'raw_power_dead', ...dead }]);
    const kafka = ['--kafka-brokers', settings.brokers.join(','), '--kafka-prefix', settings.prefix];
    const file = join(aFolder(t), 'l.db');
    new Database(file).close();
    const db = ['--db', file];
    const forget = async (...args: string[]): Promise<{ said: string; failed: string; code: unknown }> => {
      const [out, error] = [process.stdout, process.stderr].map((stream) =>
        t.mock.method(stream, 'write', () => true),
      );
      const all = [METER, ...kafka, ...db, '--older-than-s', '0', ...args];
      await forgetCommand().parseAsync(all, { from: 'user' });
      const [said = '', failed = ''] = [out, error].map((mock) =>
        (mock?.mock.calls ?? []).map(({ arguments: [text] }) => String(text)).join(''),
      );
      for (const mock of [out, error]) mock?.mock.restore();
      const code = process.exitCode;
      process.exitCode = 0;
      return { said, failed, code };
    };
    const keysOf = async (topic: string): Promise<string[]> =>
      (await wholeTopic(settings, topic)).map(({ key }) => key);

    const { said } = await forget('--purge');
    assert.match(
      said,
      /anomaly_power partition 0: 2 records of the meter, and with them 3 records of 2 other meters/,
    );
    assert.match(said, /raw_power_dead partition 0: 1 records of the meter, and with them 0 records of 0/);
    const refused = await forget('--purge', '--yes');
    assert.equal(refused.code, 1);
    assert.match(refused.failed, /3 records of 2 other meters/);
    assert.match(refused.failed, /--with-others/);
    assert.deepEqual(await keysOf('anomaly_power'), keys);
    assert.equal((await keysOf('raw_power_dead')).length, 1);
    assert.deepEqual(await keysOf('raw_power'), []);

    const done = await forget('--purge', '--with-others', '--yes');
    assert.equal(done.code, 0, done.failed);
    assert.deepEqual(await keysOf('anomaly_power'), ['attic', 'attic', 'shed', METER]);
    assert.deepEqual(await keysOf('raw_power_dead'), []);
    // what asked to forget stands alone and takes nobody along
    const again = await forget();
    assert.match(again.said, /kept 400 days by Kafka/);
  });
});
