import { fit } from '@lefton/core';
import type { History, LeftOnModel } from '@lefton/core';
import { SetClock, START } from './a-service.test-data.ts';
import type { Database } from './sqlite/database.ts';
import { SqliteStore } from './store/store.ts';

const MINUTE = 60_000;

/** A home by the minute from START on: a fridge, an hour of cooking in the evening, all of it a little different each day. */
export function aHistory(days: number): History {
  const at = Float64Array.from({ length: days * 1440 }, (_, i) => START + i * MINUTE);
  const watts = at.map((_, i) => {
    const [day, minute] = [Math.floor(i / 1440), i % 1440];
    const cooking = minute >= 1080 + ((day * 17) % 40) && minute < 1130 + ((day * 29) % 50);
    return 120 + (i % 47 < 16 ? 90 : 0) + ((i * 7919) % 13) + (cooking && i % 12 < 7 ? 2100 : 0);
  });
  return { at, watts };
}

/** A model of its first days. */
export const fittedOn = (days: number): LeftOnModel =>
  fit(aHistory(days), {
    ...{
      zone: 'UTC',
      meter: 'home',
      falseAlarmsPerMonth: 1,
      fittedOn: 'made up',
      sha256: null,
      software: 'test',
    },
  });

/** The same as another version of LeftOn would have written it: with one watcher less. */
export function ofAnotherVersion(model: LeftOnModel): LeftOnModel {
  const { left_on } = model;
  return { ...model, left_on: left_on && { ...left_on, watchers: left_on.watchers.slice(1) } };
}

/** Such days in a database, as a service would have kept them. */
export function keepHistory(db: Database, { at, watts }: History): SqliteStore {
  const store = new SqliteStore(db, new SetClock(), 400);
  const readings = Array.from(at, (instant, i) => ({ meter: 'home', at: instant, watts: watts[i] ?? 0 }));
  db.transaction(() => {
    store.apply({ readings, events: [], alerts: [] }, [
      { meter: 'home', state: new Uint8Array(), heardAt: 0 },
    ]);
  });
  return store;
}
