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

const START = 1_704_067_200;
/** Readings an hour long, from START. */
const hours = (values: readonly number[]): [number, number, number][] =>
  values.map((value, i) => [START + i * 3_600, 3_600, value]);
/** A feed of one usage point with a MeterReading for each pair of the fields of its type and its hours. */
const hourly = (...parts: readonly (readonly [string, readonly number[]])[]): string =>
  feed(
    ...parts.flatMap(([fields, values], i) => [
      type(i, WH + fields),
      meterReading(1, i, i),
      block(1, i, hours(values)),
    ]),
  );
const flow = (kind: number): string => `<flowDirection>${kind}</flowDirection>`;
const accumulation = (kind: number): string => `<accumulationBehaviour>${kind}</accumulationBehaviour>`;

test('green-button: a net reading beside those it is the net of is not counted again', async () => {
  const [delivered, received, net] = [
    [flow(1), [500, 400, 0]],
    [flow(19), [0, 100, 300]],
    [flow(4), [500, 300, -300]],
  ] as const;
  for (const parts of [
    [delivered, received, net],
    [net, received, delivered],
    [delivered, net],
    [net, received],
    [net],
  ]) {
    const { watts, report } = await imported(hourly(...parts));
    assert.deepEqual([[...watts], report.duplicates], [[500, 300, -300], 0]);
  }
  const total = await imported(hourly([flow(20), [500, 500, 300]], delivered, received));
  assert.deepEqual([...total.watts], [500, 300, -300]);
  assert.match(total.report.notes.join(), /only the forward and reverse readings/);
});

test('green-button: hours of the time before the meter told quarters are read, days are not', async () => {
  const quarters = [0, 1, 2, 3].map((i): [number, number, number] => [START + 7_200 + i * 900, 900, 25]);
  const day: [number, number, number] = [START - 86_400, 86_400, 2_400];
  const parts = [type(1, WH), meterReading(1, 1, 1), block(1, 1, quarters), meterReading(1, 2, 1)];
  const upgraded = await imported(feed(...parts, block(1, 2, hours([200, 300]))));
  assert.deepEqual([...upgraded.watts], [200, 300, 100, 100, 100, 100]);
  assert.doesNotMatch(upgraded.report.notes.join(), /left out/);
  const both = [block(1, 2, hours([200, 300, 400])), meterReading(1, 3, 1), block(1, 3, [day])];
  const { watts, report } = await imported(feed(...parts, ...both));
  assert.deepEqual([...watts], [200, 300, 100, 100, 100, 100]);
  assert.match(report.notes.join(), /the same energy in longer intervals is left out/);
});

test('green-button: the greatest demand of an interval does not take the place of its energy', async () => {
  const demand = type(2, '<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>38</uom>');
  const parts = [type(1, WH), meterReading(1, 1, 1), block(1, 1, hours([100, 200]))];
  const { watts, report } = await imported(
    feed(...parts, demand, meterReading(1, 2, 2), block(1, 2, hours([900, 900]))),
  );
  assert.deepEqual([...watts], [100, 200]);
  assert.match(report.notes.join(), /power is left out, as there is the energy of its intervals/);
});

test('green-button: of hours before the quarters each is read once, whatever else tells them', async () => {
  const quarters = [0, 1, 2, 3].map((i): [number, number, number] => [START + 7_200 + i * 900, 900, 25]);
  const halves = [2, 3].map((i): [number, number, number] => [START + i * 1_800, 1_800, 75]);
  const { watts, report } = await imported(
    feed(
      type(1, WH),
      type(2, '<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>38</uom>'),
      ...[1, 2, 3].map((n) => meterReading(1, n, 1)),
      meterReading(1, 4, 2),
      block(1, 1, quarters),
      block(1, 2, halves),
      block(1, 3, hours([200, 150])),
      block(1, 4, hours([900, 900])),
    ),
  );
  assert.deepEqual([...watts], [200, 150, 150, 100, 100, 100, 100]);
  assert.doesNotMatch(report.notes.join(), /two different values/);
});

