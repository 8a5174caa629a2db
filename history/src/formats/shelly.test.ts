/** Exports of Shelly's meters: a file per phase, all phases in a row, one channel. */
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { importHistory } from '../import.ts';
import { JoinedFiles } from '../files/joined-files.ts';
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

test('phases that are told at other times are no sum, which is said', async () => {
  const later = phase('B', day(200)).map((row) => row.replace(':00,', ':10,'));
  const { watts, report } = await imported(phase('A', day(100)), later);
  assert.deepEqual([...watts], []);
  assert.match(report.notes.join(), /at 8 of 8 times a phase has no value, and nothing is read/);
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

/** Files of single channels, which only their names tell apart, each with so much import and export in two minutes. */
const channels = async (
  files: Readonly<Record<string, readonly [number, number]>>,
  entity?: string,
): Promise<ImportedHistory> => {
  const joined = new JoinedFiles(
    Object.entries(files).map(([name, [taken, given]]) => ({
      name,
      preamble: 0,
      open: () =>
        Readable.from([
          Buffer.from(
            `timestamp,total_act_energy,total_act_ret_energy\n${[0, 1, 2, 3].map((i) => `${1_704_067_200 + i * 60},${taken},${given}\n`).join('')}`,
          ),
        ]),
    })),
  );
  return importHistory(joined.chunks(), { place: 'several', files: joined, entity });
};

test('channels of a home are told by the names of their files, and added as the person says', async () => {
  const files = { 'em1data-0.csv': [10, 0], 'em1data-1.csv': [20, 1] } as const;
  await assert.rejects(channels(files), {
    code: 'entity_choice_needed',
    message: /which ones to add, by comma: pass entity \(--entity NAME\), found "em1:0", "em1:1"$/,
  });
  const { watts, report } = await channels(files, 'em1:0,em1:1');
  assert.deepEqual([...watts], [1_740, 1_740, 1_740, 1_740]);
  assert.deepEqual(report.notes, ['em1:0: counted as import', 'em1:1: counted as import']);
  assert.deepEqual([...(await channels(files, 'em1:1')).watts], [1_140, 1_140, 1_140, 1_140]);
});

test('channels are asked for also where one has columns of its own', async () => {
  const other = (name: string): string =>
    `timestamp,total_act_energy,${name}\n1704067200,10,0\n1704067260,10,0\n`;
  const joined = (): JoinedFiles =>
    new JoinedFiles(
      ['a', 'b'].map((name, i) => ({
        name: `em1-${i}.csv`,
        preamble: 0,
        open: () => Readable.from([Buffer.from(other(name))]),
      })),
    );
  const of = (entity?: string): Promise<ImportedHistory> => {
    const files = joined();
    return importHistory(files.chunks(), { place: 'several', files, entity });
  };
  await assert.rejects(of(), { code: 'entity_choice_needed' });
  assert.deepEqual([...(await of('em1:0,em1:1')).watts], [1_200, 1_200]);
});

test('a channel of the sun counts as export, and what it takes at night as import', async () => {
  const files = { 'home em1:0.csv': [10, 0], 'home em1:1.csv': [20, 1] } as const;
  const { watts } = await channels(files, 'em1:0,-em1:1');
  assert.deepEqual([...watts], [-540, -540, -540, -540]);
});

test('months of one channel are one history, and nothing is asked', async () => {
  const { report } = await channels({ 'em1/0/data.csv': [10, 0], 'em1/0/data (1).csv': [10, 0] });
  assert.deepEqual([report.readings, report.duplicates, report.notes], [4, 4, []]);
});

test('channels whose files do not name them are refused, and how to name them is said', async () => {
  await assert.rejects(channels({ 'a.csv': [10, 0], 'b.csv': [20, 1] }), {
    code: 'bad_file',
    message: /channels of one home are chosen and added where their files are called em1-0\.csv, em1-1\.csv/,
  });
});

test('a month in the name of a file is no channel', async () => {
  const { report } = await channels({ 'em1-2024-01.csv': [10, 0], 'em1-2024-02.csv': [10, 0] });
  assert.equal(report.readings, 4);
});
