import { backtest, compileModel, createState, DAY, defaultPolicy, fit, toRecord } from '@lefton/core';
import type { AnomalyRecord, History } from '@lefton/core';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, aModelFile, aTable, minutesCsv, SetClock, START } from '../a-service.test-data.ts';
import { fittedOn } from '../a-store.test-data.ts';
import { ReadingCodec } from '../avro/reading-codec.ts';
import { CanonicalCsv } from '../records/canonical-csv.ts';
import { Announcer } from './announcer.ts';
import { Meters } from '../meters/meters.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from '../models/model-files.ts';
import { Pipeline } from './pipeline.ts';
import type { NewRecord, TopicRecord } from '../ports.ts';
import { rawRecord } from '../records/raw-record.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { SqliteTopics } from '../topics/sqlite.ts';

const CODEC = ReadingCodec.embedded();
const LATER = START + 1_000 * 86_400_000;

interface Parts {
  readonly topics: SqliteTopics;
  readonly store: SqliteStore;
  readonly pipeline: Pipeline;
  readonly announcer: Announcer;
  readonly metrics: Metrics;
  readonly clock: SetClock;
  readonly lines: string[];
  close(): void;
}

function parts(folder: string, model: string, tellFrom = -Infinity): Parts {
  const db = new Database(join(folder, 'lefton.db'));
  const { log, lines } = aLog();
  const clock = new SetClock(LATER);
  const metrics = new Metrics();
  const store = new SqliteStore(db, clock, 400);
  const models = new ModelFiles(model, null, log, metrics, () => 0);
  const meters = new Meters(store, models, log, () => clock.now(), 1_000_000);
  const pipeline = new Pipeline(meters, CODEC, clock, log, metrics, {
    policy: defaultPolicy,
    tellFrom,
    keepReadings: true,
  });
  const announcer = new Announcer(models, ['console'], 'UTC', log);
  const close = (): void => {
    db.close();
  };
  const topics = new SqliteTopics(db, store, clock, log);
  return { topics, store, pipeline, announcer, metrics, clock, lines, close };
}

function aPipeline(t: TestContext, tellFrom?: number): Parts {
  const folder = aFolder(t);
  const made = parts(folder, aModelFile(folder), tellFrom);
  t.after(() => {
    made.close();
  });
  return made;
}

function records(csv: string): NewRecord[] {
  const rows = new CanonicalCsv({ meter: 'home', source: 'test' });
  return csv.split('\n').flatMap((line) => {
    const reading = rows.read(line);
    return reading === undefined ? [] : [rawRecord(CODEC, reading)];
  });
}

async function feed({ topics, pipeline, announcer }: Parts, fed: readonly NewRecord[]): Promise<void> {
  await topics.produce(fed);
  const stop = new AbortController();
  const consuming = Promise.all([
    topics.consume(pipeline, stop.signal),
    topics.consume(announcer, stop.signal),
  ]);
  await topics.caughtUp(pipeline.group, 'raw_power', stop.signal);
  await topics.caughtUp(announcer.group, 'anomaly_power', stop.signal);
  stop.abort();
  await consuming;
}

async function all(topics: SqliteTopics, topic: 'anomaly_power' | 'raw_power_dead'): Promise<TopicRecord[]> {
  const stop = new AbortController();
  const found: TopicRecord[] = [];
  const following = topics.follow(topic, '0', stop.signal)[Symbol.asyncIterator]();
  for (;;) {
    const next = following.next();
    // resolves at once while there is something, and with done once aborted
    queueMicrotask(() => {
      stop.abort();
    });
    const result = await next;
    if (result.done === true) return found;
    found.push(...result.value);
  }
}

async function told(topics: SqliteTopics): Promise<AnomalyRecord[]> {
  const found = await all(topics, 'anomaly_power');
  return found.map(({ value }) => JSON.parse(Buffer.from(value).toString()) as AnomalyRecord);
}

function historyOf(csv: string): History {
  const rows = csv.split('\n').slice(1, -1);
  return {
    at: Float64Array.from(rows, (row) => Date.parse(row.split(',')[0] ?? '')),
    watts: Float64Array.from(rows, (row) => Number(row.split(',')[1])),
  };
}

/** Three days: something left on for 5 hours on the first night, a gap of 3 hours on the second day. */
const DAYS = minutesCsv(3 * 1440, (minute) => minute >= 120 && minute < 420)
  .split('\n')
  .filter((_, line) => line < 1900 || line > 2080)
  .join('\n');