test('green-button: a month of hours between months of quarters is told by nobody else, and read', async () => {
  const month = (from: number, length: number, wh: number): string =>
    feed(
      type(1, WH),
      meterReading(1, 1, 1),
      block(
        1,
        1,
        [0, 1, 2, 3].map((i) => [from + i * length, length, wh]),
      ),
    );
  const [one, two, three] = [
    month(START, 900, 25),
    month(START + 3_600, 3_600, 200),
    month(START + 18_000, 900, 75),
  ];
  const { watts, report } = await imported(one + two + three);
  assert.deepEqual([...watts], [100, 100, 100, 100, 200, 200, 200, 200, 300, 300, 300, 300]);
  assert.deepEqual(report.notes, []);
});

test('green-button: feeds that stand one after the other need no declaration, wherever they are cut', async () => {
  const one = (from: number, wh: number): string =>
    feed(type(1, WH), meterReading(1, 1, 1), block(1, 1, [[from, 900, wh]])).replace(/<\?xml[^>]*>/, '');
  const bytes = Buffer.from(
    `${one(START, 25)}\n${one(START + 900, 50)}<?xml version="1.0"?>${one(START + 1_800, 75)}`,
  );
  for (const size of [bytes.length, 1, 2, 7, 64]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
    const { watts, report } = await importHistory(pieces, { place: 'f.xml' });
    assert.deepEqual([[...watts], report.notes], [[100, 200, 300], []], `pieces of ${size}`);
  }
});

test('green-button: a net of days does not take the place of the hours', async () => {
  const xml = feed(
    type(1, WH + flow(1)),
    type(2, WH + flow(4)),
    meterReading(1, 1, 1),
    meterReading(1, 2, 2),
    block(1, 1, hours([100, 100])),
    block(1, 2, [[START, 86_400, 2_400]]),
  );
  assert.deepEqual([...(await imported(xml)).watts], [100, 100]);
});

test('green-button: totals of a register give the power between them', async () => {
  const totals = [1_000_500, 1_000_900, 1_001_300];
  for (const kind of [1, 2, 3]) {
    const { at, watts, report } = await imported(hourly([flow(1) + accumulation(kind), totals]));
    assert.deepEqual(
      [[...at], [...watts]],
      [
        [(START + 3_600) * 1_000, (START + 7_200) * 1_000],
        [400, 400],
      ],
    );
    assert.match(report.notes.join(), /totals of a register.*at the end of their intervals/);
  }
  const both = hourly([flow(1) + accumulation(3), totals], [flow(1) + accumulation(4), [300, 400, 400]]);
  assert.deepEqual([...(await imported(both)).watts], [300, 400, 400]);
  const moments = totals.map((total, i): [number, number, number] => [START + i * 3_600, 0, total]);
  const snapshots = feed(
    type(1, `${WH}${accumulation(3)}<intervalLength>3600</intervalLength>`),
    meterReading(1, 1, 1),
    block(1, 1, moments),
  );
  assert.deepEqual([...(await imported(snapshots)).at], [START * 1_000, (START + 3_600) * 1_000]);
});

test('green-button: a summation is a register where it only rises, else energy in intervals', async () => {
  const rising = Array.from({ length: 20 }, (_, i) => 1_000_000 + i * 400);
  assert.ok((await imported(hourly([accumulation(9), rising]))).watts.every((power) => power === 400));
  assert.deepEqual([...(await imported(hourly([accumulation(9), [300, 200, 400]]))).watts], [300, 200, 400]);
});

test('green-button: a kind of reading that is not known is left out, and refused where there is no other', async () => {
  const odd = [accumulation(14), [1, 2]] as const;
  await assert.rejects(imported(hourly(odd)), { code: 'bad_file', message: /accumulation behaviour 14/ });
  await assert.rejects(imported(hourly([flow(15), [1]])), { code: 'bad_file', message: /flow direction 15/ });
  const kilo = '<powerOfTenMultiplier>kilo</powerOfTenMultiplier><uom>72</uom>';
  await assert.rejects(imported(hourly([kilo, [1]])), { code: 'bad_file', message: /power of ten "kilo"/ });
  const { watts, report } = await imported(hourly(odd, [accumulation(4), [7, 8]]));
  assert.deepEqual([...watts], [7, 8]);
  assert.match(report.notes.join(), /accumulation behaviour 14, are left out/);
});

test('green-button: two usage points that are both named are added', async () => {
  const xml = feed(
    type(1, WH),
    meterReading(1, 1, 1),
    meterReading(2, 1, 1),
    block(1, 1, hours([100, 200])),
    block(2, 1, hours([10, 20])),
  );
  const { watts, report } = await imported(xml, { entity: 'UsagePoint/1,UsagePoint/2' });
  assert.deepEqual([[...watts], report.duplicates], [[110, 220], 0]);
});

