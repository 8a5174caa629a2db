/** Exports of Shelly's meters: a file per phase, all phases in a row, one channel. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importHistory } from '../import.ts';
import type { ImportedHistory } from '../report.ts';

const imported = (...files: readonly string[][]): Promise<ImportedHistory> =>
  importHistory(
    files.map((lines) => Buffer.from(`${lines.join('\n')}\n`)),
    { place: 'f.csv' },
  );
const hours = ({ at }: ImportedHistory): number[] => [...at].map((time) => new Date(time).getUTCHours());
/** One file of a phase that takes so much Wh in each of these hours, and gives back a tenth. */
const phase = (name: string, wh: Readonly<Record<number, number>>): string[] => [
  `Date/time UTC,Active energy Wh (${name}),Returned energy Wh (${name})`,
  ...Object.entries(wh).map(([hour, energy]) => `2024-01-02 0${hour}:00,${energy},${energy / 10}`),
];
const day = (energy: number): Record<number, number> => ({ 0: energy, 1: energy, 2: energy, 3: energy });

test('three files, one per phase, are added, and the report says so', async () => {
  const history = await imported(phase('A', day(100)), phase('B', day(200)), phase('C', day(300)));
  assert.deepEqual([...history.watts], [540, 540, 540, 540]);
  assert.deepEqual(history.report.notes, [
    'phases A, B and C are added: where one of them is missing, so is the sum',
  ]);
});

test('an hour that one phase lacks, also before it began and after it ended, is missing of the sum', async () => {
  const history = await imported(
    phase('A', { ...day(100), 4: 100, 5: 100 }),
    phase('B', { 1: 200, 2: 200, 4: 200 }),
    phase('C', { ...day(300), 4: 300, 5: 300 }),
  );
  assert.deepEqual(hours(history), [1, 2, 4]);
  assert.ok(history.watts.every((power) => power === 540));
  assert.equal(history.report.gaps, 1);
});

test('an hour of one phase that is blank is missing of the sum', async () => {
  const [heading = '', ...rows] = phase('A', day(100));
  const blank = rows.map((row, i) => (i === 1 ? '2024-01-02 01:00,,' : row));
  assert.deepEqual(hours(await imported([heading, ...blank], phase('B', day(200)))), [0, 2, 3]);
});

test('months of each phase are read whatever their order', async () => {
  const early = { 0: 10, 1: 10 };
  const late = { 2: 20, 3: 20 };
  const history = await imported(
    ...[phase('A', late), phase('B', early), phase('A', early), phase('C', early)],
    ...[phase('C', late), phase('B', late)],
  );
  assert.deepEqual([...history.watts].map(Math.round), [27, 27, 54, 54]);
});

test('one or two phases of three are told to be that', async () => {
  const { notes } = (await imported(phase('A', day(1)), phase('B', day(1)))).report;
  assert.match(notes.join(), /phases A and B are added.*only phases A and B: .* in one zip or one after the/);
  const one = (await imported(phase('C', day(1)))).report.notes;
  assert.match(one.join(), /^only phase C: a three-phase home has three such files/);
});

test('a total beside its phases in another file is refused, as energy would count twice', async () => {
  const total = ['Date/time UTC,Active energy Wh', '2024-01-02 00:00,600', '2024-01-02 01:00,600'];
  await assert.rejects(imported(phase('A', day(100)), total), {
    code: 'bad_file',
    message: /the total or its phases, not both.*a total beside phase A/,
  });
});

test('a later meter has all phases in a row of each minute, told in epoch seconds', async () => {
  const columns = ['a', 'b', 'c'].flatMap((name) =>
    ['total_act_energy', 'fund_act_energy', 'total_act_ret_energy', 'max_act_power'].map(
      (what) => `${name}_${what}`,
    ),
  );
  const row = (minute: number): string => `${1_704_067_200 + minute * 60},1,9,0.5,99,2,9,0,99,3,9,0,99`;
  const { at, watts, report } = await imported([`timestamp,${columns.join()}`, row(0), row(1), row(2)]);
  assert.equal(report.format, 'shelly');
  assert.equal(new Date(at[0] ?? NaN).toISOString(), '2024-01-01T00:00:00.000Z');
  assert.deepEqual([...watts], [330, 330, 330]);
  assert.match(report.notes.join(), /^phases A, B and C are added/);
});

test('one channel of a later meter is read as it is', async () => {
  const { watts, report } = await imported([
    'timestamp,total_act_energy,total_act_ret_energy,lag_react_energy,max_act_power',
    '1704067200,22.5,0.5,0,1880.7',
    '1704067260,20.0,0.0,0,1880.7',
  ]);
  assert.deepEqual([[...watts], report.notes], [[1_320, 1_200], []]);
});
