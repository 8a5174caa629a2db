/** What formats leave out, reject or refuse, and how they say so. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, refusal } from '../an-import.test-data.ts';

test('emporia: what a day took in kWh is the mean power of that day', async () => {
  const { watts } = await imported([
    'Time Bucket (Europe/Paris),Home-Mains (kWhs)',
    '01/01/2024 00:00:00,24',
    '01/02/2024 00:00:00,12',
    '01/03/2024 00:00:00,12',
  ]);
  assert.deepEqual([...watts], [1_000, 500, 500]);
});

test('nem12: a day is read without what may follow its values, and rejected with its line where some are missing', async () => {
  const day = (date: string, count: number): string => `300,${date}${',0.5'.repeat(count)}`;
  const { watts, report } = await imported([
    '100,NEM12,202401030000,X,Y',
    '200,NMI,E1,E1,E1,,1,KWH,60,',
    day('20240101', 24),
    '500,O,,,',
    day('20240102', 23),
    '900',
  ]);
  assert.equal(watts.length, 24);
  assert.ok(watts.every((power) => power === 500));
  assert.deepEqual(report.rejected, [{ line: 5, why: 'expected 24 values, found 23' }]);
  assert.deepEqual(report.notes, ['times are standard time of +10:00 all year']);
});

test('nem12: a record that is none is rejected with its line', async () => {
  const { report } = await imported([
    '200,NMI,E1,E1,E1,,1,KWH,60,',
    `300,20240101${',1'.repeat(24)}`,
    '700,x',
  ]);
  assert.deepEqual(report.rejected, [{ line: 3, why: 'expected a record 100 to 900, found "700"' }]);
});

test('octopus: an interval that ends before it starts is rejected with its line', async () => {
  const { watts, report } = await imported([
    'Consumption (kWh), Start, End',
    '0.5, 2024-01-01T00:00:00Z, 2024-01-01T00:30:00Z',
    '0.5, 2024-01-01T00:30:00Z, 2024-01-01T00:30:00Z',
    '0.5, 2024-01-01T01:00:00Z, 2024-01-01T00:30:00Z',
  ]);
  assert.deepEqual([...watts], [1_000]);
  assert.deepEqual(
    report.rejected,
    [3, 4].map((line) => ({ line, why: 'the interval ends before it starts' })),
  );
});

test('fluvius: rows of reactive energy are left out, and told', async () => {
  const row = (time: string, volume: string, unit: string): string =>
    `01-01-2024;${time}:00;;;="1";1S;Digital;Offtake Day;${volume};${unit};Read`;
  const { watts, report } = await imported(
    [
      'From (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;Validation status',
      ...['00:00', '00:15'].flatMap((time) => [row(time, '0,25', 'kWh'), row(time, '9', 'kVArh')]),
    ],
    { zone: 'Europe/Brussels' },
  );
  assert.deepEqual([...watts], [1_000, 1_000]);
  assert.deepEqual(report.notes, ['rows of register "Offtake Day" in "kVArh" are left out']);
});

test('home-assistant: powers of several entities are not added, as each is written when it changes', async () => {
  const lines = [
    'entity_id,state,last_changed',
    'sensor.a_w,1,2024-01-01T00:00:00Z',
    'sensor.b_w,2,2024-01-01T00:00:07Z',
  ];
  await refusal(lines, 'entity_choice_needed', /one entity of power, or several registers/, {
    entity: 'sensor.a_w,sensor.b_w',
  });
});

test('home-assistant-statistics: each of several entities is told as import or export', async () => {
  const rows = ['a', 'b_returned'].map((name) => `sensor.${name},W,2024-01-01T00:00:00Z,500`);
  const { notes } = (
    await imported(['statistic_id,unit,start,mean', ...rows], { entity: 'sensor.a,sensor.b_returned' })
  ).report;
  assert.match(notes.join(), /sensor\.a: counted as import,sensor\.b_returned: counted as export/);
  const one = (await imported(['statistic_id,unit,start,mean', ...rows.slice(0, 1)])).report.notes;
  assert.deepEqual(one, []);
});

test('home-assistant-statistics: means that may be W or kW are refused until the unit is said', async () => {
  const lines = [
    'statistic_id,start,mean',
    'sensor.p,2024-01-01T00:00:00Z,2',
    'sensor.p,2024-01-01T01:00:00Z,3',
  ];
  await refusal(lines, 'unit_needed', /the unit of its means.*--unit W or kW.*sensor\.p/);
  assert.deepEqual([...(await imported(lines, { unit: 'kW' })).watts], [2_000, 3_000]);
});

test('home-assistant-statistics: a sum alone between gaps is that of an hour where most are, else of 5 minutes', async () => {
  const at = (minutes: number): number => 1_704_067_200 + minutes * 60;
  const lastOf = async (minutes: readonly number[]): Promise<string | null> =>
    (await imported(['statistic_id,start,sum', ...minutes.map((minute, i) => `sensor.a,${at(minute)},${i}`)]))
      .report.last;
  assert.equal(await lastOf([0, 60, 120, 300, 600]), '2024-01-01T06:00:00Z');
  assert.equal(await lastOf([0, 5, 10, 15, 20, 300, 600]), '2024-01-01T05:05:00Z');
});

test('enphase: where import is not measured consumption is read, and export is not taken off it', async () => {
  const { watts, report } = await imported(
    [
      'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh)',
      '01/13/2024 00:00,900,500,400',
      '01/13/2024 01:00,900,500,400',
    ],
    { zone: 'America/Los_Angeles' },
  );
  assert.deepEqual([...watts], [500, 500]);
  assert.match(report.notes.join(), /consumption of the home, as the report has no import/);
});

test('a column of times, of names or of numbers alone is no format', async () => {
  for (const heading of [
    ...['time', 'Hour Start', 'DateTime,Name', 'Timestamp', 'Start,End', 'Date/Time', 'Date/time UTC', 'at'],
    ...[
      'entity_id,state',
      'statistic_id,start',
      'Datum,EAN',
      'From (date);From (time)',
      'Giorno',
      'Date;Time',
    ],
    ...['Import T1 kWh', 'Electricity 1', 'Active energy Wh (A)', 'watts', 'Consumption (kWh)', 'sum,mean'],
    ...['Time Bucket (Europe/Paris)', 'timestamp (UTC)', 'Energy Consumed (Wh)', 'entity_id,type,unit'],
  ])
    await refusal([heading, heading], 'unknown_format', /one of the formats/);
});

test('engie: rows of gas are left out, and told', async () => {
  const rows = ['00', '01'].flatMap((hour) =>
    ['Elektriciteit', 'Gas'].map((what) => `2024-01-01T${hour}:00:00+01:00,1,0.5,${what},true`),
  );
  const { watts, report } = await imported(['Datum,EAN,Verbruik,Type,Piek', ...rows]);
  assert.deepEqual([...watts], [500, 500]);
  assert.deepEqual(report.notes, ['rows of type Gas are left out']);
});

test('nem12: a day that is no date is rejected with its line', async () => {
  const { report } = await imported(['200,NMI,E1,E1,E1,,1,KWH,60,', `300,20240231${',1'.repeat(24)}`]);
  assert.deepEqual(report.rejected, [{ line: 2, why: 'expected a date, found "20240231"' }]);
});

test('nem12: a register in intervals that do not divide the hour is rejected with its line, and its days are left out', async () => {
  const { report } = await imported([
    '200,NMI,E1,E1,E1,,1,KWH,7,',
    `300,20240101${',1'.repeat(24)}`,
    '200,NMI,E1,E1,E1,,1,KWH,60,',
    `300,20240102${',1'.repeat(24)}`,
  ]);
  assert.equal(report.readings, 24);
  assert.deepEqual(report.rejected, [{ line: 1, why: 'expected an interval length in minutes, found "7"' }]);
});

test('a time without an offset among those with one is rejected, and one with an offset among those without', async () => {
  const rows = ['2024-01-01T00:00:00+01:00,1', '2024-01-01 01:00:00,2', '2024-01-01T02:00:00+01:00,3'];
  const rejected = async (lines: readonly string[]): Promise<unknown> =>
    (await imported(['at,watts', ...lines], { zone: 'Europe/Paris' })).report.rejected;
  assert.deepEqual(await rejected(rows), [
    { line: 3, why: '"2024-01-01 01:00:00" has no offset, unlike the first rows' },
  ]);
  assert.deepEqual(await rejected([rows[1] ?? '', rows[2] ?? '']), [
    { line: 3, why: '"2024-01-01T02:00:00+01:00" has an offset, unlike the first rows' },
  ]);
});

test('home-assistant-statistics: times may be seconds or milliseconds since 1970', async () => {
  for (const unit of ['', '000']) {
    const rows = [1_704_067_200, 1_704_070_800].map((start) => `sensor.p,W,${start}${unit},500`);
    const { report } = await imported(['statistic_id,unit,start_ts,mean', ...rows]);
    assert.deepEqual([report.first, report.last], ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00Z']);
  }
});

test('sense: a device that the file does not have is asked for again', async () => {
  const lines = ['DateTime,Device ID,Name,Avg Wattage,kWh', '2024-01-01 00:00:00,a1,Oven,500,0.5'];
  await refusal(lines, 'entity_choice_needed', /"Dryer", or to be told another.*"Oven"/, {
    zone: 'America/Chicago',
    entity: 'Dryer',
  });
});

test('a page or another XML is no Green Button feed', async () => {
  for (const text of ['<!doctype html><title>Please log in</title>', '<?xml version="1.0"?><gpx/>'])
    await refusal([text], 'unknown_format', /a Green Button feed/);
});

test('enel: a value in the hour that spring skips is rejected, the others of the day are read', async () => {
  const slots = Array.from({ length: 24 }, (_, hour) => {
    const name = (h: number): string => `${String(h % 24).padStart(2, '0')}:00`;
    return `${name(hour)}-${name(hour + 1)}`;
  });
  const { report } = await imported([`Giorno;${slots.join(';')}`, `31/03/2024;${'"1,000";'.repeat(24)}`], {
    zone: 'Europe/Rome',
  });
  assert.equal(report.readings, 23);
  assert.deepEqual(report.rejected, [{ line: 2, why: 'value 3 is at a time that this day does not have' }]);
});

test('enphase: a report of production alone is refused, as it says nothing of consumption', async () => {
  const lines = ['Date/Time,Energy Produced (Wh)', '01/13/2024 00:00,900'];
  await refusal(lines, 'no_consumption', /Energy Consumed \(Wh\).*production only/, { zone: 'UTC' });
});

test('home-assistant-energy: rows of devices are left out, and told', async () => {
  const { watts, report } = await imported([
    'entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z',
    'sensor.in,grid_consumption,kWh,1,2',
    'sensor.oven,device_consumption,kWh,1,1',
  ]);
  assert.deepEqual([...watts], [1_000, 2_000]);
  assert.deepEqual(report.notes, ['rows of devices are left out']);
});

test('home-assistant-statistics: an hour without a sum is a gap', async () => {
  const rows = ['0', '1', '', '3', '4'].map((sum, hour) => `sensor.a,2024-01-01T0${hour}:00:00Z,${sum}`);
  const { report } = await imported(['statistic_id,start,sum', ...rows], { entity: 'sensor.a' });
  assert.equal(report.gaps, 1);
  assert.doesNotMatch(report.notes.join(), /changes nothing/);
});

test('nem12: registers of reactive energy are left out, and told', async () => {
  const day = `300,20240101${',1'.repeat(24)}`;
  const { report } = await imported([
    '200,NMI,E1Q1,Q1,Q1,,1,KVARH,60,',
    day,
    '200,NMI,E1,E1,E1,,1,KWH,60,',
    day,
  ]);
  assert.equal(report.readings, 24);
  assert.equal(report.notes[1], 'register "Q1" in "KVARH" is left out');
});
