import { DAY, defaultPolicy, HOUR, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START, until } from '../a-service.test-data.ts';
import { readSettings } from '../settings/read.ts';
import { aStore, modelWith } from '../fleet/a-store.test-data.ts';
import { forgetterOf } from './forgetter.ts';
import { Meters } from '../meters/meters.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { modelsOf } from '../models/models-of.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { Changes } from '../ports.ts';
import { rawRecord } from '../records/raw-record.ts';
import { Retention } from './retention.ts';
import { fillDisk } from '../sqlite/a-full-disk.test-data.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';
import { limitsFor } from '../topics/log-limits.ts';
import type { LogLimits } from '../topics/log-limits.ts';
import { SqliteTopics } from '../topics/sqlite.ts';
import { openTransport } from '../transport.ts';

const KEEP = { barn: 7, home: 400 };
const METERS = ['barn', 'home', 'shed'] as const;
const DAYS = 500;
/** Of all others. */
const USUAL = 100;

const ENDLESS: LogLimits = {
  ...{ maxLag: 100_000, maxRecords: 100_000 },
  retentionDays: { raw_power: DAYS, raw_power_dead: DAYS, anomaly_power: DAYS },
};

interface Kept {
  readonly db: Database;
  readonly clock: SetClock;
  readonly store: SqliteStore;
  readonly local: SqliteTopics;
  readonly retention: Retention;
  readonly forgotten: string[];
}

type Forgetting = (meter: string) => Promise<void>;

/** @param heardAt of meters that are scored */
function kept(
  t: TestContext,
  heardAt: (meter: string) => number | undefined = () => undefined,
  forgetting: Forgetting = () => Promise.resolve(),
  keep: Readonly<Record<string, number>> = KEEP,
  limits: LogLimits = ENDLESS,
): Kept {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const { log } = aLog();
  const clock = new SetClock();
  const store = new SqliteStore(db, clock, USUAL, keep);
  const local = new SqliteTopics(db, store, clock, log, limits);
  const forgotten: string[] = [];
  const retention = new Retention(keep, db, {
    ...{ local, store, clock, system: clock, log },
    meters: {
      find: (meter) => {
        const newestReading = heardAt(meter);
        return newestReading === undefined ? undefined : { heardAt: newestReading, state: { newestReading } };
      },
    },
    forget: async (meter) => {
      await forgetting(meter);
      forgotten.push(meter);
      return { rows: {}, files: [] };
    },
    pause: () => Promise.resolve(),
  });
  return { db, clock, store, local, retention, forgotten };
}

const alertOf = (meter: string, day: number): Changes['alerts'][number] => ({
  ...{ episode: `${meter} ${day}`, event: 'opened', channel: 'console', zone: 'UTC' },
  record: { v: 1, type: 'opened', meter, at: '2026-01-05T00:05:00Z' } as never,
});

/** Each day of each meter: a reading, a record of each topic, an alert that is told and an episode with an answer. */
async function lived({ db, clock, store, local }: Kept): Promise<void> {
  const episode = db.prepare(
    `INSERT INTO episodes (episode, kind, meter, since, opened_at, closed_at, excess_wh, why)
     VALUES (?, 'unusual', ?, ?, ?, ?, 0, '')`,
  );
  const rows = METERS.map((meter) => ({ meter, state: new Uint8Array([1]), heardAt: START }));
  for (let day = 0; day < DAYS; day++) {
    const at = (clock.at = START + day * DAY);
    for (const topic of ['raw_power', 'raw_power_dead', 'anomaly_power'] as const)
      await local.produce(METERS.map((key) => ({ topic, key, value: Buffer.from(`${day}`) })));
    db.transaction(() => {
      const readings = METERS.map((meter) => ({ meter, at, watts: day }));
      store.apply({ readings, events: [], alerts: METERS.map((meter) => alertOf(meter, day)) }, rows);
      for (const meter of METERS) {
        episode.run(`${meter} ${day}`, meter, at, at, at);
        store.label(`${meter} ${day}`, 'fine', at);
      }
    });
  }
  db.prepare("UPDATE outbox SET state = 'sent', told_at = created_at, settled_at = created_at").run();
  const scored = "INSERT INTO commits SELECT 'scorer', 'raw_power', max(offset) FROM raw_power";
  db.prepare(scored).run();
}

