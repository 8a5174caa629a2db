import { wattHours } from '@lefton/core';
import type { Reading } from '@lefton/core';
import assert from 'node:assert/strict';
import { closeSync, copyFileSync, existsSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aReading, secondsOf, START } from '../a-capture.test-data.ts';
import { Spool } from './spool.ts';
import type { SpoolSettings } from './spool.ts';

function aSpool(t: TestContext, settings: Partial<SpoolSettings> = {}) {
  const file = join(aFolder(t), 'spool.db');
  const open = (): Spool => new Spool({ file, most: 1_000, whenFull: 'oldest', ...settings });
  let spool = open();
  t.after(() => {
    spool.close();
  });
  const again = (meanwhile: () => void = () => undefined): Spool => {
    spool.close();
    meanwhile();
    return (spool = open());
  };
  return { spool, again, open, file };
}

const PAGE = 4_096;

function damage(file: string, page: number): void {
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(PAGE, 0xa5), 0, PAGE, page * PAGE);
  closeSync(handle);
}

const middle = (file: string): number => Math.floor(statSync(file).size / PAGE / 2);

const all = (spool: Spool): number[] => secondsOf(spool.oldest(1e6)?.readings ?? []);

describe('a spool', () => {
  it('keeps the last count of each register over a restart, also when all was delivered', (t) => {
    const { spool, again } = aSpool(t);
    const counted = (second: number, meter: string, wh: number | null): Reading => ({
      ...aReading(second, meter),
      energyWh: wh === null ? null : wattHours(wh),
    });
    spool.put([counted(1, 'a', 10), counted(2, 'b', 20), counted(3, 'a', 11), counted(4, 'a', null)]);
    spool.delivered(spool.oldest(10)?.upTo ?? 0);
    const later = again();
    assert.deepEqual(
      ['a', 'b', 'c'].map((meter) => later.register(meter)),
      [11, 20, undefined],
    );
  });

  it('keeps readings as they came until they were delivered, over a restart', (t) => {
    const { spool, again } = aSpool(t);
    const readings = [3, 1, 2].map((second) => aReading(second));
    spool.put(readings);
    const batch = spool.oldest(2);
    assert.deepEqual(batch?.readings, readings.slice(0, 2));
    spool.delivered(batch.upTo);
    spool.put([aReading(4)]);
    const later = again();
    assert.deepEqual(all(later), [2, 4]);
    assert.equal(later.size, 2);
    assert.equal(later.id, spool.id);
  });

  it('never gives the number of a delivered reading to another one', (t) => {
    const { spool, again } = aSpool(t);
    spool.put([aReading(1), aReading(2)]);
    const upTo = spool.oldest(9)?.upTo ?? 0;
    spool.delivered(upTo);
    const later = again();
    later.put([aReading(3)]);
    assert.ok((later.oldest(9)?.upTo ?? 0) > upTo);
  });

  it('remembers the instant of the last reading also when all was delivered, and no later one of a clock that was wrong', (t) => {
    const { spool, again } = aSpool(t);
    assert.equal(spool.newest, undefined);
    const ahead = aReading(86_400 * 365);
    spool.put([ahead]);
    spool.delivered(spool.oldest(9)?.upTo ?? 0);
    spool.put([ahead, aReading(5)]);
    assert.equal(again().newest, START + 5_000);
    const later = again();
    later.delivered(later.oldest(9)?.upTo ?? 0);
    assert.equal(again().newest, START + 5_000);
  });

  it('lets the oldest go when it is full, and counts them', (t) => {
    const { spool } = aSpool(t, { most: 100 });
    for (let second = 0; second < 250; second++) spool.put([aReading(second)]);
    assert.equal(spool.size, 100);
    assert.equal(spool.letGo, 150);
    assert.deepEqual(
      all(spool),
      Array.from({ length: 100 }, (_, i) => 150 + i),
    );
  });

  it('in which no room can be made has put nothing, and has each reading once when there is room', (t) => {
    const { spool, again, file } = aSpool(t, { most: 10 });
    spool.put(Array.from({ length: 10 }, (_, second) => aReading(second)));
    const change = (sql: string) => (): void => {
      const db = new DatabaseSync(file);
      db.exec(sql);
      db.close();
    };
    const full = again(
      change(`CREATE TRIGGER full BEFORE DELETE ON reading BEGIN SELECT RAISE(ABORT, 'full'); END`),
    );
    for (let tries = 0; tries < 2; tries++)
      assert.throws(
        () => {
          full.put([aReading(10)]);
        },
        { code: 'spool_failed', faultClass: 'transient' },
      );
    assert.deepEqual([full.size, full.letGo, all(full).length], [10, 0, 10]);
    const later = again(change('DROP TRIGGER full'));
    later.put([aReading(10)]);
    assert.deepEqual([later.size, later.letGo, all(later)], [10, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]]);
  });

  it('thins the older half of each meter when it is full and was told to', (t) => {
    const { spool } = aSpool(t, { most: 100, whenFull: 'thin' });
    for (let second = 0; second < 101; second++)
      spool.put([aReading(second, second % 2 === 0 ? 'even' : 'odd')]);
    const kept = spool.oldest(1e6)?.readings ?? [];
    assert.equal(spool.size, kept.length);
    assert.equal(spool.letGo, 101 - kept.length);
    const older = (meter: string): number[] =>
      secondsOf(kept.filter((each) => each.meter === meter)).filter((second) => second < 50);
    assert.deepEqual(older('even'), [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48]);
    assert.deepEqual(older('odd'), [1, 5, 9, 13, 17, 21, 25, 29, 33, 37, 41, 45, 49]);
    assert.deepEqual(
      secondsOf(kept).filter((second) => second > 50),
      Array.from({ length: 50 }, (_, i) => 51 + i),
    );
  });

  it('covers a long outage by and by more coarsely, from its beginning on, when it thins', (t) => {
    const { spool } = aSpool(t, { most: 100, whenFull: 'thin' });
    for (let second = 0; second < 5_000; second++) spool.put([aReading(second)]);
    const kept = all(spool);
    assert.ok(kept.length <= 100);
    assert.equal(kept[0], 0);
    assert.equal(kept.at(-1), 4_999);
  });

  it('makes room also where no meter has two readings to thin', (t) => {
    const { spool } = aSpool(t, { most: 10, whenFull: 'thin' });
    for (let second = 0; second < 30; second++) spool.put([aReading(second, `meter-${second}`)]);
    assert.equal(spool.size, 10);
  });

  it('is in the hands of one process', (t) => {
    const { open } = aSpool(t);
    assert.throws(open, { code: 'spool_in_use', faultClass: 'fatal' });
  });

  it('that cannot be read is put aside, and capturing goes on', (t) => {
    const file = join(aFolder(t), 'spool.db');
    writeFileSync(file, 'x'.repeat(10_000));
    const spool = new Spool({ file, most: 10, whenFull: 'oldest' });
    assert.equal(spool.broken, `${file}.broken`);
    assert.ok(existsSync(`${file}.broken`));
    spool.put([aReading(1)]);
    assert.deepEqual(all(spool), [1]);
    spool.close();
  });

  it('with a damaged page is put aside, and goes on with what can be read of it under the same numbers', (t) => {
    const { spool, again, file } = aSpool(t);
    spool.put(Array.from({ length: 900 }, (_, second) => aReading(second)));
    spool.put([{ ...aReading(900), energyWh: wattHours(77) }]);
    const upTo = spool.oldest(1e6)?.upTo ?? 0;
    const later = again(() => {
      damage(file, middle(file));
    });
    assert.equal(later.broken, `${file}.broken`);
    const kept = all(later);
    assert.equal(later.size, kept.length);
    assert.ok(kept.length > 700 && kept.length < 901, `${kept.length} of 901`);
    assert.deepEqual([kept[0], kept.at(-1)], [0, 900]);
    assert.deepEqual(
      kept,
      kept.toSorted((a, b) => a - b),
    );
    assert.deepEqual([later.id, later.newest, later.register('home')], [spool.id, START + 900_000, 77]);
    assert.equal(later.oldest(1e6)?.upTo, upTo);
    assert.equal(again().broken, undefined);
  });

  it('goes on whichever of its pages is damaged', (t) => {
    const { spool, again, file } = aSpool(t);
    spool.put(Array.from({ length: 300 }, (_, second) => aReading(second)));
    const whole = `${file}.whole`;
    again(() => {
      copyFileSync(file, whole);
    });
    for (let page = 0; page < statSync(whole).size / PAGE; page++) {
      const copy = join(aFolder(t), 'spool.db');
      copyFileSync(whole, copy);
      damage(copy, page);
      const later = new Spool({ file: copy, most: 1_000, whenFull: 'oldest' });
      assert.equal(later.broken, `${copy}.broken`, `page ${page}`);
      later.delivered(later.oldest(1e6)?.upTo ?? 0);
      later.put([aReading(1)]);
      assert.deepEqual(all(later), [1]);
      later.close();
    }
  });

  it('in which damage shows later says so at once, and the next start goes on', (t) => {
    const { spool, again, file } = aSpool(t, { most: 1e6 });
    // more than it keeps in memory
    spool.put(Array.from({ length: 50_000 }, (_, second) => aReading(second)));
    const started = again();
    damage(file, middle(file));
    assert.throws(() => started.oldest(1e6), { code: 'spool_failed', faultClass: 'fatal' });
    const later = again();
    assert.equal(later.broken, `${file}.broken`);
    assert.ok(later.size > 49_000);
  });

  it('says so where it cannot be at all', () => {
    assert.throws(() => new Spool({ file: '/proc/none/spool.db', most: 1, whenFull: 'oldest' }), {
      code: 'spool_failed',
      faultClass: 'fatal',
    });
  });
});
