import { compileModel, DAY, fit, HOUR, MINUTE, parseModel, watts, Zone } from '@lefton/core';
import type { CompiledModel, History, Instant, Model, Reading } from '@lefton/core';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import {
  aFolder,
  aLog,
  aModelFile,
  aService,
  aTable,
  TABLE_JSON,
} from '../../service/src/a-service.test-data.ts';
import { modelCodecOf } from '../../service/src/avro/codec-of.ts';
import { ReadingCodec } from '../../service/src/avro/reading-codec.ts';
import { RegistrySchemaIds } from '../../service/src/avro/registry.ts';
import { readSettings } from '../../service/src/settings/read.ts';
import { ModelPublisher, withdraw } from '../../service/src/models/model-publisher.ts';
import type { NewRecord } from '../../service/src/ports.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../../service/src/topics/kafka/a-kafka.test-data.ts';
import { KafkaTopics } from '../../service/src/topics/kafka/kafka.ts';
import { KafkaModelTopics } from '../../service/src/topics/kafka/admin/model-topics.ts';
import type { KafkaSettings } from '../../service/src/topics/kafka/settings.ts';
import { homesFolder, isPresent, realHomes } from '../../notebooks/lib/src/contest/real-homes.ts';
import { until } from '../home-assistant/until.ts';
import { Registry } from '../registry/registry.ts';
import { detect, prepare, statementsOf } from './detection.ts';
import { Gateway } from './gateway.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const skip = withoutKafka() ?? false;
/** A job begins within seconds, on a machine that does other things as well within a minute. */
const LIVE_MS = 120_000;
const LONG_AGO = Date.UTC(2000, 0, 1);

/** A reading of a test: the rest of it is always the same. */
const aReading = (meter: string, at: Instant, power: number): Reading => {
  return { meter, at, watts: watts(power), energyWh: null, source: '' };
};

/** What Flink wrote of a reading. */
interface Scored {
  readonly meter: string;
  readonly at: Instant;
  readonly watts: number;
  readonly score: number | null;
}

/** What Flink tells of a time above 1.0. */
interface Run {
  readonly meter: string;
  readonly since: Instant;
  readonly until: Instant;
  readonly readings: number;
}

/** The same by what the service says of each reading, in order. */
function runsOf(model: CompiledModel, readings: readonly Reading[]): Run[] {
  const runs: Run[] = [];
  let open: Run | undefined;
  for (const { meter, at, watts: power } of readings) {
    const score = model.scoreAt(at, power);
    const above = score.known && score.score > 1;
    const goesOn = above && open !== undefined && at - open.until <= 10 * MINUTE;
    if (open !== undefined && !goesOn) runs.push(open);
    if (!above) open = undefined;
    else if (goesOn && open !== undefined) open = { ...open, until: at, readings: open.readings + 1 };
    else open = { meter, since: at, until: at, readings: 1 };
  }
  return open === undefined ? runs : [...runs, open];
}

/** A home: what it learned from, and what it is watched on. */
interface Home {
  readonly meter: string;
  readonly model: Model;
  readonly readings: readonly Reading[];
}

function aHome(
  meter: string,
  zone: string,
  all: readonly (readonly [Instant, number])[],
  from: Instant,
  until: Instant,
): Home {
  const history: History = {
    at: Float64Array.from(all, ([at]) => at),
    watts: Float64Array.from(all, ([, power]) => power),
  };
  const model = fit(history, {
    ...{ zone, meter, until: from, falseAlarmsPerMonth: 1 },
    ...{ fittedOn: 'a test', sha256: null, software: 'a test' },
  });
  const watched = all.filter(([at]) => at >= from && at < until);
  return { meter, model, readings: watched.map(([at, power]) => aReading(meter, at, power)) };
}

/** The last days of the sample house; the clocks change in them. */
function sampleHouse(): Home {
  const text = gunzipSync(readFileSync(join(ROOT, 'data/sample-house/readings.csv.gz'))).toString();
  const all = text
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([at = '', power]) => [Date.parse(at), Number(power)] as const);
  return aHome('sample', 'Europe/Amsterdam', all, Date.parse('2026-03-24T00:00:00+01:00'), Infinity);
}

const real = realHomes.find(({ name }) => name === 'refit_house2');