/** Days of which a meter has something, by table. */
function daysOf({ db }: Kept, meter: string): Record<string, number[]> {
  const dayOf = (column: string): string => `(${column} - ${START}) / ${DAY} AS day`;
  const id = '(SELECT id FROM meters WHERE meter = :meter)';
  const asked = {
    readings: `SELECT ${dayOf('at')} FROM readings WHERE meter_id = ${id}`,
    stretches: `SELECT DISTINCT ${dayOf('lowest_at')} FROM stretches WHERE meter_id = ${id}`,
    raw_power: `SELECT ${dayOf('appended_at')} FROM raw_power WHERE key = :meter`,
    raw_power_dead: `SELECT ${dayOf('appended_at')} FROM raw_power_dead WHERE key = :meter`,
    anomaly_power: `SELECT ${dayOf('appended_at')} FROM anomaly_power WHERE key = :meter`,
    outbox: `SELECT ${dayOf('created_at')} FROM outbox WHERE meter = :meter`,
    episodes: `SELECT ${dayOf('closed_at')} FROM episodes WHERE meter = :meter`,
    labels: `SELECT ${dayOf('labelled_at')} FROM labels WHERE episode LIKE :meter || ' %'`,
  };
  return Object.fromEntries(
    Object.entries(asked).map(([table, sql]) => {
      const days = db.prepare(`${sql} ORDER BY day`).all({ meter });
      return [table, days.map(({ day }) => Number(day))];
    }),
  );
}

const from = (first: number): number[] => Array.from({ length: DAYS - first }, (_, i) => first + i);
const signal = new AbortController().signal;

