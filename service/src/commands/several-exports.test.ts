/** Exports that a person names one by one, as one history. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { lefton as run } from './a-command.test-data.ts';
import type { Result } from './a-command.test-data.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const HOUSE = join(ROOT, 'data', 'sample-house', 'readings.csv.gz');
const ZONE = ['--zone', 'Europe/Amsterdam'] as const;
const folder = mkdtempSync(join(tmpdir(), 'lefton-several-'));
const months: string[] = [];

const lefton = (...args: readonly string[]): Promise<Result> => run(args, folder);

const json = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;

before(() => {
  const [heading = '', ...rows] = gunzipSync(readFileSync(HOUSE)).toString().trimEnd().split('\n');
  for (const [month, of] of Map.groupBy(rows, (row) => row.slice(0, 7))) {
    months.push(`${month}.csv`);
    writeFileSync(join(folder, `${month}.csv`), `${[heading, ...of].join('\n')}\n`);
  }
});

test('import reads several files as one, and says where each begins', async () => {
  const whole = json((await lefton('import', HOUSE, '--json')).stdout);
  const { code, stdout } = await lefton('import', ...months, '--json');
  const report = json(stdout);
  assert.equal(code, 0);
  for (const key of ['rows', 'readings', 'gaps', 'first', 'last']) assert.equal(report[key], whole[key]);
  assert.match(String(report.notes), /read as one: \d{4}-\d\d\.csv from line 1, /);
});

test('import does not write over any of them', async () => {
  const { code, stderr } = await lefton('import', ...months, '--out', months[1] ?? '');
  assert.equal(code, 2);
  assert.match(stderr, /--out: expected another file than the export/);
});

test('fit, backtest, refit and check take several files after --csv, or it several times', async () => {
  const [first = '', ...more] = months;
  const fitted = await lefton('fit', '--csv', ...months, ...ZONE, '--no-hold-out', '--out', 'all.json');
  assert.equal(fitted.code, 0, fitted.stderr);
  const repeated = more.flatMap((file) => ['--csv', file]);
  const again = await lefton(
    ...['fit', '--csv', first, ...repeated, ...ZONE, '--no-hold-out', '--out', 'again.json', '--json'],
  );
  const { days, readings, fitted_on: place, sha256 } = json(again.stdout);
  assert.equal(place, `${first} and ${more.length} more`);
  const { provenance } = json(readFileSync(join(folder, 'all.json'), 'utf8'));
  const { provenance: other } = json(readFileSync(join(folder, 'again.json'), 'utf8'));
  assert.deepEqual(provenance, other);
  assert.ok(Number(days) > 100 && Number(readings) > 100_000 && typeof sha256 === 'string');
  const model = ['--model', 'all.json'];
  const from = ['--from', '2026-03-24T00:00:00+01:00'];
  const summary = (await lefton('backtest', '--csv', ...months, ...model, ...from)).stdout;
  assert.match(summary, /\d+ days, \d+ readings/);
  assert.equal((await lefton('refit', '--csv', ...months, ...model, '--dry-run')).code, 0);
  const checked = await lefton('check', '--csv', ...months, ...ZONE);
  assert.match(checked.stdout, /ok {3}history: canonical, \d+ readings/);
});

test('what is to be typed next names all files, quoted where the shell needs it', async () => {
  writeFileSync(join(folder, 'bad month.csv'), 'at,watts\nnever,1\n');
  const { stdout } = await lefton(
    ...['fit', '--csv', ...months, 'bad month.csv', ...ZONE, '--no-hold-out', '--out', 'x.json'],
  );
  const names = [...months, "'bad month.csv'"].join(' ');
  assert.ok(stdout.includes(`1 row could not be used: npx lefton import ${names} names`), stdout);
});
