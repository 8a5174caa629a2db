import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aLog } from '../../../a-service.test-data.ts';
import { modelWith } from '../../../fleet/a-store.test-data.ts';
import { ModelStore } from '../../../fleet/model-store.ts';
import { ModelWriter } from '../../../fleet/model-writer.ts';
import { StoredModels } from '../../../fleet/stored-models.ts';
import { Metrics } from '../../../telemetry/metrics.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../a-kafka.test-data.ts';
import { chance, expectedOf, Scorer, streamed, textsByKey } from '../a-scorer.test-data.ts';
import { KafkaTopics } from '../kafka.ts';

const READINGS = 60_000;
const JUNK = 10;
const PARTITIONS = 12;
const PIECE = 500;
/** Records of a partition after which its states are written: fewer are folded again when it is taken over. */
const MOST_AGAIN = 1_000;
/** Of the 100 meters of the stream, those below have models of their own; the others are of a cohort. */
const OWN = 60;
const COHORT = 'flats';

const skip = withoutKafka() ?? false;

/** Models of a fleet in which meters differ, in two generations of which one meter in three uses the newer. */
function aFleet(file: string): void {
  const store = new ModelWriter(file);
  store.write(() => {
    store.put('cohort', COHORT, 1, modelWith(2_000));
    for (let n = 0; n < OWN; n++) store.put('meter', `meter-${n}`, 1, modelWith(600 + n));
    for (let n = 0; n < OWN; n++) store.put('meter', `meter-${n}`, 2, modelWith(900 + n));
    store.roll({ stable: 1, candidate: 2, perMille: 333, previous: null }, ['meter-0']);
  });
  store.close();
}

/** A number of the service's own metrics. */
async function metric(scorer: Scorer, name: string): Promise<number> {
  const text = await (await scorer.fetch('/metrics')).text();
  return Number(new RegExp(`^lefton_${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** Readings that were to be folded again, of each takeover of a process. */
function takeovers({ logged }: Scorer): number[] {
  return logged
    .map((line) => JSON.parse(line) as { event: string; committed: number; from: number })
    .filter(({ event }) => event === 'a partition is taken over')
    .map(({ committed, from }) => committed - from);
}

describe('a rolling restart of three processes that share twelve partitions', { skip }, () => {
  it('under load tells what one process that never stopped would tell, each event once', async (t) => {
    const folder = aFolder(t);
    const fleet = join(folder, 'fleet.db');
    aFleet(fleet);
    const records = streamed(READINGS, JUNK, chance(20180807));
    // by count alone, so that states are written and read all the time, however fast the machine is
    const counted = { checkpointMs: 3_600_000, checkpointReadings: MOST_AGAIN };
    const settings = { ...(await freshTopics(PARTITIONS)), ...counted };
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    const start = (name: string): Scorer =>
      new Scorer(t, settings, join(folder, `${name}.db`), fleet, ['--cohort', COHORT]);
    const running = new Map(['a', 'b', 'c'].map((name) => [name, start(name)]));
    const started = [...running.values()];
    for (const scorer of running.values()) await scorer.says('a partition is taken over');

    const over = new AbortController();
    let sent = 0;
    // evenly over all restarts: each waits until its share of the readings is on its way
    let share = 0;
    const streaming = (async (): Promise<void> => {
      while (sent < records.length) {
        await topics.produce(records.slice(sent, sent + PIECE));
        sent += PIECE;
        // once all are restarted, the rest at once
        while (sent >= share && !over.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })();
    const restarts = [...running.keys()];
    for (const [i, name] of restarts.entries()) {
      share = ((i + 1) / (restarts.length + 1)) * records.length;
      const leaving = running.get(name);
      assert.equal(await leaving?.end('SIGTERM'), 0, leaving?.logged.join('\n'));
      const fresh = start(name);
      running.set(name, fresh);
      started.push(fresh);
      await fresh.says('a partition is taken over');
    }
    over.abort();
    await streaming;
    await topics.caughtUp('scorer', 'raw_power', new AbortController().signal);

    const { log } = aLog();
    const models = new StoredModels(
      new ModelStore(fleet),
      { cohort: COHORT, mostBytes: 1e9 },
      log,
      new Metrics(),
      () => 0,
    );
    t.after(() => {
      models.close();
    });
    const expected = expectedOf(models, records);
    const events = expected.filter(({ topic }) => topic === 'anomaly_power');
    const texts = events.map(({ value }) => Buffer.from(value).toString());
    assert.ok(events.length > 200, `${events.length} events`);
    for (const said of ['"cohort":"flats"', '"generation":1', '"generation":2'])
      assert.ok(
        texts.some((text) => text.includes(said)),
        said,
      );
    assert.deepEqual(textsByKey(await wholeTopic(settings, 'anomaly_power')), textsByKey(events));
    assert.equal((await wholeTopic(settings, 'raw_power_dead')).length, JUNK);

    for (const scorer of running.values()) {
      assert.ok((await metric(scorer, 'kafka_takeover_seconds_count')) > 0);
      assert.ok((await metric(scorer, 'kafka_takeover_seconds_sum')) > 0);
      assert.ok((await metric(scorer, 'kafka_rebalances_total')) > 0);
      assert.ok((await metric(scorer, 'kafka_rebalance_seconds_count')) > 0);
      assert.ok((await metric(scorer, 'kafka_rebuild_seconds_count')) > 0);
    }
    const states = await Promise.all(
      [...running.values()].map((scorer) => metric(scorer, 'kafka_takeover_states_total')),
    );
    assert.ok(
      states.reduce((sum, count) => sum + count, 0) > 0,
      'states went over from one process to the next',
    );
    const again = started.flatMap(takeovers);
    assert.ok(again.length >= PARTITIONS, `${again.length} takeovers`);
    assert.ok(
      again.some((readings) => readings > 0),
      'something was folded again',
    );
    // what docs/fleet.md states
    assert.deepEqual(
      again.filter((readings) => readings >= MOST_AGAIN),
      [],
    );
    const unfinished = [...running.values()].map((scorer) => metric(scorer, 'kafka_unfinished_takeovers'));
    assert.deepEqual(await Promise.all(unfinished), [0, 0, 0]);
    const taken = [...running.values()].map((scorer) => metric(scorer, 'kafka_partitions'));
    assert.equal(
      (await Promise.all(taken)).reduce((sum, count) => sum + count, 0),
      PARTITIONS,
    );

    for (const scorer of running.values())
      assert.equal(await scorer.end('SIGTERM'), 0, scorer.logged.join('\n'));
  });
});