test('green-button: two electric usage points are refused until one is named', async () => {
  const xml = feed(
    type(1, WH),
    meterReading(1, 1, 1),
    meterReading(2, 1, 1),
    block(1, 1, [[1_704_067_200, 3_600, 1]]),
    block(2, 1, [[1_704_067_200, 3_600, 2]]),
  );
  await assert.rejects(imported(xml), {
    code: 'entity_choice_needed',
    message: /--entity NAME.*UsagePoint\/1/,
  });
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

test('green-button: months that stand one after the other are one history, gas among them is left out', async () => {
  const month = (from: number, wh: number): string =>
    feed(
      type(1, WH),
      meterReading(1, 1, 1),
      block(
        1,
        1,
        [0, 1, 2].map((i) => [from + i * 900, 900, wh] as const),
      ),
    );
  const gas = feed(
    '<entry><link rel="self" href="UsagePoint/1"/><content><UsagePoint><ServiceCategory><kind>1</kind></ServiceCategory></UsagePoint></content></entry>',
    type(1, WH.replace('72', '119')),
    meterReading(1, 1, 1),
    block(1, 1, [[1_704_067_200, 3_600, 5]]),
  );
  const [one, two] = [month(1_704_067_200, 100), month(1_704_067_200 + 2_700, 200)];
  for (const text of [`${one}\n${gas}\n${two}\n`, two + gas + one]) {
    const bytes = Buffer.from(text);
    for (const size of [bytes.length, 7, 64]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      );
      const { watts, report } = await importHistory(pieces, { place: 'f.xml' });
      assert.deepEqual([...watts], [400, 400, 400, 800, 800, 800]);
      assert.deepEqual(report.notes, ['readings of service kind 1, unit 119, are left out']);
    }
  }
});

test('green-button: a fault in a month is told by its line in the whole', async () => {
  const month = (start: string): string =>
    feed(type(1, WH), meterReading(1, 1, 1), block(1, 1, [[1_704_067_200, 900, 100]])).replace(
      '1704067200',
      start,
    );
  const lines = month('1704067200').split('\n').length;
  const { report } = await imported(`${month('1704067200')}\n${month('soon')}`);
  assert.deepEqual(report.rejected, [
    { line: lines * 2, why: 'expected a start in whole seconds since 1970' },
  ]);
});

test('green-button: readings that tell no duration have that of their type, and are rejected where it has none', async () => {
  const untimed = (fields: string): string =>
    feed(type(1, fields), meterReading(1, 1, 1), block(1, 1, [[1_704_067_200, 900, 100]])).replace(
      '<duration>900</duration>',
      '',
    );
  const stated = await imported(untimed(`${WH}<intervalLength>1800</intervalLength>`));
  assert.deepEqual([...stated.watts], [200]);
  const { report } = await imported(untimed(WH));
  assert.deepEqual([report.readings, report.rejected], [0, [{ line: 3, why: 'the interval has no length' }]]);
});

test('green-button: mean power in watts is read as it is', async () => {
  const watts = '<powerOfTenMultiplier>0</powerOfTenMultiplier><uom>38</uom>';
  const history = await imported(
    feed(
      type(1, watts),
      meterReading(1, 1, 1),
      block(1, 1, [
        [1_704_067_200, 900, 450],
        [1_704_068_100, 900, 500],
      ]),
    ),
  );
  assert.deepEqual([...history.watts], [450, 500]);
});

test('green-button: a block that tells its meter reading by a link upwards only belongs to that', async () => {
  const xml = feed(type(1, WH), meterReading(1, 1, 1), block(1, 1, [[1_704_067_200, 900, 100]])).replace(
    '<link rel="self" href="UsagePoint/1/MeterReading/1/IntervalBlock/1"/>',
    '<link rel="self" href="espi/x/7"/><link rel="up" href="UsagePoint/1/MeterReading/1/IntervalBlock"/>',
  );
  assert.deepEqual([...(await imported(xml)).watts], [400]);
});

test('green-button: readings of which nothing tells the unit are refused', async () => {
  await assert.rejects(imported(feed(block(1, 1, [[1_704_067_200, 900, 100]]))), {
    code: 'bad_file',
    message: /a ReadingType, which tells the unit.*none for UsagePoint\/1\/MeterReading\/1/,
  });
});
