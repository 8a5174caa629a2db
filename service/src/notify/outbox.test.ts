import { LeftOnError, toRecord, wattHours, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START } from '../a-service.test-data.ts';
import type { Alert } from '../ports.ts';
import type { Channel } from '../store-ports.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store.ts';
import { ConsoleChannel } from './console.ts';
import { Outbox } from './outbox.ts';

const record = toRecord({
  type: 'opened',
  episode: 'home@2026-01-05T00:00:00Z',
  meter: 'home',
  at: START,
  hour: 0,
  day: 1,
  watts: watts(2000),
  usualWatts: null,
  score: 2,
  since: START,
  until: null,
  longestMs: null,
  excessWh: wattHours(1),
  cost: null,
  why: 'above 1 kW.',
});
const alert = (event = 'opened'): Alert => {
  return {
    episode: record.episode,
    event,
    channel: 'test',
    record,
    text: 'Unusual: 2.0 kW.',
    zone: 'Europe/Paris',
  };
};
const transient = new LeftOnError({
  code: 'x',
  place: 'x',
  expected: 'a',
  found: 'b',
  faultClass: 'transient',
});

class TestChannel implements Channel {
  readonly name = 'test';
  readonly idempotent: boolean;
  readonly told: string[] = [];
  fault: Error | undefined;

  constructor(idempotent = false) {
    this.idempotent = idempotent;
  }

  deliver({ event }: Alert): Promise<string> {
    this.told.push(event);
    return this.fault === undefined ? Promise.resolve('receipt') : Promise.reject(this.fault);
  }
}

function anOutbox(t: TestContext, channel = new TestChannel()) {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const clock = new SetClock();
  const store = new SqliteStore(db, clock, 400);
  const outbox = new Outbox(
    store.deliveries,
    [channel],
    () => store.mutedUntil(),
    clock,
    () => 1,
    aLog().log,
  );
  const add = (...alerts: Alert[]): void => {
    store.apply({ readings: [], events: [], alerts }, []);
  };
  const states = () => store.deliveries.counts().map(({ state, count }) => [state, count]);
  return { outbox, store, clock, channel, add, states };
}

describe('the outbox', () => {
  it('tells each alert once, in order', async (t) => {
    const { outbox, channel, add, states } = anOutbox(t);
    add(alert('opened'), alert('closed'));
    add(alert('opened'));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'closed']);
    assert.deepEqual(states(), [['sent', 2]]);
  });

  it('does so also when asked twice at the same time', async (t) => {
    const { outbox, channel, add, states } = anOutbox(t);
    add(alert('opened'), alert('closed'));
    await Promise.all([outbox.deliverDue(), outbox.deliverDue()]);
    assert.deepEqual(channel.told, ['opened', 'closed']);
    assert.deepEqual(states(), [['sent', 2]]);
  });

  it('tries again later, with waits that double, until it works', async (t) => {
    const { outbox, channel, clock, add, states } = anOutbox(t);
    channel.fault = transient;
    add(alert());
    await outbox.deliverDue();
    clock.at += 4_999;
    assert.equal(await outbox.deliverDue(), 0);
    clock.at += 1;
    assert.equal(await outbox.deliverDue(), 1);
    clock.at += 9_999;
    assert.equal(await outbox.deliverDue(), 0);
    clock.at += 1;
    channel.fault = undefined;
    await outbox.deliverDue();
    assert.equal(channel.told.length, 3);
    assert.deepEqual(states(), [['sent', 1]]);
  });

  it('gives up at once when it can never work', async (t) => {
    const { outbox, channel, add, states } = anOutbox(t);
    channel.fault = new Error('bad token');
    add(alert());
    await outbox.deliverDue();
    assert.deepEqual(states(), [['failed', 1]]);
  });

  it('lets an alert expire that could not be told for an hour', async (t) => {
    const { outbox, channel, clock, add, states } = anOutbox(t);
    channel.fault = transient;
    add(alert());
    for (let minute = 0; minute < 90; minute++) {
      await outbox.deliverDue();
      clock.at += 60_000;
    }
    assert.deepEqual(states(), [['expired', 1]]);
  });

  it('tells nothing while muted', async (t) => {
    const { outbox, store, channel, clock, add, states } = anOutbox(t);
    store.mute(START + 1000);
    add(alert('opened'));
    await outbox.deliverDue();
    clock.at += 1000;
    add(alert('closed'));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['closed']);
    assert.deepEqual(states(), [
      ['expired', 1],
      ['sent', 1],
    ]);
  });

  it('does not repeat a delivery in whose middle the process stopped', async (t) => {
    const { outbox, store, channel, add, states } = anOutbox(t);
    add(alert());
    store.deliveries.begin(store.deliveries.due(START, 1)[0]?.id ?? 0);
    await outbox.deliverDue();
    assert.deepEqual(channel.told, []);
    assert.deepEqual(states(), [['failed', 1]]);
  });

  it('repeats it where the receiver recognises the repetition', async (t) => {
    const { outbox, store, channel, add, states } = anOutbox(t, new TestChannel(true));
    add(alert());
    store.deliveries.begin(store.deliveries.due(START, 1)[0]?.id ?? 0);
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened']);
    assert.deepEqual(states(), [['sent', 1]]);
  });
});

describe('the console', () => {
  it('prints the local time, the sentence and the reason, or the record as JSON', async () => {
    const lines: string[] = [];
    await new ConsoleChannel((line) => lines.push(line), false).deliver(alert());
    assert.deepEqual(lines, ['2026-01-05 01:00  home: Unusual: 2.0 kW. (above 1 kW)\n']);
    await new ConsoleChannel((line) => lines.push(line), true).deliver(alert());
    assert.deepEqual(JSON.parse(lines[1] ?? ''), record);
  });
});
