import { DAY, wattHours, watts } from '@lefton/core';
import type { AnomalyEvent, AnomalyType } from '@lefton/core';
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, SetClock, START } from '../a-service.test-data.ts';
import type { Changes, KeptReading, MeterRow } from '../ports.ts';
import { fillDisk } from '../sqlite/a-full-disk.test-data.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from './store.ts';

const NONE: Changes = { readings: [], events: [], alerts: [] };
const METER = { meter: 'home', state: new Uint8Array([1, 2, 3]), heardAt: START };

function aStore(t: TestContext): InTransactions {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  return new InTransactions(db);
}

/** Applies as the transport does: in one transaction, which is one wait for the disk. */
class InTransactions extends SqliteStore {
  readonly #db: Database;

  constructor(db: Database) {
    super(db, new SetClock(), 400);
    this.#db = db;
  }

  override apply(changes: Changes, meters: readonly MeterRow[] = []): void {
    this.#db.transaction(() => {
      super.apply(changes, meters);
    });
  }
}

function anEvent(type: AnomalyType, minute: number, more: Partial<AnomalyEvent> = {}): AnomalyEvent {
  return {
    type,
    episode: 'home@2026-01-05T00:00:00Z',
    meter: 'home',
    at: START + minute * 60_000,
    hour: 0,
    day: 1,
    watts: watts(2000),
    meanWatts: null,
    usualWatts: watts(150),
    score: 1.5,
    since: START,
    until: null,
    longestMs: null,
    excessWh: wattHours(10 * minute),
    cost: null,
    why: `${type} at ${minute}`,
    ...more,
  };
}

const readings = (count: number): KeptReading[] =>
  Array.from({ length: count }, (_, i) => ({
    meter: 'home',
    at: START + i * 1000,
    watts: i === 777 ? 9000 : i % 10,
  }));

describe('the store', () => {
  it('gives readings of a range in order, and none for a meter it does not know', (t) => {
    const store = aStore(t);
    store.apply({ ...NONE, readings: readings(10) }, [METER]);
    const range = { from: START + 2000, to: START + 5000, points: 100 };
    assert.deepEqual(
      store.readings({ meter: 'home', ...range }).points.map(({ watts }) => watts),
      [2, 3, 4],
    );
    assert.deepEqual(store.readings({ meter: 'barn', ...range }).points, []);
  });

  it('is the same after changes were applied twice', (t) => {
    const store = aStore(t);
    const record = { v: 1, type: 'opened', meter: 'home', at: '2026-01-05T00:05:00Z' } as never;
    const alert = { episode: 'e', event: 'opened', channel: 'console', record, zone: 'UTC' };
    const changes = {
      readings: readings(3),
      events: [anEvent('opened', 5)],
      alerts: [alert],
    };
    store.apply(changes, [METER]);
    store.apply(changes, [METER]);
    assert.equal(store.readings({ meter: 'home', from: 0, to: START * 2, points: 10 }).points.length, 3);
    assert.equal(store.episodes({ meter: undefined, from: undefined, limit: 10 }).length, 1);
    assert.equal(store.deliveries.due('console', START, 10).length, 1);
    assert.deepEqual(store.meters(), [METER]);
  });

  it('follows an episode from its opening to its end', (t) => {
    const store = aStore(t);
    const query = { meter: 'home', from: undefined, limit: 10 };
    store.apply({ ...NONE, events: [anEvent('opened', 5)] });
    store.apply({ ...NONE, events: [anEvent('still_on', 65, { score: 3, watts: watts(2500) })] });
    const [open] = store.episodes(query);
    assert.equal(open?.open, true);
    assert.equal(open.score, 3);
    const ended = anEvent('closed', 90, { until: START + 70 * 60_000, score: 0.1, watts: watts(150) });
    store.apply({ ...NONE, events: [ended] });
    const [closed] = store.episodes(query);
    assert.deepEqual(closed, {
      episode: 'home@2026-01-05T00:00:00Z',
      kind: 'unusual',
      meter: 'home',
      open: false,
      since: START,
      opened_at: START + 5 * 60_000,
      until: START + 70 * 60_000,
      closed_at: START + 90 * 60_000,
      watts: 2500,
      usual_watts: 150,
      score: 3,
      excess_wh: 900,
      cost: null,
      why: 'still_on at 65',
      label: null,
    });
  });

  it('keeps a silence that begins with the same reading as an episode apart from it', (t) => {
    const store = aStore(t);
    store.apply({
      ...NONE,
      events: [anEvent('opened', 5), anEvent('meter_silent', 70), anEvent('meter_back', 80)],
    });
    const kinds = store
      .episodes({ meter: undefined, from: undefined, limit: 10 })
      .map(({ kind, open }) => [kind, open]);
    assert.deepEqual(kinds.sort(), [
      ['silent', false],
      ['unusual', true],
    ]);
  });

  it('keeps what people said of an episode', (t) => {
    const store = aStore(t);
    assert.equal(store.label('nothing', 'fine', START), false);
    store.apply({ ...NONE, events: [anEvent('opened', 5)] });
    assert.equal(store.label('home@2026-01-05T00:00:00Z', 'left_on', START), true);
    assert.equal(store.label('home@2026-01-05T00:00:00Z', 'fine', START), true);
    assert.equal(store.episodes({ meter: undefined, from: undefined, limit: 10 })[0]?.label, 'fine');
  });

  it('tells whoever mutes, answers or logs in on a full disk that there is no room', (t) => {
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    const store = new InTransactions(db);
    store.apply({ ...NONE, events: [anEvent('opened', 5)] });
    const writes: readonly (readonly [change: string, () => unknown])[] = [
      [
        'INSERT ON mute',
        () => {
          store.mute(START);
        },
      ],
      ['INSERT ON labels', () => store.label('home@2026-01-05T00:00:00Z', 'fine', START)],
      [
        'INSERT ON sessions',
        () => {
          store.sessions.put(new Uint8Array([1]), START);
        },
      ],
      [
        'INSERT ON closed_channels',
        () => {
          store.deliveries.close('console', START, 'why');
        },
      ],
      [
        'INSERT ON last_import',
        () => {
          store.noteImport('home', '{}');
        },
      ],
    ];
    for (const [change, write] of writes) {
      const makeRoom = fillDisk(db, change);
      assert.throws(write, { code: 'storage_full', faultClass: 'transient' }, change);
      makeRoom();
      write();
    }
  });

  it('deletes readings that are older than the newest by the retention, also of an old history', (t) => {
    const store = aStore(t);
    const old = { meter: 'home', at: START - 500 * DAY, watts: 1 };
    store.apply({ ...NONE, readings: [old, ...readings(2)] }, [METER]);
    assert.equal(store.expire(START + 5000 * DAY), false);
    assert.equal(store.readings({ meter: 'home', from: 0, to: START * 2, points: 10 }).points.length, 2);
  });

  it('keeps its readings where one was taken while the clock was far ahead', (t) => {
    const store = aStore(t);
    const ahead = { meter: 'home', at: START + 500 * DAY, watts: 1 };
    store.apply({ ...NONE, readings: [...readings(100), ahead] }, [METER]);
    store.expire(START + DAY);
    // nor while it is behind
    store.expire(START - 9000 * DAY);
    const kept = store.readings({ meter: 'home', from: 0, to: START + DAY, points: 500 }).points;
    assert.equal(kept.length, 100);
  });
});
