import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { aFolder, aService, minutesCsv, until } from '../a-service.test-data.ts';

/** Ten hours; something is left on from 3:20 to 5:00, and nothing is read from 6:40 to 8:20. */
const HOURS = minutesCsv(600, (minute) => minute >= 200 && minute < 300)
  .split('\n')
  .filter((_, line) => line < 401 || line > 500)
  .join('\n');

describe('a replay', () => {
  it('tells at every speed what a plain reading of the file tells, and ends by itself', async (t) => {
    const file = join(aFolder(t), 'hours.csv');
    writeFileSync(file, HOURS);
    const told: string[][] = [];
    for (const flags of [{ tail: file }, { replay: file, speed: 'max' }, { replay: file, speed: '100000' }]) {
      const service = await aService(t, { ...flags, once: true });
      await service.done;
      assert.deepEqual(service.metrics.readings.by('verdict'), { ok: 500 });
      told.push(service.printed.filter((line) => line.includes('(')));
    }
    const [plain, fastest, paced] = told;
    assert.equal(plain?.length, 5, plain?.join(''));
    assert.match(plain.join(''), /Unusual.*Still on.*Back to usual.*silent.*back after/s);
    assert.deepEqual(fastest, plain);
    assert.deepEqual(paced, plain);
  });

  it('from an instant folds the day before without telling', async (t) => {
    const file = join(aFolder(t), 'hours.csv');
    writeFileSync(file, HOURS);
    const from = '2026-01-05T06:00:00Z';
    const service = await aService(t, { replay: file, speed: 'max', from, once: true });
    await service.done;
    assert.deepEqual(service.metrics.events.by('type'), { meter_silent: 1, meter_back: 1 });
  });

  it('reads packed files, and says so when one is damaged', async (t) => {
    const file = join(aFolder(t), 'hours.csv.gz');
    const packed = gzipSync(HOURS);
    writeFileSync(file, packed);
    const service = await aService(t, { replay: file, speed: 'max', once: true });
    await service.done;
    assert.deepEqual(service.metrics.readings.by('verdict'), { ok: 500 });
    writeFileSync(file, packed.subarray(0, 500));
    const damaged = await aService(t, { replay: file, speed: 'max', once: true });
    await assert.rejects(damaged.done, { code: 'unreadable' });
    const missing = await aService(t, { replay: 'nowhere.csv.gz' });
    await assert.rejects(missing.done, { code: 'unreadable' });
  });

  it('begins with its first reading, also where the lines before it are none or its heading is quoted', async (t) => {
    const file = join(aFolder(t), 'hours.csv');
    for (const first of ['nothing to see', '"at","watts"']) {
      writeFileSync(file, `${first}\n${HOURS}`);
      const service = await aService(t, { replay: file, speed: '100000', once: true });
      await service.done;
      assert.deepEqual(service.metrics.readings.by('verdict'), { ok: 500 });
    }
  });

  it('passes over rows that are no reading', async (t) => {
    const file = join(aFolder(t), 'hours.csv');
    writeFileSync(file, HOURS.replace('\n', '\nnothing to see\n'));
    const service = await aService(t, { replay: file, speed: 'max', once: true });
    await service.done;
    assert.deepEqual(service.metrics.readings.by('verdict'), { ok: 500 });
  });

  it('of a file that is not there is one clear error', async (t) => {
    const service = await aService(t, { replay: 'nowhere.csv' });
    await assert.rejects(service.done, { code: 'unreadable' });
  });
});

describe('standard input', () => {
  it('takes CSV and JSON lines, and the service stays until its end', async (t) => {
    const service = await aService(t, { stdin: true, once: true });
    service.stdin.write('at,watts\n2026-01-05T00:00:00Z,150\n{"at":"2026-01-05T00:01:00Z","wat');
    await until('the first is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 1);
    service.stdin.end('ts":160}\n{"at":\nnot a reading');
    await service.done;
    assert.equal(service.metrics.readings.get({ verdict: 'ok' }), 2);
  });
});
