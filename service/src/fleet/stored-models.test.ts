import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog } from '../a-service.test-data.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { aStore, modelWith } from './a-store.test-data.ts';
import { ModelStore } from './model-store.ts';
import { ModelWriter } from './model-writer.ts';
import { StoredModels } from './stored-models.ts';

/** Room for two of the tables of tests. */
const TWO = 2 * 3_500;

function reading(t: TestContext, writer: ModelWriter, cohort: string | null = null, mostBytes = 1e9) {
  const { log, lines } = aLog();
  const metrics = new Metrics();
  const models = new StoredModels(new ModelStore(writer.file), { cohort, mostBytes }, log, metrics, () => 0);
  t.after(() => {
    models.close();
  });
  const highOf = (meter: string): number | undefined => {
    const model = models.of(meter)?.compiled.toModel();
    return model?.kind === 'min-max' ? model.high[12] : undefined;
  };
  return { models, metrics, lines, highOf, loads: () => metrics.modelLoads.get() };
}

describe('models of a store', () => {
  it('are read when a meter is heard, once, and what is not there is asked for once', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('meter', 'a', 1, modelWith(500));
    });
    const { models, highOf, loads } = reading(t, store);
    assert.equal(loads(), 0);
    assert.equal(highOf('a'), 500);
    assert.equal(models.of('a'), models.of('a'));
    assert.equal(loads(), 1);
    assert.equal(models.of('b'), undefined);
    store.write(() => {
      store.put('meter', 'b', 1, modelWith(700));
    });
    assert.equal(models.of('b'), undefined, 'known to be absent until the store is looked at');
    const { version } = models;
    models.poll();
    assert.notEqual(models.version, version);
    assert.equal(highOf('b'), 700);
  });

  it('of a batch are read together, in turn with others', async (t) => {
    const store = aStore(t);
    const names = Array.from({ length: 300 }, (_, i) => `m${i}`);
    store.write(() => {
      for (const name of names) store.put('meter', name, 1, modelWith(500));
    });
    const { models, loads } = reading(t, store);
    const turns = { others: 0, over: false };
    const others = (): void => {
      turns.others++;
      if (!turns.over) setImmediate(others);
    };
    setImmediate(others);
    const asked = models.prepare([...names, 'nobody', 'm1']);
    assert.notEqual(asked, undefined);
    await asked;
    turns.over = true;
    assert.equal(loads(), 300);
    assert.equal(models.prepare([...names, 'nobody']), undefined, 'all is there');
    assert.ok(names.every((name) => models.of(name)?.resident !== undefined));
  });

  it('stay within their bytes: a newcomer displaces none that was asked for as often, and comes back when it is asked for', (t) => {
    const store = aStore(t);
    store.write(() => {
      for (const name of ['a', 'b', 'c', 'd']) store.put('meter', name, 1, modelWith(500));
    });
    const { models, metrics, highOf, loads } = reading(t, store, null, TWO);
    const resident = (): string[] =>
      ['a', 'b', 'c', 'd'].filter((name) => models.of(name)?.resident !== undefined);
    for (const name of ['a', 'b', 'c', 'd']) highOf(name);
    assert.deepEqual(resident(), ['a', 'd']);
    models.poll();
    assert.ok(metrics.modelBytes.get() <= TWO, `${metrics.modelBytes.get()} bytes`);
    assert.equal(metrics.modelEvictions.get(), 2);
    const before = loads();
    assert.equal(highOf('b'), 500);
    assert.equal(loads(), before + 1);
    assert.deepEqual(resident(), ['a', 'b']);
  });

  it('are not all read again where meters take turns through more than there is room for', async (t) => {
    const store = aStore(t);
    const names = Array.from({ length: 60 }, (_, i) => `m${i}`);
    store.write(() => {
      for (const name of names) store.put('meter', name, 1, modelWith(500));
    });
    const { models, loads } = reading(t, store, null, (TWO / 2) * 30);
    let before = 0;
    const rounds = 40;
    for (let round = 0; round < 2 * rounds; round++) {
      if (round === rounds) before = loads();
      for (const name of names) await models.prepare([name]);
    }
    assert.ok(loads() - before < 0.7 * rounds * names.length, `${loads() - before}`);
  });

  it('that changed are taken up, and the others stay as they are', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('meter', 'a', 1, modelWith(500));
      store.put('meter', 'b', 1, modelWith(600));
    });
    const { models, highOf, loads } = reading(t, store);
    const [a, b] = [models.of('a'), models.of('b')];
    store.write(() => {
      store.put('meter', 'a', 1, modelWith(800));
    });
    models.poll();
    assert.equal(highOf('a'), 800);
    assert.notEqual(models.of('a'), a);
    assert.equal(models.of('b'), b);
    assert.equal(loads(), 3);
  });

  it('that are broken are told once, and the meter keeps what it had, or has none', (t) => {
    const store = aStore(t);
    store.write(() => {
      for (const name of ['a', 'b']) store.put('meter', name, 1, modelWith(500));
    });
    const { models, lines, highOf, metrics } = reading(t, store, null, 1);
    assert.equal(highOf('a'), 500);
    const vandal = new DatabaseSync(store.file);
    vandal.exec(`UPDATE models SET numbers = zeroblob(24); UPDATE rollout SET change = change + 1`);
    vandal.close();
    assert.equal(models.of('b'), undefined);
    for (let i = 0; i < 3; i++) assert.equal(models.of('b'), undefined);
    assert.equal(models.refusals.length, 1);
    assert.match(models.refusals[0]?.why ?? '', /as it was written/);
    // it left the memory for the sake of nobody; what cannot be read again knows nothing
    const gone = models.of('a');
    gone?.release();
    assert.match(gone?.compiled.why ?? '', /cannot be read/);
    assert.deepEqual(gone?.compiled.cadence, { stepMs: 60_000, holdMs: 600_000, readingPerStep: false });
    assert.equal(metrics.refusals.get(), 2);
    assert.equal(lines.filter((line) => line.includes('model refused')).length, 2);
  });

  it('of a cohort stand for meters that have none, until they have', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('cohort', 'flats', 1, modelWith(2000));
      store.put('cohort', 'farms', 1, modelWith(9000));
      store.assign([['barn', 'farms']]);
    });
    const { models, highOf, loads } = reading(t, store, 'flats');
    assert.equal(highOf('new'), 2000);
    assert.equal(models.of('new'), models.of('newer'), 'one model for all of them');
    assert.equal(models.of('new')?.cohort, 'flats');
    assert.equal(highOf('barn'), 9000);
    assert.equal(loads(), 2);
    store.write(() => {
      store.put('meter', 'new', 1, modelWith(500, 'new'));
    });
    models.poll();
    assert.equal(highOf('new'), 500);
    assert.equal(models.of('new')?.cohort, null);
    assert.equal(highOf('newer'), 2000);
  });

  it('of a cohort are named for as long as a meter can have them', (t) => {
    const store = aStore(t);
    store.write(() => {
      for (const generation of [1, 2]) store.put('cohort', 'flats', generation, modelWith(generation * 1000));
    });
    const { models, highOf } = reading(t, store, 'flats');
    const generations = (): (number | null)[] => models.loaded.map(({ generation }) => generation);
    assert.equal(highOf('new'), 1000);
    store.write(() => {
      store.roll({ stable: 1, candidate: 2, perMille: 0, previous: null }, ['newer']);
    });
    models.poll();
    assert.deepEqual([highOf('new'), highOf('newer')], [1000, 2000]);
    assert.deepEqual(generations(), [1, 2]);
    store.write(() => {
      store.roll({ stable: 2, candidate: null, perMille: 0, previous: 1 }, []);
    });
    models.poll();
    assert.deepEqual([highOf('new'), highOf('newer')], [2000, 2000]);
    assert.deepEqual(generations(), [2]);
  });

  it('are forgotten with their meter', (t) => {
    const store = aStore(t);
    store.write(() => {
      store.put('meter', 'a', 1, modelWith(500));
      store.put('meter', 'a', 2, modelWith(500));
      store.assign([['a', 'flats']]);
    });
    const { models } = reading(t, store);
    assert.notEqual(models.of('a'), undefined);
    assert.equal(store.forget('a'), 3);
    models.poll();
    assert.equal(models.of('a'), undefined);
    assert.equal(store.count('a'), 0);
  });
});

it('a file that is no store of models is left alone', (t) => {
  const store = aStore(t);
  assert.throws(() => new ModelStore(`${store.file}.other`), /lefton fleet import/);
  const other = new DatabaseSync(`${store.file}.other`);
  other.exec('CREATE TABLE mine (x)');
  other.close();
  assert.throws(() => new ModelWriter(`${store.file}.other`), /a store of models/);
});