describe('the pipeline', () => {
  it('tells exactly what a backtest of the same readings tells', async (t) => {
    const made = aPipeline(t);
    await feed(made, records(DAYS));
    const history = historyOf(DAYS);
    const options = { meter: 'home', policy: defaultPolicy, from: START };
    const expected = [...backtest(history, aTable(), options)].map(toRecord);
    assert.ok(expected.some(({ type }) => type === 'meter_silent'));
    assert.ok(expected.some(({ type }) => type === 'closed'));
    assert.deepEqual(await told(made.topics), expected);
  });

  it('tells of a fitted home, too, exactly what a backtest tells', async (t) => {
    const house = readFileSync(join(import.meta.dirname, '../../../data/sample-house/readings.csv.gz'));
    const csv = gunzipSync(house).toString();
    const history = historyOf(csv);
    const until = Date.UTC(2026, 2, 23, 23);
    const about = { meter: null, fittedOn: 'the sample house', sha256: null, software: 'test' };
    const model = fit(history, { ...about, zone: 'Europe/Amsterdam', until, falseAlarmsPerMonth: 1 });
    const expected = [...backtest(history, model, { meter: 'home', policy: defaultPolicy, from: until })];
    assert.ok(expected.some(({ type }) => type === 'closed'));
    const folder = aFolder(t);
    const made = parts(folder, aModelFile(folder, model), until);
    t.after(() => {
      made.close();
    });
    const rows = records(csv);
    await feed(made, rows.slice(history.at.findIndex((at) => at >= until - DAY)));
    assert.deepEqual(await told(made.topics), expected.map(toRecord));
  });

  it('tells the same however often it is stopped in between', async (t) => {
    const whole = aPipeline(t);
    await feed(whole, records(DAYS));
    const folder = aFolder(t);
    const model = aModelFile(folder);
    const rows = records(DAYS);
    let at = 0;
    for (const size of [1, 130, 7, 300, 900, 2, 1500, 5000]) {
      const part = parts(folder, model);
      await feed(part, rows.slice(at, at + size));
      at += size;
      if (at >= rows.length) {
        assert.deepEqual(await told(part.topics), await told(whole.topics));
        const query = { meter: undefined, from: undefined, limit: 100 };
        assert.deepEqual(part.store.episodes(query), whole.store.episodes(query));
      }
      part.close();
    }
    assert.ok(at >= rows.length);
  });

  it('puts bytes that are no reading into raw_power_dead with the reason, and goes on', async (t) => {
    const made = aPipeline(t);
    const junk: NewRecord = { topic: 'raw_power', key: 'home', value: Buffer.from([0xff, 0x00, 0x7b]) };
    await feed(made, [junk, ...records(minutesCsv(3))]);
    const [dead] = await all(made.topics, 'raw_power_dead');
    assert.deepEqual(Buffer.from(dead?.value ?? []), Buffer.from([0xff, 0x00, 0x7b]));
    assert.match(dead?.headers.reason ?? '', /first byte/);
    assert.equal(made.metrics.readings.get({ verdict: 'ok' }), 3);
    assert.equal(made.metrics.deadLetters.total, 1);
  });

  it('cuts what it keeps of bytes that are no reading, so that no broker refuses the dead letter', async (t) => {
    const made = aPipeline(t);
    const junk: NewRecord = {
      topic: 'raw_power',
      key: 'k'.repeat(900_000),
      value: Buffer.alloc(3_000_000, 'x'),
      headers: { long: 'x'.repeat(2_000_000), ['n'.repeat(5_000)]: '', traceparent: 'short' },
    };
    await feed(made, [junk, ...records(minutesCsv(3))]);
    const [dead] = await all(made.topics, 'raw_power_dead');
    assert.deepEqual([dead?.key.length, dead?.value.length], [128, 65_536]);
    assert.deepEqual(Object.keys(dead?.headers ?? {}).sort(), ['position', 'reason', 'traceparent']);
    assert.equal(made.metrics.readings.get({ verdict: 'ok' }), 3);
  });

  it('counts readings by verdict, keeps only good ones for the page', async (t) => {
    const made = aPipeline(t);
    const [first, second] = records(minutesCsv(2));
    assert.ok(first !== undefined && second !== undefined);
    const wild = records('2026-01-05T00:05:00Z,1e9');
    await feed(made, [second, first, second, ...wild]);
    assert.deepEqual(made.metrics.readings.by('verdict'), {
      ok: 1,
      out_of_order: 1,
      duplicate: 1,
      out_of_bounds: 1,
    });
    assert.equal(made.store.readings({ meter: 'home', from: START, to: LATER, points: 10 }).points.length, 1);
  });

  it('counts readings of a meter without a model, and says so once', async (t) => {
    const folder = aFolder(t);
    const made = parts(folder, join(folder, 'none.json'));
    t.after(() => {
      made.close();
    });
    await feed(made, records(minutesCsv(5)));
    assert.deepEqual(made.metrics.readings.by('verdict'), { no_model: 5 });
    assert.equal(made.lines.filter((line) => line.includes('not scored')).length, 1);
  });

  it('does not call a meter silent while its old readings are being read, but does so after an hour of nothing', async (t) => {
    const made = aPipeline(t);
    await feed(made, records(minutesCsv(10)));
    assert.deepEqual(made.pipeline.silences(), []);
    made.clock.at += 59 * 60_000;
    assert.deepEqual(made.pipeline.silences(), []);
    made.clock.at += 2 * 60_000;
    await made.topics.commit(made.pipeline, made.pipeline.silences());
    assert.deepEqual(made.pipeline.silences(), [], 'said once');
    const [event] = await told(made.topics);
    assert.equal(event?.type, 'meter_silent');
    assert.equal(event.at, '2026-01-05T01:09:00Z');
  });

  it('says once of a meter that its readings come less often than those of its model', async (t) => {
    const folder = aFolder(t);
    const made = parts(folder, aModelFile(folder, fittedOn(20)));
    t.after(() => {
      made.close();
    });
    const seldom = (): string[] => made.lines.filter((line) => line.includes('less often'));
    const rows = Array.from({ length: 90 }, (_, i) => {
      const minute = i < 60 ? i : 60 + (i - 60) * 20;
      return `${new Date(START + 30 * DAY + minute * 60_000).toISOString()},${150 + (i % 7)}\n`;
    });
    await feed(made, records(`at,watts\n${rows.slice(0, 60).join('')}`));
    made.pipeline.silences();
    assert.deepEqual(seldom(), []);
    await feed(made, records(`at,watts\n${rows.slice(60).join('')}`));
    for (let tick = 0; tick < 3; tick++) made.pipeline.silences();
    assert.equal(seldom().length, 1);
    assert.match(seldom()[0] ?? '', /"meter":"home".*"apart_s":1200.*"fitted_on_s":60/);
  });

  it('reads no model to see how seldom readings come', () => {
    const state = createState(compileModel(fittedOn(20)), 'home');
    for (let i = 0; i < 20; i++) state.resampler.noteDistance(30 * 60_000);
    const model = {
      resident: undefined,
      get compiled(): never {
        throw new Error('a model was read');
      },
    };
    const meters = { all: [{ name: 'home', heardAt: 0, state, model }] } as unknown as Meters;
    const [{ log, lines }, clock] = [aLog(), new SetClock(LATER)];
    const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
    const pipeline = new Pipeline(meters, CODEC, clock, log, new Metrics(), settings);
    assert.deepEqual(pipeline.silences(), []);
    assert.deepEqual(lines, []);
  });

  it('gives each meter that has become silent an outcome of its own, counted when that commits', async (t) => {
    const made = aPipeline(t);
    const rows = minutesCsv(10).replace('watts', 'watts,meter').split('\n').slice(1, -1);
    const csv = ['home', 'barn'].flatMap((meter) => rows.map((row) => `${row},${meter}\n`));
    await feed(made, records(`at,watts,meter\n${csv.join('')}`));
    made.clock.at += 61 * 60_000;
    const silences = made.pipeline.silences();
    assert.deepEqual(
      silences.map(({ produce }) => produce.map(({ key }) => key)),
      [['home'], ['barn']],
    );
    await made.topics.commit(made.pipeline, silences.slice(0, 1));
    assert.deepEqual(made.metrics.events.by('type'), { meter_silent: 1 });
  });

  it('calls a meter silent in time also where the clock was set back by a day', async (t) => {
    const made = aPipeline(t);
    made.clock.at += 24 * 60 * 60_000;
    await feed(made, records(minutesCsv(10)));
    made.clock.at -= 24 * 60 * 60_000;
    assert.deepEqual(made.pipeline.silences(), []);
    made.clock.at += 61 * 60_000;
    assert.equal(made.pipeline.silences().length, 1);
  });

  it('folds what is before the beginning of a replay without telling', async (t) => {
    const made = aPipeline(t, START + 500 * 60_000);
    await feed(made, records(minutesCsv(650, (minute) => minute < 300 || minute > 600)));
    const events = await told(made.topics);
    assert.deepEqual(
      events.map(({ type, at }) => [type, at]),
      [['opened', '2026-01-05T10:01:00Z']],
    );
  });

  it('keeps the state of a meter below 4 KB', () => {
    assert.ok(createState(compileModel(aTable()), 'home').slots.byteLength < 4096);
  });
});
