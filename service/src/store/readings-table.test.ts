import { DAY, HOUR, MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, START } from '../a-service.test-data.ts';
import { Database } from '../sqlite/database.ts';
import { APPLICATION_ID, MIGRATIONS } from '../sqlite/schema.ts';
import type { Point } from '../store-ports.ts';
import { ReadingsTable } from './readings-table.ts';

const HOME = 1;
const ADD_HOME = "INSERT INTO meters VALUES (1, 'home', x'00', 0)";

interface Opened {
  readonly table: ReadingsTable;
  readonly db: Database;
  readonly insert: (points: readonly Point[]) => void;
}

function open(t: TestContext, file = join(aFolder(t), 'lefton.db')): Opened {
  const db = new Database(file);
  t.after(() => {
    db.close();
  });
  const table = new ReadingsTable(db);
  const insert = (points: readonly Point[]): void => {
    db.transaction(() => {
      table.insert(HOME, points);
    });
  };
  return { table, db, insert };
}

function aTable(t: TestContext): Opened {
  const opened = open(t);
  opened.db.prepare(ADD_HOME).run();
  return opened;
}

const every = (step: number, count: number, wattsOf: (i: number) => number): Point[] =>
  Array.from({ length: count }, (_, i) => ({ at: START + i * step, watts: wattsOf(i) }));

/** What is to come of thinning, by looking at every reading. */
function expectedOf(readings: readonly Point[], columnMs: number): Set<number> {
  const columns = [...Map.groupBy(readings, ({ at }) => Math.floor(at / columnMs))].sort(([a], [b]) => a - b);
  const kept = new Set<number>();
  for (const [i, [number, column]] of columns.entries()) {
    const powers = column.map(({ watts }) => watts);
    kept.add(Math.min(...powers)).add(Math.max(...powers));
    if (columns[i - 1]?.[0] !== number - 1) kept.add(column[0]?.watts ?? NaN);
    if (columns[i + 1]?.[0] !== number + 1) kept.add(column.at(-1)?.watts ?? NaN);
  }
  return kept;
}

