import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LeftOnError, MINUTE, Zone, formatUtc } from '@lefton/core';
import fc from 'fast-check';
import { formatNames } from './format-names.ts';
import { writeCanonical } from './formats/canonical.ts';
import { examples } from './formats/examples.test-data.ts';
import { importHistory } from './import.ts';
import type { ImportOptions } from './options.ts';
import type { ImportedHistory } from './report.ts';

/** Runs of the properties; a longer search: LEFTON_RUNS=100000. */
const RUNS = Number(process.env['LEFTON_RUNS'] ?? 5_000);

const imported = (
  bytes: Uint8Array | string,
  options: Partial<ImportOptions> = {},
): Promise<ImportedHistory> =>
  importHistory([typeof bytes === 'string' ? Buffer.from(bytes) : bytes], { place: 'f', ...options });

/** A report that adds up, or a LeftOnError; anything else fails. */
async function survives(
  bytes: Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<ImportedHistory | undefined> {
  try {
    const history = await imported(bytes, options);
    const { at, watts, report } = history;
    assert.equal(report.readings, at.length);
    assert.equal(watts.length, at.length);
    at.forEach((time, i) => {
      assert.ok(Number.isInteger(time) && time > (at[i - 1] ?? -Infinity), `instant ${time} at ${i}`);
    });
    assert.ok(watts.every((power) => Math.abs(power) <= 200_000));
    return history;
  } catch (error) {
    if (error instanceof LeftOnError) return undefined;
    throw error;
  }
}

const reading = fc.record({
  at: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2026, 0, 1) }),
  milliwatts: fc.integer({ min: -99_999_999, max: 99_999_999 }),
});
const readings = fc.uniqueArray(reading, { selector: ({ at }) => at, maxLength: 60 });

test('what is written as canonical is read back the same', async () => {
  await fc.assert(
    fc.asyncProperty(readings, async (list) => {
      const sorted = list.sort((a, b) => a.at - b.at);
      const at = Float64Array.from(sorted, (one) => one.at);
      const watts = Float64Array.from(sorted, (one) => one.milliwatts / 1_000);
      const text = [...writeCanonical({ at, watts })].join('');
      assert.doesNotMatch(text.slice(text.indexOf('\n')), /e/);
      const back = await imported(text);
      assert.deepEqual([[...back.at], [...back.watts]], [[...at], [...watts]]);
      assert.equal(back.report.rejected_count, 0);
    }),
    { numRuns: 300 },
  );
});

test('shuffled and repeated rows give the same history', async () => {
  const shuffles = readings.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }), fc.subarray(list)),
  );
  const table = (list: readonly { at: number; milliwatts: number }[]): string =>
    `at,watts\n${list.map(({ at, milliwatts }) => `${formatUtc(at)},${milliwatts / 1_000}\n`).join('')}`;
  await fc.assert(
    fc.asyncProperty(shuffles, async ([list, shuffled, repeated]) => {
      const plain = await imported(table(list));
      const mixed = await imported(table([...shuffled, ...repeated]));
      assert.deepEqual([mixed.at, mixed.watts], [plain.at, plain.watts]);
      assert.equal(mixed.report.duplicates, repeated.length);
    }),
    { numRuns: 300 },
  );
});

for (const zoneName of ['Europe/Paris', 'America/Los_Angeles', 'Australia/Lord_Howe']) {
  test(`local times of ${zoneName} over both changes come back, in order and from new to old`, async () => {
    const zone = new Zone(zoneName);
    const rows: string[] = [];
    const instants: number[] = [];
    for (let at = Date.UTC(2023, 2, 1); at < Date.UTC(2023, 11, 1); at += 15 * MINUTE) {
      instants.push(at);
      const [date = '', time = ''] = zone.format(at).slice(0, 16).split('T');
      rows.push(`${date.split('-').reverse().join('/')};${time}:00;0.5;0;0;0;0;0;0\n`);
    }
    const head = examples['uci']?.text.split('\n')[0] ?? '';
    for (const ordered of [rows, rows.toReversed()]) {
      const { at, report } = await imported(`${head}\n${ordered.join('')}`, { zone: zoneName });
      assert.deepEqual([...at], instants);
      assert.deepEqual([report.gaps, report.rejected_count, report.duplicates], [0, 0, 0]);
    }
  });
}

test('there is an example of every format, it is detected, and it is a kilowatt throughout', async () => {
  assert.deepEqual(Object.keys(examples).sort(), [...formatNames].sort());
  for (const [name, { text, options }] of Object.entries(examples)) {
    const { report, watts } = await imported(text, options);
    assert.equal(report.format, name);
    assert.ok(
      report.readings >= 47 && report.gaps === 0 && report.rejected_count === 0,
      `${name} ${JSON.stringify(report)}`,
    );
    assert.ok(
      watts.every((power) => Math.abs(power - 1_000) < 1e-6),
      name,
    );
  }
});

test('a file cut off anywhere keeps what came before, or is refused', async () => {
  for (const { text, options } of Object.values(examples)) {
    const bytes = Buffer.from(text);
    for (let length = 0; length < bytes.length; length += 97)
      await survives(bytes.subarray(0, length), options);
  }
});

test('the bytes may come in pieces of any size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.values(examples)),
      fc.integer({ min: 1, max: 300 }),
      async (example, size) => {
        const bytes = Buffer.from(example.text);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        );
        const options = { place: 'f', ...example.options };
        const [whole, pieced] = [await importHistory([bytes], options), await importHistory(pieces, options)];
        assert.deepEqual(pieced, whole);
      },
    ),
    { numRuns: 100 },
  );
});

test('random bytes give a report or a LeftOnError', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
      await survives(bytes);
    }),
    { numRuns: RUNS },
  );
});

test('examples with bytes changed, rows swapped and pieces repeated give a report or a LeftOnError', async () => {
  const damage = fc.record({
    example: fc.constantFrom(...Object.values(examples)),
    changes: fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 12 }),
    piece: fc.tuple(fc.nat(), fc.nat(400), fc.nat()),
    told: fc.constantFrom<Partial<ImportOptions>>(
      {},
      { labels: 'end' },
      { unit: 'Wh' },
      { entity: 'a,b' },
      { zone: 'UTC' },
    ),
  });
  await fc.assert(
    fc.asyncProperty(damage, async ({ example, changes, piece: [from, length, to], told }) => {
      const bytes = Buffer.from(example.text);
      for (const [place, value] of changes) bytes[place % bytes.length] = value;
      const start = from % bytes.length;
      const piece = bytes.subarray(start, start + length);
      const edge = to % bytes.length;
      await survives(Buffer.concat([bytes.subarray(0, edge), piece, bytes.subarray(edge)]), {
        ...example.options,
        ...told,
      });
    }),
    { numRuns: Math.ceil(RUNS / 5) },
  );
});

test('lines without end, a million columns and a million meters stay within bounds', async () => {
  const megabytes = (text: string, count: number): Uint8Array =>
    Buffer.from(text.repeat(Math.ceil((count * 1_048_576) / text.length)));
  for (const filler of ['x', ',', '"', '<a', '<a>', '\n', '\r'])
    for (const head of ['at,watts\n', 'entity_id,type,unit,', 'Giorno;00:00-00:15;', '<feed>IntervalBlock'])
      await survives(Buffer.concat([Buffer.from(head), megabytes(filler, 1.25)]), { zone: 'UTC' });
  const meters = Array.from({ length: 20_000 }, (_, i) => `2024-01-01T00:00:00Z,1,m${i}\n`).join('');
  await assert.rejects(imported(`at,watts,meter\n${meters}`), { code: 'meter_choice_needed' });
});