describe('what is kept of a meter with days of its own', () => {
  it('is 7 days of one and 400 of another: nothing older, all that is younger', async (t) => {
    const all = kept(t);
    await lived(all);
    await all.retention.tick(signal);
    const newest = DAYS - 1;
    for (const [meter, days] of Object.entries(KEEP))
      for (const [table, left] of Object.entries(daysOf(all, meter)))
        assert.deepEqual(left, from(newest - days), `${table} of ${meter}`);
    const { readings, stretches, outbox, anomaly_power, ...others } = daysOf(all, 'shed');
    assert.deepEqual(anomaly_power, from(newest - 400));
    for (const left of [readings, stretches, outbox]) assert.deepEqual(left, from(newest - USUAL));
    for (const [table, left] of Object.entries(others)) assert.deepEqual(left, from(0), table);
    assert.deepEqual(all.forgotten, []);
  });

  it('goes with time also where the meter says nothing more; readings that are not scored yet stay', async (t) => {
    const all = kept(t);
    await lived(all);
    await all.local.produce([{ topic: 'raw_power', key: 'barn', value: Buffer.from('not scored') }]);
    all.clock.at += 30 * DAY;
    await all.retention.tick(signal);
    const { raw_power: waiting, ...gone } = daysOf(all, 'barn');
    assert.deepEqual(waiting, [DAYS - 1]);
    for (const [table, left] of Object.entries(gone)) assert.deepEqual(left, [], table);
    const { readings } = daysOf(all, 'home');
    assert.deepEqual(readings, from(DAYS - 1 + 30 - 400));
  });

  it('is what was told, for longer than of others; readings on their way and dead letters are not', async (t) => {
    const keep = { home: 450 };
    const all = kept(t, undefined, undefined, keep, limitsFor(keep));
    await lived(all);
    await all.retention.tick(signal);
    const newest = DAYS - 1;
    const { raw_power, raw_power_dead, ...home } = daysOf(all, 'home');
    assert.deepEqual([raw_power, raw_power_dead], [from(newest - 7), from(newest - 30)]);
    for (const [table, left] of Object.entries(home)) assert.deepEqual(left, from(newest - 450), table);
    const others = daysOf(all, 'shed');
    assert.deepEqual(others.anomaly_power, from(newest - 400));
    assert.deepEqual(others.readings, from(newest - USUAL));
  });

  it('stays where the disk is full, until there is room', async (t) => {
    const all = kept(t);
    await lived(all);
    const makeRoom = fillDisk(all.db, 'DELETE ON readings');
    const before = daysOf(all, 'shed');
    const full = { code: 'storage_full', faultClass: 'transient' };
    await assert.rejects(all.retention.tick(signal), full);
    assert.deepEqual(daysOf(all, 'shed').readings, before.readings);
    assert.deepEqual(daysOf(all, 'shed').outbox, before.outbox, 'all of a part, or nothing of it');
    makeRoom();
    await all.retention.tick(signal);
    assert.deepEqual(daysOf(all, 'shed').readings, from(DAYS - 1 - USUAL));
  });

  it('goes of very many meters a part at a time, each in one transaction', async (t) => {
    const { db, store, retention, clock } = kept(t);
    const meters = Array.from({ length: 1_200 }, (_, i) => `m${i}`);
    const rows = meters.map((meter) => ({ meter, state: new Uint8Array([1]), heardAt: START }));
    const readings = meters.flatMap((meter) =>
      Array.from({ length: 10 }, (_, i) => ({ meter, at: START + i * 60 * DAY, watts: i })),
    );
    db.transaction(() => {
      store.apply({ readings, events: [], alerts: [] }, rows);
    });
    clock.at = START + 540 * DAY;
    const transaction = t.mock.method(db, 'transaction');
    await retention.tick(signal);
    const left = db.prepare('SELECT count(*) AS n FROM readings').get();
    assert.deepEqual({ ...left }, { n: 2 * meters.length });
    assert.ok(transaction.mock.callCount() < 20, `${transaction.mock.callCount()} transactions`);
  });

  it('leaves an alert that is still to be told', async (t) => {
    const all = kept(t);
    await lived(all);
    all.db.prepare("UPDATE outbox SET state = 'pending' WHERE episode = 'barn 3'").run();
    await all.retention.tick(signal);
    assert.deepEqual(daysOf(all, 'barn').outbox, [3, ...from(DAYS - 8)]);
  });

  it('is looked for once an hour', async (t) => {
    const all = kept(t);
    await all.local.produce([{ topic: 'raw_power_dead', key: 'barn', value: Buffer.from('no reading') }]);
    all.clock.at += 7 * DAY;
    await all.retention.tick(signal);
    for (const left of [1, 1, 0]) {
      assert.equal(daysOf(all, 'barn').raw_power_dead?.length, left);
      all.clock.at += HOUR / 2;
      await all.retention.tick(signal);
    }
  });

  it('is forgotten, by one request, where the meter was not heard for all its days', async (t) => {
    const heard: Record<string, number | undefined> = { barn: START, home: START };
    const all = kept(t, (meter) => heard[meter]);
    const forgottenAfter = async (days: number): Promise<readonly string[]> => {
      all.clock.at = START + days * DAY;
      await all.retention.tick(signal);
      return all.forgotten;
    };
    assert.deepEqual(await forgottenAfter(7), []);
    assert.deepEqual(await forgottenAfter(7.1), ['barn']);
    assert.deepEqual(await forgottenAfter(7.2), ['barn']);
    heard.barn = undefined;
    assert.deepEqual(await forgottenAfter(8), ['barn']);
    heard.barn = START + 8 * DAY;
    assert.deepEqual(await forgottenAfter(15.1), ['barn', 'barn']);
    assert.deepEqual(await forgottenAfter(400.1), ['barn', 'barn', 'home']);
  });

  it('is not forgotten where nothing is scored of it, as when its history was taken in and no model came of that', async (t) => {
    const all = kept(t);
    for (const days of [0, 100, 1_000]) {
      all.clock.at = START + days * DAY;
      await all.retention.tick(signal);
    }
    assert.deepEqual(all.forgotten, []);
  });

  it('is not forgotten before what came meanwhile has been read', async (t) => {
    const all = kept(t, () => START);
    all.clock.at = START + 30 * DAY;
    await all.retention.tick(signal);
    assert.deepEqual(all.forgotten, []);
    all.clock.at += HOUR;
    await all.retention.tick(signal);
    assert.deepEqual(all.forgotten, ['barn']);
  });

  it('is forgotten at a later try where it could not be erased, and nothing stops for that', async (t) => {
    let writable = false;
    const all = kept(
      t,
      () => START,
      () => (writable ? Promise.resolve() : Promise.reject(new Error('EROFS: read-only file system'))),
    );
    for (const hours of [0, 1, 2]) {
      all.clock.at = START + 30 * DAY + hours * HOUR;
      await all.retention.tick(signal);
      assert.deepEqual(all.forgotten, []);
    }
    writable = true;
    await all.retention.tick(signal);
    assert.deepEqual(all.forgotten, ['barn']);
  });
});