/** Two weeks of a real home; the clocks change in the middle. */
function realHome(): Home | undefined {
  if (real === undefined || !isPresent(real)) return undefined;
  const zone = new Zone(real.zone);
  const [, ...lines] = gunzipSync(readFileSync(homesFolder + real.file))
    .toString()
    .trim()
    .split('\n');
  const all = lines.flatMap((line) => {
    const cells = line.split(',');
    const [at] = zone.instantsOf(Date.parse(`${(cells[0] ?? '').replace(' ', 'T')}Z`));
    return cells[6] === '0' && at !== undefined ? [[at, Number(cells[1])] as const] : [];
  });
  const from = Date.UTC(2014, 2, 23);
  return aHome('real', real.zone, all, from, from + 14 * DAY);
}

/** The first table of 24 hours, over both changes of the clock in Sydney. */
function sydney(): Home {
  const model = parseModel(JSON.parse(readFileSync(join(ROOT, 'models/august-2018.json'), 'utf8')));
  const changes = [Date.UTC(2018, 9, 6, 12), Date.UTC(2019, 3, 6, 12)];
  const instants = changes.flatMap((at) => Array.from({ length: 96 }, (_, i) => at + i * 10 * MINUTE));
  const readings = instants.map((at, i) => aReading('sydney', at, (i * 137) % 2500));
  return { meter: 'sydney', model: { ...model, meter: 'sydney' }, readings };
}

/** A day that counts as a Sunday, and an hour that nothing is known of. */
function holiday(model: Model): Home {
  assert.ok(model.kind === 'left-on');
  const thin = (values: readonly (number | null)[]): (number | null)[] =>
    values.map((value, bucket) => (bucket === 6 * 24 + 5 ? null : value));
  const { low, usual, high } = model.expected;
  const from = Date.parse('2026-03-24T00:00:00+01:00');
  const readings = Array.from({ length: 72 }, (_, i) => aReading('holiday', from + i * HOUR, 700));
  return {
    meter: 'holiday',
    model: {
      ...{ ...model, meter: 'holiday', holidays: ['2026-03-25'] },
      expected: { low: thin(low), usual: thin(usual), high: thin(high) },
    },
    readings,
  };
}

