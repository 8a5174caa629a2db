import { defaultPolicy, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START } from '../a-service.test-data.ts';
import { ReadingCodec } from '../avro/reading-codec.ts';
import { Meters } from '../meters/meters.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { MeterRow, NewRecord, TopicRecord } from '../ports.ts';
import { rawRecord } from '../records/raw-record.ts';
import { aStore, modelWith } from './a-store.test-data.ts';
import { figuresIn, pairIn } from './comparison.ts';
import { ModelStore } from './model-store.ts';
import { ModelWriter } from './model-writer.ts';
import { StoredModels } from './stored-models.ts';

const CODEC = ReadingCodec.embedded();
const MINUTE = 60_000;

/** A pipeline over a store, and what it is fed and asked with. */
function overStore(t: TestContext, writer: ModelWriter, cohort: string | null = null) {
  const { log } = aLog();
  const metrics = new Metrics();
  const clock = new SetClock(START);
  const store = new ModelStore(writer.file);
  const models = new StoredModels(store, { cohort, mostBytes: 1e9 }, log, metrics, () => 0);
  t.after(() => {
    models.close();
  });
  const meters = new Meters({ meters: () => [] }, models, log, () => clock.now(), 1_000_000);
  const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
  const pipeline = new Pipeline(meters, CODEC, clock, log, metrics, settings);
  const feed = (meter: string, from: number, powers: readonly number[]): readonly NewRecord[] => {
    const records = powers.map((power, i): TopicRecord => {
      const at = START + (from + i) * MINUTE;
      clock.at = at;
      const { key, value } = rawRecord(CODEC, {
        ...{ meter, at, watts: watts(power), energyWh: null, source: 'test' },
      });
      return { key, value, headers: {}, appendedAt: at, position: '' };
    });
    const outcome = pipeline.fold(records);
    outcome.committed?.();
    return outcome.produce;
  };
  return { models, meters, metrics, pipeline, clock, feed };
}

const parsed = ({ value }: NewRecord): Record<string, unknown> =>
  JSON.parse(Buffer.from(value).toString('utf8')) as Record<string, unknown>;

describe('a fleet', () => {
  it('says that its store is to be written to where it cannot be made', (t) => {
    const file = join(aFolder(t), 'nowhere', 'fleet.db');
    assert.throws(() => new ModelWriter(file), /a place for a store of models that can be written to/);
  });

  it('says whose model told, and that it was of a cohort', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('cohort', 'flats', 1, modelWith(500));
      store.put('meter', 'old', 1, modelWith(500));
    });
    const { feed } = overStore(t, store, 'flats');
    const [told] = feed('new', 0, [150, 900]).map(parsed);
    assert.equal(told?.type, 'opened');
    assert.equal(told.cohort, 'flats');
    assert.match(String(told.why), /Measured by homes of cohort flats/);
    const [own] = feed('old', 0, [150, 900]).map(parsed);
    assert.equal(own?.generation, 1);
    assert.ok(!('cohort' in own));
    assert.doesNotMatch(String(own.why), /cohort/);
  });

  it('goes on with a model of its own in the middle of an episode', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('cohort', 'flats', 1, modelWith(500));
    });
    const { feed, models } = overStore(t, store, 'flats');
    const [opened] = feed('new', 0, [150, 900]).map(parsed);
    store.write(() => {
      store.put('meter', 'new', 1, modelWith(2_000));
    });
    models.poll();
    const told = feed('new', 2, Array<number>(120).fill(900)).map(parsed);
    assert.deepEqual(
      told.map(({ type, episode }) => [type, episode]),
      [['closed', opened?.episode]],
      'what was unusual for flats is usual here',
    );
    assert.ok(!('cohort' in (told[0] ?? {})));
  });

  it('takes states up without their models, which come when a meter is heard, or in time for its silence', (t) => {
    const store = aStore(t);
    const names = Array.from({ length: 1_500 }, (_, i) => `m${i}`);
    store.write(() => {
      for (const name of names) store.put('meter', name, 1, modelWith(500));
    });
    const before = overStore(t, store);
    for (const name of names) before.feed(name, 0, [150]);
    const rows: MeterRow[] = before.pipeline.save();
    const { pipeline, meters, metrics, clock, feed } = overStore(t, store);
    pipeline.restore(names, rows);
    assert.equal(metrics.modelLoads.get(), 0);
    feed('m7', 1, [160]);
    assert.equal(metrics.modelLoads.get(), 1);
    assert.equal(meters.find('m7')?.state.newestReading, START + MINUTE);
    meters.settle();
    assert.ok(meters.size < names.length, 'not all in one go');
    meters.settle();
    assert.equal(meters.size, names.length);
    clock.at = START + 2 * 86_400_000;
    const silent = pipeline.silences().flatMap(({ produce }) => produce.map(parsed));
    assert.equal(silent.filter(({ type }) => type === 'meter_silent').length, names.length);
  });

  it('counts alarms and time by generation, and goes over or back by one write', (t) => {
    const store = aStore(t);
    const names = Array.from({ length: 200 }, (_, i) => `m${i}`);
    store.write(() => {
      for (const name of names) {
        store.put('meter', name, 1, modelWith(1_000));
        // alarms where the other does not
        store.put('meter', name, 2, modelWith(500));
      }
      store.roll({ stable: 1, candidate: 2, perMille: 250, previous: null }, []);
    });
    const { feed, models, metrics } = overStore(t, store);
    const minutes = [150, 900, 150];
    for (const name of names) feed(name, 0, minutes);
    models.poll();
    const figures = figuresIn([metrics.render()]);
    const [first, second] = figures;
    assert.deepEqual(pairIn([metrics.render()]), { stable: 1, candidate: 2 });
    const tries = names.filter((name) => models.of(name)?.generation === 2).length;
    assert.ok(tries > 25 && tries < 75, `${tries} of 200 try it`);
    assert.deepEqual([first?.alarms, second?.alarms], [0, tries]);
    const month = (30 * 86_400_000) / MINUTE;
    assert.ok(Math.abs((second?.meterMonths ?? 0) - (2 * tries) / month) < 1e-6);
    const generations = (): Set<number | null | undefined> =>
      new Set(names.map((name) => models.of(name)?.generation));
    const roll = (rollout: Parameters<ModelWriter['roll']>[0]): void => {
      store.write(() => {
        store.roll(rollout, []);
      });
      models.poll();
    };
    roll({ stable: 2, candidate: null, perMille: 0, previous: 1 });
    assert.deepEqual(generations(), new Set([2]));
    roll({ stable: 1, candidate: null, perMille: 0, previous: null });
    assert.deepEqual(generations(), new Set([1]));
  });
});