describe('a fleet on Kafka', { skip: withoutKafka() ?? false }, () => {
  it('forgets the state and the models of a meter that was not heard for all its days', async (t) => {
    const kafka = await freshTopics(2);
    const models = aStore(t);
    models.write(() => {
      for (const meter of Object.keys(KEEP)) models.put('meter', meter, 1, modelWith(500));
    });
    const { settings } = readSettings(
      'serve',
      {
        ...{ db: join(aFolder(t), 'lefton.db'), modelStore: models.file, keepDays: KEEP },
        ...{ kafkaBrokers: kafka.brokers.join(','), kafkaPrefix: kafka.prefix },
        ...{ kafkaSessionS: 1, kafkaCheckpointS: 1 },
      },
      {},
    );
    const { log } = aLog();
    const metrics = new Metrics();
    const clock = new SetClock(START + 10 * 60_000);
    const db = new Database(settings.db);
    const store = new SqliteStore(db, clock, USUAL, KEEP);
    const left: string[] = [];
    const transport = await openTransport({
      ...{ settings, db, store, clock, log, metrics },
      letGo: async (meter) => {
        left.push(meter);
        await Promise.resolve();
      },
    });
    const inUse = modelsOf(settings, null, log, metrics, () => clock.at);
    const meters = new Meters(transport.states, inUse, log, () => clock.at, 10);
    const { codec, topics, local } = transport;
    const policy = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
    const pipeline = new Pipeline(meters, codec, clock, log, metrics, policy);
    const stop = new AbortController();
    await transport.begin(stop.signal);
    const running = Promise.all([topics.consume(pipeline, stop.signal), transport.run(stop.signal)]);
    t.after(async () => {
      stop.abort();
      await running;
      await transport.close();
      inUse.close();
      db.close();
    });
    const forget = forgetterOf(settings, transport, pipeline, inUse);
    const retention = new Retention(KEEP, db, {
      ...{ local, store, meters, forget, clock, system: clock, log },
      pause: () => Promise.resolve(),
    });
    const heard = async (meter: string, minute: number): Promise<void> => {
      const reading = {
        meter,
        at: START + minute * 60_000,
        watts: watts(150),
        energyWh: null,
        source: 'test',
      };
      await topics.produce([rawRecord(codec, reading)]);
    };
    const stateOf = async (meter: string): Promise<number | undefined> =>
      (await wholeTopic(kafka, 'meter_state')).findLast(({ key }) => key === meter)?.value.length;
    // until a checkpoint has written the states of both
    let minute = 0;
    await until('the states are in the log', async () => {
      for (const meter of Object.keys(KEEP)) await heard(meter, minute);
      minute++;
      return ((await stateOf('barn')) ?? 0) > 0 && ((await stateOf('home')) ?? 0) > 0;
    });
    await retention.tick(signal);
    clock.at = START + 8 * DAY;
    await retention.tick(signal);
    await until(
      'its state is gone',
      async () => meters.find('barn') === undefined && (await stateOf('barn')) === 0,
    );
    assert.ok(meters.find('home') !== undefined && ((await stateOf('home')) ?? 0) > 0);
    // who asks ends what it does for the meter before its models go; each process before its rows go, and with the last of them
    await until('work for it has ended', () => left.length === 3);
    assert.deepEqual(left, ['barn', 'barn', 'barn']);
    assert.deepEqual(
      ['barn', 'home'].map((meter) => models.count(meter)),
      [0, 1],
    );
  });
});
