/** Files that hold several meters or entities, of which the person names more than one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported } from '../an-import.test-data.ts';

const zone = 'Europe/Paris';
const quarters = ['00:00', '00:15', '00:30'];

const FILES: Readonly<Record<string, readonly string[]>> = {
  fluvius: [
    'From (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;Validation status',
    ...quarters.flatMap((time) =>
      [1, 2].map((ean) => `01-01-2024;${time}:00;;;="${ean}";1S;Digital;Offtake Day;0,${ean}00;kWh;Read`),
    ),
  ],
  ameren: [
    'Start Interval Date/Time,Meter Id,Usage,Units,Interval,Usage,Units,Interval',
    ...quarters.flatMap((time) => [1, 2].map((id) => `01/01/2024 ${time},${id},0.${id},kwh,15min,-,-,-`)),
  ],
  engie: [
    'Datum,EAN,Verbruik,Type,Piek',
    ...quarters.flatMap((time) =>
      [1, 2].map((ean) => `2024-01-01T${time}:00+01:00,${ean},0.${ean},Elektriciteit,true`),
    ),
  ],
  nem12: [1, 2].flatMap((nmi) => [
    `200,${nmi},E1,E1,E1,,1,KWH,15,`,
    `300,20240101,${`0.${nmi},`.repeat(96)}A,,,`,
  ]),
};

for (const [format, lines] of Object.entries(FILES))
  test(`${format}: meters that are both named are added`, async () => {
    const { watts, report } = await imported(lines, { zone, entity: '1,2' });
    assert.equal(report.format, format);
    assert.ok(watts.length >= 3);
    assert.ok(
      watts.every((power) => Math.round(power) === 1_200),
      watts.join(),
    );
    assert.doesNotMatch(report.notes.join(), /two different values/);
  });

for (const [format, lines] of Object.entries(FILES))
  test(`${format}: several meters are refused until one is named`, async () => {
    await assert.rejects(imported(lines, { zone }), {
      code: 'entity_choice_needed',
      message: /which one to read: pass entity \(--entity NAME\).*"1", "2"/,
    });
    const { watts } = await imported(lines, { zone, entity: '2' });
    assert.ok(watts.every((power) => Math.round(power) === 800));
  });

test('home-assistant-statistics: sums of 5 minutes stay so where the rows of several entities alternate', async () => {
  const rows = Array.from({ length: 24 }, (_, i) => {
    const start = 1_704_067_200 + Math.floor(i / 2) * 300;
    return `sensor.${i % 2 === 0 ? 'a' : 'b'},${start}.0,${Math.floor(i / 2) * 0.1}`;
  });
  const history = await imported(['statistic_id,start_ts,sum', ...rows], { entity: 'sensor.a,sensor.b' });
  assert.equal(history.report.first, '2024-01-01T00:05:00Z');
  assert.ok(history.watts.every((power) => Math.round(power) === 2_400));
});

test('home-assistant-statistics: sums by the hour keep their times before those of the last days by 5 minutes', async () => {
  const [start, later] = [1_704_067_200, 1_704_067_200 + 4 * 3_600];
  const rows = [
    ...[0, 1, 2, 3].map((i) => `sensor.a,${start + i * 3_600},${i * 0.6}`),
    ...Array.from({ length: 24 }, (_, i) => `sensor.a,${later + i * 300},${1.8 + (i + 1) * 0.05}`),
  ];
  const { at, watts } = await imported(['statistic_id,start_ts,sum', ...rows.toReversed()]);
  assert.deepEqual(
    [...at.subarray(0, 5)].map((time) => new Date(time).toISOString().slice(11, 16)),
    ['01:00', '02:00', '03:00', '04:00', '04:05'],
  );
  assert.ok(
    watts.every((power) => Math.round(power) === 600),
    watts.join(),
  );
});

test('home-assistant-statistics: an hour that one of several powers lacks is missing, not lower', async () => {
  const rows = [0, 1, 2, 3].flatMap((hour) =>
    ['l1', 'l2']
      .filter((phase) => phase !== 'l2' || hour !== 2)
      .map((phase) => `sensor.${phase},W,2024-01-01T0${hour}:00:00Z,500`),
  );
  const { at, watts, report } = await imported(['statistic_id,unit,start,mean', ...rows], {
    entity: 'sensor.l1,sensor.l2',
  });
  assert.deepEqual([...watts], [1_000, 1_000, 1_000]);
  assert.deepEqual([new Date(at[2] ?? 0).getUTCHours(), report.gaps], [3, 1]);
});

test('home-assistant-statistics: the mean of an hour counts for each 5 minutes of it that another entity has', async () => {
  const row = (name: string, hour: number, minute: number, watts: number): string =>
    `sensor.${name},W,2024-01-01T0${hour}:${String(minute).padStart(2, '0')}:00Z,${watts}`;
  const fine = [0, 1, 2, 3].flatMap((hour) =>
    Array.from({ length: 12 }, (_, i) => row('a', hour, i * 5, 100)),
  );
  const hours = [0, 1, 3].map((hour) => row('b', hour, 0, 50));
  const { at, watts, report } = await imported(['statistic_id,unit,start,mean', ...fine, ...hours], {
    entity: 'sensor.a,sensor.b',
  });
  assert.equal(at.length, 36);
  assert.ok(watts.every((power) => power === 150));
  assert.equal(report.gaps, 1);
  assert.match(report.notes.join(), /at 33 times the value of a longer interval counts/);
});
