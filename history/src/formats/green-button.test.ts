import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importHistory } from '../import.ts';
import type { ImportOptions } from '../options.ts';
import type { ImportedHistory } from '../report.ts';

const imported = (xml: string, options: Partial<ImportOptions> = {}): Promise<ImportedHistory> =>
  importHistory([Buffer.from(xml)], { place: 'f.xml', ...options });

const feed = (...entries: readonly string[]): string =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">${entries.join('\n')}</feed>`;
const type = (n: number, fields: string, p = ''): string =>
  `<entry><link rel="self" href="ReadingType/${n}"/><content><${p}ReadingType xmlns="http://naesb.org/espi">${fields}</${p}ReadingType></content></entry>`;
const meterReading = (point: number, n: number, typeNumber: number): string =>
  `<entry><link rel="self" href="UsagePoint/${point}/MeterReading/${n}"/><link rel="related" href="ReadingType/${typeNumber}"/><content/></entry>`;
const block = (
  point: number,
  n: number,
  rows: readonly (readonly [number, number, number])[],
  p = '',
): string =>
  `<entry><link rel="self" href="UsagePoint/${point}/MeterReading/${n}/IntervalBlock/1"/><content><${p}IntervalBlock>` +
  rows
    .map(
      ([start, duration, value]) =>
        `<${p}IntervalReading><${p}timePeriod><${p}duration>${duration}</${p}duration><${p}start>${start}</${p}start></${p}timePeriod><${p}value>${value}</${p}value></${p}IntervalReading>`,
    )
    .join('\n') +
  `</${p}IntervalBlock></content></entry>`;
const WH = '<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>72</uom>';

test('green-button: energy in an interval becomes mean power at its UTC start', async () => {
  const { at, watts } = await imported(
    feed(type(1, WH), meterReading(1, 1, 1), block(1, 1, [[1_704_067_200, 900, 100]])),
  );
  assert.deepEqual([[...at], [...watts]], [[1_704_067_200_000], [400]]);
});

test('green-button: prefixes, a multiplier of -3 and a type that comes after the readings', async () => {
  const milli = '<espi:powerOfTenMultiplier>-3</espi:powerOfTenMultiplier><espi:uom>72</espi:uom>';
  const { watts } = await imported(
    feed(
      meterReading(1, 1, 1),
      block(1, 1, [[1_704_067_200, 3_600, 250_000]], 'espi:'),
      type(1, milli, 'espi:'),
    ),
  );
  assert.deepEqual([...watts], [250]);
});

test('needs 47: green-button energy that flows back to the grid is subtracted', async () => {
  const { watts } = await imported(
    feed(
      type(1, `${WH}<flowDirection>1</flowDirection>`),
      type(2, `${WH}<flowDirection>19</flowDirection>`),
      meterReading(1, 1, 1),
      meterReading(1, 2, 2),
      block(1, 1, [[1_704_110_400, 3_600, 0]]),
      block(1, 2, [[1_704_110_400, 3_600, 1_569]]),
    ),
  );
  assert.deepEqual([...watts], [-1_569]);
});

test('green-button: gas is left out, and the same energy in longer intervals is not added', async () => {
  const { watts, report } = await imported(
    feed(
      type(1, WH),
      type(2, '<uom>119</uom>'),
      meterReading(1, 1, 1),
      meterReading(1, 2, 1),
      meterReading(2, 1, 2),
      block(1, 1, [
        [1_704_067_200, 3_600, 100],
        [1_704_070_800, 3_600, 100],
      ]),
      block(1, 2, [[1_704_067_200, 86_400, 2_400]]),
      block(2, 1, [[1_704_067_200, 3_600, 9]]),
    ),
  );
  assert.deepEqual([...watts], [100, 100]);
  assert.match(report.notes.join(), /unit 119.*left out/);
});

test('green-button: two electric usage points are refused until one is named', async () => {
  const xml = feed(
    type(1, WH),
    meterReading(1, 1, 1),
    meterReading(2, 1, 1),
    block(1, 1, [[1_704_067_200, 3_600, 1]]),
    block(2, 1, [[1_704_067_200, 3_600, 2]]),
  );
  await assert.rejects(imported(xml), { code: 'choice_needed', message: /--entity NAME.*UsagePoint\/1/ });
  assert.deepEqual([...(await imported(xml, { entity: 'UsagePoint/2' })).watts], [2]);
});

test('green-button: a file cut off in the middle keeps what came before', async () => {
  const whole = feed(
    type(1, WH),
    meterReading(1, 1, 1),
    block(1, 1, [
      [1_704_067_200, 3_600, 1],
      [1_704_070_800, 3_600, 2],
    ]),
  );
  // the MeterReading came whole, its block did not
  const { watts, report } = await imported(whole.slice(0, whole.indexOf('</IntervalReading>\n') + 60));
  assert.deepEqual([...watts], [1]);
  assert.match(report.notes.join(), /damaged XML/);
});