describe('sql/flink', { skip }, () => {
  let registry: Registry | undefined;
  let gateway: Gateway | undefined;
  before(async () => {
    registry = await Registry.start();
    gateway = await Gateway.start();
  });
  after(async () => {
    await gateway?.stop();
    await registry?.stop();
  });

  /** Fresh topics, and what writes readings and models into them. */
  class Cluster {
    readonly settings: KafkaSettings;
    readonly #topics: KafkaTopics;
    readonly #models: KafkaModelTopics;
    readonly #codec: ReadingCodec;
    readonly #publisher: ModelPublisher;

    constructor(settings: KafkaSettings) {
      const { log } = aLog();
      const url = registry?.url ?? '';
      this.settings = settings;
      this.#topics = new KafkaTopics(settings, { apply: () => undefined }, log);
      this.#models = new KafkaModelTopics(settings, log);
      this.#codec = new ReadingCodec(new RegistrySchemaIds({ url, auth: null }, () => 0));
      this.#publisher = new ModelPublisher(
        modelCodecOf(readSettings('any', { schemaRegistryUrl: url }, {}).settings),
        this.#models,
      );
    }

    async measure(readings: readonly Reading[], key?: string): Promise<void> {
      await this.#codec.learnWriter();
      const record = (reading: Reading): NewRecord => {
        return { topic: 'raw_power', key: key ?? reading.meter, value: this.#codec.encode(reading) };
      };
      await this.#topics.produce(readings.map(record));
    }

    async publish(model: CompiledModel, meter: string, validFrom = LONG_AGO): Promise<void> {
      await this.#publisher.publish(model, meter, validFrom);
    }

    withdraw(meter: string, from: Instant): Promise<void> {
      return withdraw(this.#models, meter, from);
    }

    /** Begins to score; `over` is when all is read, where that ends. */
    async detect(once: boolean): Promise<{ readonly over: Promise<void> }> {
      const { brokers, prefix } = this.settings;
      assert.ok(gateway !== undefined && registry !== undefined);
      const place = { brokers: brokers.join(','), registry: registry.url, prefix, once };
      return { over: detect(await prepare(gateway, place)) };
    }

    async rows<T>(topic: string): Promise<T[]> {
      const records = await wholeTopic(this.settings, topic);
      return records.map(({ value }) => JSON.parse(Buffer.from(value).toString()) as T);
    }

    async close(): Promise<void> {
      await this.#topics.close();
      await this.#models.close();
    }
  }

  const aCluster = async (t: { after: (end: () => Promise<void>) => void }): Promise<Cluster> => {
    const cluster = new Cluster(await freshTopics(2, undefined, true));
    t.after(() => cluster.close());
    return cluster;
  };

  it('scores what was measured as the service does, and is above 1.0 at the same instants', async (t) => {
    const sample = sampleHouse();
    const homesHere = [sample, realHome(), sydney(), holiday(sample.model)].filter(
      (home) => home !== undefined,
    );
    if (homesHere.length < 4) t.diagnostic('without the real home: its data is not beside this repository');
    const cluster = await aCluster(t);
    for (const { meter, model } of homesHere) await cluster.publish(compileModel(model), meter);
    // as they would come: event time is one for all meters of a partition
    await cluster.measure(homesHere.flatMap(({ readings }) => readings).sort((a, b) => a.at - b.at));
    await (
      await cluster.detect(true)
    ).over;

    const scored = await cluster.rows<Scored>('power_score');
    const above = await cluster.rows<Scored>('power_above');
    const runs = cluster.rows<Run>('power_run').then((rows) =>
      // the mean of thousands of readings hangs on their order
      rows.map(({ meter, since, until: end, readings }) => ({ meter, since, until: end, readings })),
    );
    const place = (meter: string, at: Instant): string => `${meter} ${new Date(at).toISOString()}`;
    const byPlace = new Map(scored.map((row) => [place(row.meter, row.at), row]));
    for (const { meter, model, readings } of homesHere) {
      const compiled = compileModel(model);
      const instants: Instant[] = [];
      for (const { at, watts: power } of readings) {
        const row = byPlace.get(place(meter, at));
        const score = compiled.scoreAt(at, power);
        assert.equal(row?.watts, power, place(meter, at));
        assert.equal(row.score !== null, score.known, place(meter, at));
        if (!score.known) continue;
        assert.ok(Math.abs((row.score ?? NaN) - score.score) <= 1e-9, place(meter, at));
        if (score.score > 1) instants.push(at);
      }
      const told = above.filter((row) => row.meter === meter).map(({ at }) => at);
      assert.deepEqual(
        told.sort((a, b) => a - b),
        instants,
        meter,
      );
      assert.ok(instants.length > 0 && instants.length < readings.length, meter);
      const toldRuns = (await runs).filter((run) => run.meter === meter).sort((a, b) => a.since - b.since);
      assert.deepEqual(toldRuns, runsOf(compiled, readings), meter);
      t.diagnostic(`${meter}: ${readings.length} readings, ${instants.length} above 1.0`);
    }
    assert.equal(
      scored.length,
      homesHere.reduce((sum, { readings }) => sum + readings.length, 0),
    );

    // the same by the answers of a running service with the same models
    const folder = aFolder(t);
    for (const { meter, model } of homesHere) aModelFile(folder, model, `${meter}.json`);
    const service = await aService(t, { model: folder });
    for (const { meter, at, watts: power, score } of scored.filter((_, i) => i % 200 === 0)) {
      const answer = await fetch(`${service.url}/api/score`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ meter, at: new Date(at).toISOString(), watts: power }),
      });
      const told = (await answer.json()) as { known: boolean; score?: number };
      assert.ok(Math.abs((told.score ?? NaN) - (score ?? NaN)) <= 1e-9 || !told.known, place(meter, at));
    }
  });

  it('takes the model that was valid at the time, and says unknown where there was none', async (t) => {
    const cluster = await aCluster(t);
    const [before, during, later] = [0, 10, 20].map((hours) => Date.UTC(2026, 0, 5) + hours * HOUR);
    assert.ok(before !== undefined && during !== undefined && later !== undefined);
    const table = (high: number): CompiledModel =>
      compileModel({
        ...parseModel(JSON.parse(readFileSync(join(ROOT, 'models/august-2018.json'), 'utf8'))),
        ...{ kind: 'min-max', zone: 'UTC' },
        low: Array.from({ length: 24 }, () => 0),
        high: Array.from({ length: 24 }, () => high),
      });
    await cluster.publish(table(1000), 'home', before);
    await cluster.publish(table(500), 'home', later);
    await cluster.publish(table(1000), 'gone');
    await cluster.withdraw('gone', during);
    const at = [before - MINUTE, before, during, later, later + MINUTE];
    await cluster.measure(at.map((each) => aReading('home', each, 750)));
    await cluster.measure([aReading('gone', during, 750), aReading('nobody', during, 750)]);
    // the service puts these into raw_power_dead
    await cluster.measure([aReading('home', during + MINUTE, 750)], 'another');
    await cluster.measure([aReading('home', during + MINUTE, Infinity)]);
    await (
      await cluster.detect(true)
    ).over;
    const rows = await cluster.rows<Scored>('power_score');
    const scoresOf = (meter: string): (number | null)[] =>
      rows
        .filter((row) => row.meter === meter)
        .sort((a, b) => a.at - b.at)
        .map(({ score }) => score);
    assert.deepEqual(scoresOf('home'), [null, 0.75, 0.75, 1.5, 1.5]);
    assert.deepEqual(scoresOf('gone'), [null]);
    assert.deepEqual(scoresOf('nobody'), [null]);
    assert.equal(rows.length, 7);
  });

  it('goes on as readings come, and tells how long it was above 1.0 once that is over', async (t) => {
    const cluster = await aCluster(t);
    const from = Date.UTC(2026, 0, 5, 1);
    await cluster.publish(compileModel(aTable()), 'home', from);
    const { over } = await cluster.detect(false);
    // it ends with the gateway
    const ended = over.catch(() => 'ended');
    // 200 W is the edge at this hour; the reading at minute 40 comes ten minutes too late to be of that run
    const minutes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 25, 40];
    const power = (minute: number): number => (minute === 0 || minute === 7 ? 150 : 300 + minute);
    await cluster.measure(minutes.map((minute) => aReading('home', from + minute * MINUTE, power(minute))));
    // a reading is counted once a later one says that its time is over
    await cluster.measure([aReading('home', from + HOUR, 150), aReading('home', from + 2 * HOUR, 150)]);
    const told = async (): Promise<boolean> => (await cluster.rows('power_run')).length >= 4;
    await until('4 runs are told', told, LIVE_MS);
    // a model that is published while it runs counts from its instant on
    const later = from + 3 * HOUR;
    const { low, ...table } = TABLE_JSON;
    const higher = parseModel({ ...table, low: low.map((each) => each - 100) });
    await cluster.publish(compileModel(higher), 'home', later);
    let next = later;
    const byIt = async (): Promise<boolean> => {
      await cluster.measure([aReading('home', next, 150)]);
      next += MINUTE / 2;
      return (await cluster.rows<Scored>('power_score')).some(({ score }) => score === 0.75);
    };
    await until('a reading is scored by it', byIt, LIVE_MS);
    const old = (await cluster.rows<Scored>('power_score')).filter(({ at }) => at < later);
    assert.equal(old.find(({ at }) => at === from + 2 * HOUR)?.score, 0.5);
    assert.ok(old.every(({ score }) => score !== 0.75));
    assert.equal(await Promise.race([ended, Promise.resolve('goes on')]), 'goes on');
    const run = (first: number, last: number, readings: number): Record<string, unknown> => {
      const [since, end] = [from + first * MINUTE, from + last * MINUTE];
      const within = minutes.filter((minute) => minute >= first && minute <= last).map(power);
      return {
        ...{ meter: 'home', since, until: end, minutes: last - first, readings },
        highest_score: (power(last) - 100) / 100,
        mean_w: within.reduce((sum, each) => sum + each, 0) / readings,
      };
    };
    assert.deepEqual(await cluster.rows('power_run'), [
      run(1, 6, 6),
      run(8, 10, 3),
      run(25, 25, 1),
      run(40, 40, 1),
    ]);
  });
});

describe('a file of statements', () => {
  it('is cut where a statement ends, and not within a set of them', () => {
    const text = "-- first\nSET 'a' = 'b;c';\n\nEXECUTE STATEMENT SET\nBEGIN\nINSERT 1;\nINSERT 2;\nEND;\n";
    assert.deepEqual(statementsOf(text), [
      "SET 'a' = 'b;c'",
      'EXECUTE STATEMENT SET\nBEGIN\nINSERT 1;\nINSERT 2;\nEND',
    ]);
  });
});