describe('readings for the page', () => {
  it('are all there where they fit', (t) => {
    const { table, insert } = aTable(t);
    const readings = every(1000, 100, (i) => i % 10);
    insert(readings);
    const range = { meter: 'home', from: START, to: START + HOUR, points: 100 };
    assert.deepEqual(table.query(HOME, range), { points: readings, columnMs: null });
  });

  it('are otherwise the lowest and highest of each column, and the ends of every gap', (t) => {
    const { table, db, insert } = aTable(t);
    const empty = ['readings', 'stretches'].map((name) => db.prepare(`DELETE FROM ${name}`));
    fc.assert(
      fc.property(
        fc.record({
          step: fc.constantFrom(1_000, 10_000, MINUTE),
          gaps: fc.array(fc.tuple(fc.nat(2_000), fc.nat(600)), { maxLength: 4 }),
          points: fc.integer({ min: 1, max: 300 }),
          from: fc.integer({ min: -HOUR, max: 2 * HOUR }),
          length: fc.integer({ min: MINUTE, max: 2 * DAY }),
          seed: fc.integer({ min: 1, max: 1_000 }),
        }),
        ({ step, gaps, points: asked, from, length, seed }) => {
          for (const statement of empty) statement.run();
          // each power once, so that a point can be told by it
          const readings = every(step, 2_000, (i) => ((i * 7_919 * seed) % 2_003) + i / 10_000).filter(
            (_, i) => !gaps.some(([start, count]) => i >= start && i < start + count),
          );
          insert(readings);
          const range = { meter: 'home', from: START + from, to: START + from + length, points: asked };
          const within = readings.filter(({ at }) => at >= range.from && at < range.to);
          const { points, columnMs } = table.query(HOME, range);
          const most = Math.max(6, asked);
          assert.equal(columnMs === null, within.length <= most);
          assert.ok(points.length <= most, `${points.length} of ${most}`);
          assert.deepEqual(
            points,
            [...points].sort((a, b) => a.at - b.at),
          );
          const expected =
            columnMs === null ? within.map(({ watts }) => watts) : expectedOf(within, columnMs);
          assert.deepEqual(new Set(points.map(({ watts }) => watts)), new Set(expected));
        },
      ),
      { numRuns: 40, seed: 7 },
    );
  });

  it('show a spike of one second in a year, and the points stay where they are when the range moves', (t) => {
    const { table, insert } = aTable(t);
    insert(every(10 * MINUTE, 52_560, (i) => 100 + (i % 50)));
    const spike = { at: START + 200 * DAY + 1_000, watts: 9_000 };
    insert([spike]);
    const range = { meter: 'home', from: START, to: START + 365 * DAY, points: 800 };
    const { points, columnMs } = table.query(HOME, range);
    assert.ok(points.some(({ at, watts }) => at === spike.at && watts === 9_000));
    const later = table.query(HOME, { ...range, from: range.from + DAY, to: range.to + DAY });
    assert.equal(later.columnMs, columnMs);
    const inBoth = (all: readonly Point[]): Point[] =>
      all.filter(({ at }) => at >= START + 3 * DAY && at < START + 362 * DAY);
    assert.deepEqual(inBoth(later.points), inBoth(points));
  });

  it('are right after a reading has taken the place of another, and after the oldest are gone', (t) => {
    const { table, insert } = aTable(t);
    insert(every(MINUTE, 3_000, (i) => (i === 7 ? 9_000 : 100 + (i % 5))));
    insert([{ at: START + 7 * MINUTE, watts: 50 }]);
    const range = { meter: 'home', from: START, to: START + 3_000 * MINUTE };
    // columns of hours, and of half days
    const powers = (): number[] =>
      [20, 8].flatMap((points) => table.query(HOME, { ...range, points }).points.map(({ watts }) => watts));
    assert.deepEqual([Math.min(...powers()), Math.max(...powers())], [50, 104]);
    assert.equal(table.expire(HOME, 2_989 * MINUTE, 1_000, START + 3 * DAY), 10);
    assert.deepEqual([Math.min(...powers()), Math.max(...powers())], [100, 104]);
    assert.equal(table.query(HOME, { ...range, points: 20 }).points[0]?.at, START + 10 * MINUTE);
  });

  it('are thinned also where an older version kept them, and before 1970', (t) => {
    const file = join(aFolder(t), 'lefton.db');
    const version = MIGRATIONS.findIndex((step) => step.includes('CREATE TABLE stretches'));
    const old = new DatabaseSync(file);
    old.exec(`${MIGRATIONS.slice(0, version).join('')} PRAGMA application_id = ${APPLICATION_ID};
      PRAGMA user_version = ${version}; ${ADD_HOME}; BEGIN;`);
    const insert = old.prepare('INSERT INTO readings VALUES (1, ?, ?)');
    const readings = every(MINUTE, 2_000, (i) => (i * 7_919) % 2_003);
    // the minutes around the beginning of 1970, where a remainder is below 0
    const shift = START - Math.floor(START / DAY) * DAY + 1_000 * MINUTE + 7;
    const early = readings.map(({ at, watts }) => ({ at: at - START - shift, watts }));
    for (const { at, watts } of early) insert.run(at, watts);
    old.exec('COMMIT');
    old.close();
    const { table } = open(t, file);
    const from = early[0]?.at ?? NaN;
    for (const asked of [60, 8]) {
      const range = { meter: 'home', from, to: from + 2_000 * MINUTE, points: asked };
      const { points, columnMs } = table.query(HOME, range);
      const expected = expectedOf(early, columnMs ?? assert.fail('they are thinned'));
      assert.deepEqual(new Set(points.map(({ watts }) => watts)), expected);
    }
  });
});

describe('readings that were taken in', () => {
  it('are noted, to be taken out again, for no longer than they are kept', (t) => {
    const { table, db } = aTable(t);
    const past = every(DAY, 10, () => 150).map((point) => ({ ...point, until: point.at + MINUTE }));
    db.transaction(() => table.fill(HOME, past));
    const noted = (): number[] =>
      db
        .prepare('SELECT at FROM taken_in ORDER BY at')
        .all()
        .map(({ at }) => (Number(at) - START) / DAY);
    assert.deepEqual(noted(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    table.expire(HOME, 4 * DAY, 3, START + 9 * DAY);
    assert.deepEqual(noted(), [3, 4, 5, 6, 7, 8, 9]);
    table.expire(HOME, 4 * DAY, 100, START + 9 * DAY);
    assert.deepEqual(noted(), [5, 6, 7, 8, 9]);
    table.expire(HOME, 4 * DAY, 100, START + 100 * DAY, true);
    assert.deepEqual(noted(), []);
  });
});
