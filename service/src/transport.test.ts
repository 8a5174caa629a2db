import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { aFolder, aLog, SetClock } from './a-service.test-data.ts';
import { readSettings } from './settings/read.ts';
import { Metrics } from './telemetry/metrics.ts';
import { fillDisk } from './sqlite/a-full-disk.test-data.ts';
import { Database } from './sqlite/database.ts';
import { SqliteStore } from './store/store.ts';
import { openTransport } from './transport.ts';

test('on Kafka it is trouble as well where events find no room in the file that people are told from', async (t) => {
  const clock = new SetClock();
  const db = new Database(join(aFolder(t), 'lefton.db'));
  const settings = readSettings(
    'serve',
    { kafkaBrokers: '127.0.0.1:9', role: 'notify', zone: 'UTC' },
    {},
  ).settings;
  const { log } = aLog();
  const store = new SqliteStore(db, clock, 400, {});
  const letGo = (): Promise<void> => Promise.resolve();
  const transport = await openTransport({
    ...{ settings, db, store, clock, log, metrics: new Metrics(), letGo },
  });
  t.after(async () => {
    await transport.close();
    db.close();
  });
  fillDisk(db, 'INSERT ON anomaly_power');
  const event = { topic: 'anomaly_power', key: 'home', value: Buffer.from('{}') } as const;
  for (const wait of [0, 20_000]) {
    clock.at += wait;
    await assert.rejects(transport.local.produce([event]), { code: 'storage_full' });
  }
  assert.match(transport.trouble(false) ?? '', /room on the disk/);
});
