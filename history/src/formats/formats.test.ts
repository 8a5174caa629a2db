/** Small files of the shapes that exports have, written for these tests. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, refusal } from '../an-import.test-data.ts';
import { Zone } from '@lefton/core';
import { Columns } from '../table/columns.ts';
import { TABLES } from '../detect.ts';
import { formatNames } from '../format-names.ts';
import { emporia } from './emporia.ts';
import { GREEN_BUTTON } from './green-button.ts';
import type { ImportedHistory } from '../report.ts';

/** Time in UTC to the minute, and watts. */
const pairs = ({ at, watts }: ImportedHistory): [string, number][] =>
  [...at].map((time, i) => [
    new Date(time).toISOString().slice(0, 16),
    Math.round((watts[i] ?? NaN) * 1_000) / 1_000,
  ]);

test('every format that the design names is known', () => {
  assert.deepEqual(
    [...formatNames].sort(),
    (
      'ameren canonical dsmr-reader emoncms emporia enel engie enphase fluvius green-button home-assistant ' +
      'home-assistant-energy home-assistant-statistics homewizard n3rgy nem12 octopus sense shelly uci zappi'
    ).split(' '),
  );
  // the names are on their own, so that who only names formats loads none of them
  assert.deepEqual([...TABLES.map(({ name }) => name), GREEN_BUTTON.name], formatNames);
});

test('home-assistant: several entities are refused until one is named', async () => {
  const lines = [
    'entity_id,state,last_changed',
    'sensor.fridge_power,80,2024-01-01T00:00:00Z',
    'sensor.house_power,400,2024-01-01T00:00:00Z',
    'sensor.house_power,420,2024-01-01T00:05:00Z',
  ];
  await refusal(lines, 'entity_choice_needed', /--entity NAME.*fridge.*house/);
  const history = await imported(lines, { entity: 'sensor.house_power' });
  // an entity is a name of Home Assistant's: the meter is the home
  assert.deepEqual([history.meter, ...history.watts], ['home', 400, 420]);
  assert.match(history.report.notes.join(), /taken as W by its name and numbers/);
});

test('home-assistant: a state that may be W or kW, power or energy, is refused until the unit is said', async () => {
  const lines = [
    'entity_id,state,last_changed',
    'sensor.x,4,2024-01-01T00:00:00Z',
    'sensor.x,5,2024-01-01T01:00:00Z',
  ];
  await refusal(lines, 'unit_needed', /--unit W, kW, Wh, kWh or MWh/);
  assert.deepEqual([...(await imported(lines, { unit: 'kW' })).watts], [4_000, 5_000]);
  assert.deepEqual([...(await imported(lines, { unit: 'kWh' })).watts], [1_000]);
  assert.deepEqual([...(await imported(lines, { unit: 'Wh' })).watts], [1]);
});

/** A register that rises by 1 kWh an hour. */
const registerLines = (name: string): string[] =>
  [0, 1, 2].map((hour) => `${name},${500 + hour},2024-01-01T0${hour}:00:00Z`);
const HISTORY = 'entity_id,state,last_changed';

for (const name of [
  'sensor.grid_export_kwh',
  'sensor.energy_returned_tariff_1',
  'sensor.return_to_grid_energy',
  'sensor.totaal_teruglevering',
  'sensor.energie_teruggeleverd',
  'sensor.compteur_injection',
  'sensor.injectie_dag',
  'sensor.netz_einspeisung',
  'sensor.feed_out_tariff_2',
  'sensor.solar_to_grid',
]) {
  test(`home-assistant: ${name} alone is export, and the report says so`, async () => {
    const { watts, report } = await imported([HISTORY, ...registerLines(name)], { unit: 'kWh' });
    assert.deepEqual([...watts], [-1_000, -1_000]);
    assert.match(report.notes.join(), /counted as export, so its watts are negative; .*pass entity \+sensor/);
  });
}

test('home-assistant: what only sounds a little like export is import', async () => {
  for (const name of ['sensor.house_total', 'sensor.autogrid_meter', 'sensor.energy_delivered_1']) {
    const { watts, report } = await imported([HISTORY, ...registerLines(name)], { unit: 'kWh' });
    assert.deepEqual([...watts], [1_000, 1_000]);
    assert.doesNotMatch(report.notes.join(), /counted as/);
  }
});

test('home-assistant: a feed-in is taken as import, which the report says, and a sign before the entity decides', async () => {
  const name = 'sensor.meter_feed_in';
  const lines = [HISTORY, ...registerLines(name)];
  const { watts, report } = await imported(lines, { unit: 'kWh' });
  assert.deepEqual([...watts], [1_000, 1_000]);
  assert.match(
    report.notes.join(),
    /counted as import; if it is what the home gives pass entity -sensor\.meter_feed_in/,
  );
  const given = await imported(lines, { unit: 'kWh', entity: `-${name}` });
  assert.deepEqual([...given.watts], [-1_000, -1_000]);
  assert.doesNotMatch(given.report.notes.join(), /counted as/);
  const pump = 'sensor.return_pump_kwh';
  const taken = await imported([HISTORY, ...registerLines(pump)], { unit: 'kWh', entity: `+${pump}` });
  assert.deepEqual([...taken.watts], [1_000, 1_000]);
});

test('home-assistant: import minus export of two registers', async () => {
  const lines = [HISTORY, ...registerLines('sensor.bezug_kwh'), ...registerLines('sensor.einspeisung_kwh')];
  const entity = 'sensor.bezug_kwh, sensor.einspeisung_kwh';
  const { watts, report } = await imported(lines, { entity });
  assert.deepEqual([...watts], [0, 0]);
  assert.match(report.notes.join(), /bezug_kwh: counted as import.*einspeisung_kwh: counted as export/);
});

test('home-assistant-statistics: power and totals of export are negative', async () => {
  const means = await imported(
    ['statistic_id,start,mean', 'sensor.power_returned,2024-01-01T00:00:00Z,350.5'],
    { unit: 'W' },
  );
  assert.deepEqual([...means.watts], [-350.5]);
  const sums = ['00', '01', '02'].map((hour, i) => `sensor.grid_export,2024-01-01T${hour}:00:00Z,${i},${i}`);
  const totals = await imported(['statistic_id,start,state,sum', ...sums]);
  assert.deepEqual([...totals.watts], [-1_000, -1_000]);
  assert.match(totals.report.notes.join(), /counted as export/);
});

test('home-assistant-energy: hours in columns, grid rows added, returned energy subtracted', async () => {
  const lines = [
    'entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z,2024-01-01T02:00:00.000Z',
    'sensor.t1,grid_consumption,kWh,0.5,0.25,',
    'sensor.t2,grid_consumption,kWh,0,0.25,0',
    'sensor.back,grid_return,kWh,0,1.5,0',
    'sensor.sun,solar_production,kWh,0,3,0',
    'sensor.odd,constructor,kWh,0,3,0',
    'sensor.odder,__proto__,kWh,0,3,0',
  ];
  const history = await imported(lines);
  assert.deepEqual(pairs(history), [
    ['2024-01-01T00:00', 500],
    ['2024-01-01T01:00', -1_000],
  ]);
  assert.match(history.report.notes.join(), /solar_production are left out/);
  await refusal([lines[0] ?? '', lines[4] ?? ''], 'entity_choice_needed', /grid_consumption.*--entity/);
});

test('home-assistant-statistics: the sum at the end of an hour, not the state, makes its power', async () => {
  const history = await imported([
    'statistic_id,unit_of_measurement,start,state,sum',
    'sensor.e,kWh,2024-01-01T00:00:00+00:00,7,100',
    'sensor.e,kWh,2024-01-01T01:00:00+00:00,8,101',
    'sensor.e,kWh,2024-01-01T02:00:00+00:00,0.5,101.5',
  ]);
  assert.deepEqual(pairs(history), [
    ['2024-01-01T01:00', 1_000],
    ['2024-01-01T02:00', 500],
  ]);
});

const STATISTICS = 'statistic_id,unit,start,state,sum';
/** Sums of an entity at three hours. */
const sums = (name: string, unit: string, totals: readonly number[]): string[] =>
  totals.map((total, i) => `${name},${unit},2024-05-01T0${i}:00:00+00:00,${total},${total}`);

test('home-assistant-statistics: each entity has the unit that the file states for it', async () => {
  const mega = await imported([STATISTICS, ...sums('sensor.a', 'MWh', [12.345, 12.346, 12.347])]);
  assert.deepEqual([pairs(mega).map(([, watts]) => watts), mega.report.unit], [[1_000, 1_000], 'MWh']);
  assert.doesNotMatch(mega.report.notes.join(), /taken as/);
  const lines = [
    ...sums('sensor.a', 'kWh', [12, 13, 14]),
    ...sums('sensor.b', 'Wh', [12_000, 12_500, 13_000]),
  ];
  for (const [order, unit] of [
    [lines, 'kWh, Wh'],
    [lines.toReversed(), 'Wh, kWh'],
  ] as const) {
    const both = await imported([STATISTICS, ...order], { entity: 'sensor.a,sensor.b' });
    assert.deepEqual([...both.watts], [1_500, 1_500]);
    assert.deepEqual([both.report.unit, both.report.rejected_count], [unit, 0]);
  }
});

test('home-assistant-statistics: a stated unit that is not known is refused until the unit is said', async () => {
  const means = (unit: string): string[] => [
    'statistic_id,unit_of_measurement,start_ts,mean',
    `sensor.p,${unit},1704067200,350000`,
    `sensor.p,${unit},1704070800,450000`,
  ];
  await refusal(means('mW'), 'unit_needed', /a unit of power.*--unit W or kW.*"mW" for sensor\.p/);
  await refusal(means('kWh'), 'unit_needed', /"kWh" for sensor\.p/);
  await refusal(
    [STATISTICS, ...sums('sensor.gas', 'm³', [1, 2, 3])],
    'unit_needed',
    /a unit of energy such as Wh, kWh or MWh: .*--unit Wh, kWh or MWh.*"m³"/,
  );
  assert.deepEqual(
    [...(await imported(means('VA'), { unit: 'W', maxPowerW: 1e6 })).watts],
    [350_000, 450_000],
  );
  assert.deepEqual([...(await imported(means('MW'), { maxPowerW: 1e12 })).watts], [3.5e11, 4.5e11]);
  assert.deepEqual(
    [...(await imported(means('null'), { unit: 'W', maxPowerW: 1e6 })).watts],
    [350_000, 450_000],
  );
});

test('home-assistant-statistics: a row in another unit than the ones before, and a blank one, lose nothing else', async () => {
  const lines = [
    ...sums('sensor.a', 'kWh', [12, 13, 14]),
    'sensor.a,Wh,2024-05-01T03:00:00+00:00,15000,15000',
    'sensor.a,kWh,2024-05-01T04:00:00+00:00,,',
    'sensor.a,,2024-05-01T05:00:00+00:00,17,17',
  ];
  const { watts, report } = await imported([STATISTICS, ...lines]);
  assert.deepEqual([...watts], [1_000, 1_000, 1_000]);
  assert.deepEqual(report.rejected, [{ line: 5, why: 'sensor.a is in "kWh" before and in "Wh" here' }]);
});

test('home-assistant-energy: a small m is no mega', async () => {
  const head = 'entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z';
  const { watts, report } = await imported([
    head,
    'sensor.a,grid_consumption,MWh,0.001,0.002',
    'sensor.b,grid_consumption,mWh,1,1',
  ]);
  assert.deepEqual([...watts], [1_000, 2_000]);
  assert.deepEqual(report.rejected, [{ line: 3, why: 'expected a unit of energy, found "mWh"' }]);
});

test('home-assistant-statistics: means of a power sensor are read as they are', async () => {
  const lines = [
    'statistic_id,start_ts,mean,min,max',
    'sensor.p,1704067200.0,350.5,1,900',
    'sensor.p,1704070800.0,120,1,900',
  ];
  assert.deepEqual(pairs(await imported(lines, { unit: 'W' })), [
    ['2024-01-01T00:00', 350.5],
    ['2024-01-01T01:00', 120],
  ]);
});

test('emporia: kW of seconds to quarter hours are power, kWh of hours are not added up four times', async () => {
  const zone = 'Time Bucket (America/New_York)';
  const quarter = await imported([
    `${zone},Home-Mains_A (kWatts),Home-Mains_B (kWatts),Home-Dryer (kWatts)`,
    '01/02/2024 10:00:00,0.5,0.25,0.1',
    '01/02/2024 10:15:00,0.5,No CT,0.1',
  ]);
  assert.deepEqual(pairs(quarter), [['2024-01-02T15:00', 750]]);
  assert.equal(quarter.report.zone, 'America/New_York');
  const hours = await imported([`${zone},Home (kWhs)`, '01/02/2024 10:00:00,1.5', '01/02/2024 11:00:00,2']);
  assert.deepEqual(pairs(hours), [
    ['2024-01-02T15:00', 1_500],
    ['2024-01-02T16:00', 2_000],
  ]);
  await refusal(
    [`${zone},Home-Dryer (kWhs),Home-Oven (kWhs)`, '01/02/2024 10:00:00,1,1'],
    'entity_choice_needed',
    /"Home-Dryer", "Home-Oven"/,
  );
});

test('emporia: a heading of a million blanks or letters is read at once', () => {
  const bucket = 'Time Bucket (America/New_York)';
  for (const [heading, score] of [
    [`a${' '.repeat(1_000_000)}b (watt)`, 0],
    [`a${' ('.repeat(500_000)}`, 0],
    [`${'a'.repeat(1_000_000)}-b (Watts)`, 1],
    [`${'mains'.repeat(200_000)}- (Watts)`, 1],
  ] as const)
    assert.equal(emporia.recognise(new Columns([bucket, heading])), score);
});

test('emporia: the mains and their legs are one energy, counted once for each panel', async () => {
  const zone = 'Time Bucket (America/New_York)';
  const hours = (names: readonly string[], cells: string): string[] => [
    [zone, ...names.map((name) => `${name} (kWatts)`)].join(),
    `01/02/2024 10:00:00,${cells}`,
    `01/02/2024 11:00:00,${cells}`,
  ];
  const home = ['Home-Mains', 'Home-Mains_A', 'Home-Mains_B', 'Home-Dryer'];
  const whole = await imported(hours(home, '1.0,0.4,0.6,0.1'));
  assert.deepEqual([...whole.watts], [1_000, 1_000]);
  assert.match(whole.report.notes.join(), /read: Home-Mains$/);
  const unmeasured = await imported(hours(home, 'No CT,0.4,0.6,0.1'));
  assert.deepEqual([...unmeasured.watts], [1_000, 1_000]);
  const panels = [...home, 'Barn-Mains_A', 'Barn-Mains_B'];
  assert.deepEqual([...(await imported(hours(panels, '1.0,0.4,0.6,0.1,0.2,0.3'))).watts], [1_500, 1_500]);
  for (const entity of ['Home-Mains,Home-Mains_A', 'Home-Mains,Home-Dryer', 'Home-Mains_B,Home-Dryer'])
    await refusal(
      hours(home, '1.0,0.4,0.6,0.1'),
      'entity_choice_needed',
      /the whole or its parts, not both/,
      {
        entity,
      },
    );
  const legs = await imported(hours(home, '1.0,0.4,0.7,0.1'), { entity: 'Home-Mains_A,Home-Mains_B' });
  assert.deepEqual([...legs.watts].map(Math.round), [1_100, 1_100]);
});

test('totals beside phases or tariffs are not added to them', async () => {
  const shelly = (imports: string, exports: string): Promise<ImportedHistory> => {
    const columns = [
      ...imports.split(' ').map((phase) => `Active energy Wh${phase}`),
      ...exports.split(' ').map((phase) => `Returned energy Wh${phase}`),
    ].map((name) => name.replace('(', ' ('));
    const cells = columns.map(
      (name) => (/ \([ABC]\)/.test(name) ? 10 : 30) * (name.startsWith('R') ? 0.5 : 1),
    );
    return imported([
      `Date/time UTC,${columns.join()}`,
      ...['13:00', '13:10'].map((time) => `2024-01-02 ${time},${cells.join()}`),
    ]);
  };
  for (const [imports, exports] of [
    ['(A) (B) (C)', '(A) (B) (C)'],
    ['(A) (B) (C) (Total)', '(A) (B) (C) (Total)'],
    ['(Total) (A) (B) (C)', '(A) (B) (C)'],
    ['(Total)', '(Total)'],
  ] as const)
    assert.deepEqual([...(await shelly(imports, exports)).watts], [90, 90], `${imports}, ${exports}`);
  const homewizard = await imported(
    [
      'time,Import kWh,Import T1 kWh,Import T2 kWh,Export kWh,Export T1 kWh,Export T2 kWh',
      ...[0, 1, 2].map((hour) => `2024-01-02 0${hour}:00,${30 + hour},${10 + hour},20,5,5,0`),
    ],
    { zone: 'Europe/Amsterdam' },
  );
  assert.deepEqual([...homewizard.watts], [1_000, 1_000]);
});

test('a whole that is named together with its parts is refused', async () => {
  const sense = [
    'DateTime,Device ID,Name,Device Type,Device Make,Device Model,Device Location,Avg Wattage,kWh',
    '2024-01-01 00:00:00,a1,Total Usage,,,,,500,0.5',
    '2024-01-01 00:00:00,b2,Dryer,Dryer,,,,66.5,0.0665',
    '2024-01-01 00:00:00,b3,Oven,Oven,,,,33.5,0.0335',
  ];
  const zone = 'America/Los_Angeles';
  const both = /not both/;
  await refusal(sense, 'entity_choice_needed', both, { zone, entity: 'Total Usage,Dryer' });
  assert.deepEqual([...(await imported(sense, { zone, entity: 'Dryer,Oven' })).watts], [100]);
  const energy = [
    'entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z',
    'sensor.grid,grid_consumption,kWh,1,1',
    'sensor.dryer,device_consumption,kWh,0.5,0.5',
  ];
  await refusal(energy, 'entity_choice_needed', both, { entity: 'sensor.grid,sensor.dryer' });
});

test('a row without a name or a time does not count as another entity', async () => {
  const { watts, report } = await imported(
    [
      'entity_id,state,last_changed',
      's.w,1,2024-01-01T00:00:00Z',
      ',5,2024-01-01T00:01:00Z',
      's.w,2,2024-01-01T00:02:00Z',
      's',
    ],
    {},
  );
  assert.deepEqual([[...watts], report.rejected_count], [[1, 2], 2]);
  assert.equal(report.rejected[0]?.why, 'names no entity');
});

test('sense: the whole house is read from rows of all devices in any order', async () => {
  const lines = [
    '# Please note that there may be differences, of course',
    'DateTime,Device ID,Name,Device Type,Device Make,Device Model,Device Location,Avg Wattage,kWh',
    '2024-01-01 01:00:00,a1,Total Usage,,,,,600,0.6',
    '2024-01-01 00:00:00,b2,Dryer,Dryer,,,,66.5,0.0665',
    '2024-01-01 00:00:00,a1,Total Usage,,,,,500,0.5',
  ];
  const zone = 'America/Los_Angeles';
  assert.deepEqual(pairs(await imported(lines, { zone })), [
    ['2024-01-01T08:00', 500],
    ['2024-01-01T09:00', 600],
  ]);
  assert.deepEqual([...(await imported(lines, { zone, entity: 'Dryer' })).watts], [66.5]);
  await refusal(lines.slice(0, 2).concat(lines[3] ?? ''), 'entity_choice_needed', /"Total Usage".*--entity/, {
    zone,
  });
});

test('needs 24: shelly times are UTC, 13:00 is five in the morning in Los Angeles', async () => {
  const history = await imported([
    'Date/time UTC,Active energy Wh (A),Returned energy Wh (A)',
    '2024-01-02 13:00,30.00,0.00',
    '2024-01-02 13:10,10.00,20.00',
  ]);
  assert.deepEqual(pairs(history), [
    ['2024-01-02T13:00', 180],
    ['2024-01-02T13:10', -60],
  ]);
  assert.equal(new Zone('America/Los_Angeles').hour(history.at[0] ?? NaN), 5);
});

test('homewizard: totals of two tariffs both ways, blank cells, and the autumn hour in order', async () => {
  const history = await imported(
    [
      'time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh',
      '2023-10-29 02:30,10,20,5,5',
      '2023-10-29 02:45,10.5,20,5,5',
      '2023-10-29 02:00,10.5,20,5.25,5',
      '2023-10-29 02:15,,,,',
      '2023-10-29 02:30,11.5,20,5.25,5',
    ],
    { zone: 'Europe/Amsterdam' },
  );
  assert.deepEqual(pairs(history), [
    ['2023-10-29T00:30', 2_000],
    ['2023-10-29T00:45', -1_000],
    ['2023-10-29T01:00', 2_000],
  ]);
});

test('dsmr-reader: two tariffs are added and what went back is subtracted', async () => {
  const history = await imported([
    'Hour Start,Electricity 1 (Low),Electricity 2 (Normal),Electricity 1 Returned (Low),Electricity 2 Returned (Normal),Gas',
    '2024-03-31T01:00:00+01:00,0.2,0.1,0,0,1',
    '2024-03-31T03:00:00+02:00,0,0.1,0,1.669,1',
  ]);
  assert.deepEqual(pairs(history), [
    ['2024-03-31T00:00', 300],
    ['2024-03-31T01:00', -1_569],
  ]);
});

test('engie: electricity is read from among the gas', async () => {
  const history = await imported([
    '"Datum","EAN","Verbruik","Type","Piek"',
    '"2024-01-01T00:00:00+01:00","1","0.5","Elektriciteit","false"',
    '"2024-01-01T00:00:00+01:00","2","0.3","Gas",""',
    '"2024-01-01T01:00:00+01:00","1","0.25","Elektriciteit","true"',
  ]);
  assert.deepEqual(pairs(history), [
    ['2023-12-31T23:00', 500],
    ['2024-01-01T00:00', 250],
  ]);
});

test('fluvius: a Dutch file with a byte order mark, dashes, decimal commas and blanks', async () => {
  const head =
    '\uFEFFVan (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus';
  const row = (from: string, to: string, register: string, volume: string): string =>
    `01-07-2024;${from};01-07-2024;${to};="5414";1SAG;Digitale meter;${register};${volume};kWh;Gevalideerd`;
  const history = await imported(
    [
      head,
      row('00:00:00', '00:15:00', 'Afname Nacht', '0,250'),
      row('00:00:00', '00:15:00', 'Injectie Nacht', '0,000'),
      row('00:15:00', '00:30:00', 'Afname Nacht', ''),
      row('00:15:00', '00:30:00', 'Injectie Nacht', ''),
      row('00:30:00', '00:45:00', 'Afname Dag', '0,000'),
      row('00:30:00', '00:45:00', 'Injectie Dag', '0,500'),
      row('00:45:00', '01:00:00', 'Afname Dag', '0,100'),
      row('00:45:00', '01:00:00', 'Injectie Dag', '0,000'),
    ],
    { zone: 'Europe/Brussels' },
  );
  assert.deepEqual(pairs(history), [
    ['2024-06-30T22:00', 1_000],
    ['2024-06-30T22:30', -2_000],
    ['2024-06-30T22:45', 400],
  ]);
  assert.equal(history.report.gaps, 1);
});

const slots = Array.from({ length: 24 }, (_, h) => `${pad(h)}:00-${pad((h + 1) % 24)}:00`);
function pad(n: number): string {
  return String(n).padStart(2, '0');
}

test('enel: days in rows, with 23, 24 or 25 values where the clocks change', async () => {
  const day = (date: string, count: number): string => `"${date}";${'"0,100";'.repeat(count)}`;
  const history = await imported(
    [
      `Giorno;${slots.join(';')}`,
      day('30/03/2024', 24),
      day('31/03/2024', 23),
      day('26/10/2024', 24),
      day('27/10/2024', 25),
      day('28/10/2024', 24),
    ],
    { zone: 'Europe/Rome' },
  );
  assert.equal(history.report.readings, 24 + 23 + 24 + 25 + 24);
  assert.deepEqual([history.report.rejected_count, history.report.duplicates], [0, 0]);
  assert.deepEqual(
    [history.report.first, history.report.last],
    ['2024-03-29T23:00:00Z', '2024-10-28T22:00:00Z'],
  );
  assert.equal(history.report.zone, 'Europe/Rome');
});

test('enel: a spring day of 24 columns leaves the skipped hour out', async () => {
  const cells = slots.map((_, hour) => (hour === 2 ? '' : '0,1'));
  const { report } = await imported([`Giorno;${slots.join(';')}`, `31/03/2024;${cells.join(';')}`], {
    zone: 'Europe/Rome',
  });
  assert.deepEqual([report.readings, report.rejected_count, report.gaps], [23, 0, 0]);
});

test('nem12: import less export, null data missing, no summer time', async () => {
  const day = (value: string): string =>
    `300,20240701,${Array.from({ length: 48 }, () => value).join(',')},V,,,2024`;
  const head = '100,NEM12,202407020000,X,Y';
  const lines = [
    head,
    '200,NMI1,E1B1,E1,E1,,1,KWH,30,',
    day('0.5'),
    '400,1,2,N,,',
    '400,3,48,A,,',
    '200,NMI1,E1B1,B1,B1,,1,KWH,30,',
    day('0.25'),
    '400,1,48,A,,',
    '900',
  ];
  const history = await imported(lines);
  assert.deepEqual([history.report.readings, history.report.first], [46, '2024-06-30T15:00:00Z']);
  assert.ok(history.watts.every((power) => power === 500));
  const sydney = await imported(lines, { zone: 'Australia/Sydney' });
  assert.equal(sydney.report.first, '2024-06-30T15:00:00Z');
  const two = [...lines.slice(0, 3), '200,NMI2,E1,E1,E1,,1,KWH,30,', day('1'), '900'];
  await refusal(two, 'entity_choice_needed', /--entity NAME.*"NMI1", "NMI2"/);
});

test('enphase: day or month first is decided by the order of time', async () => {
  const head =
    'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)';
  const rows = (dates: readonly string[]): string[] =>
    dates.flatMap((date) => Array.from({ length: 24 }, (_, hour) => `${date} ${pad(hour)}:00,0,100,0,100`));
  const zone = 'Europe/Amsterdam';
  const days = await imported([head, ...rows(['01/02/2024', '02/02/2024', '03/02/2024'])], { zone });
  assert.deepEqual([days.report.first, days.report.gaps], ['2024-01-31T23:00:00Z', 0]);
  const months = await imported([head, ...rows(['02/01/2024', '02/02/2024', '02/03/2024'])], { zone });
  assert.deepEqual([months.report.first, months.report.gaps], ['2024-01-31T23:00:00Z', 0]);
  await refusal([head, ...rows(['02/01/2024'])], 'date_order_needed', /--day-first/, { zone });
  const told = await imported([head, ...rows(['02/01/2024'])], { zone, dayFirst: true });
  assert.equal(told.report.first, '2024-01-01T23:00:00Z');
});

test('enphase: watt-hours in quotes with a comma between thousands are not read as decimals', async () => {
  const { watts } = await imported(
    [
      '"Date/Time","Energy Produced (Wh)","Energy Consumed (Wh)","Exported to Grid (Wh)","Imported from Grid (Wh)"',
      '"05/21/2024 00:00","0","1,234","0","1,234"',
      '"05/21/2024 01:00","0","532","0","532"',
    ],
    { zone: 'America/Los_Angeles' },
  );
  assert.deepEqual([...watts], [1_234, 532]);
});

test('nem12: the market has one time, in a home whose clocks show another too; elsewhere it is that of the place', async () => {
  const lines = ['200,NMI,E1,E1,E1,,1,KWH,30,', `300,20240101,${'0.5,'.repeat(48)}A,,,`];
  for (const [zone, first] of [
    ['Australia/Sydney', '2023-12-31T14:00:00Z'],
    ['Australia/Adelaide', '2023-12-31T14:00:00Z'],
    ['Australia/Perth', '2023-12-31T16:00:00Z'],
  ] as const)
    assert.equal((await imported(lines, { zone })).report.first, first, zone);
  const { notes } = (await imported(lines, { zone: 'Australia/Adelaide' })).report;
  assert.ok(
    notes.includes('times are read in +10:00, the one time of the market, not in Australia/Adelaide'),
  );
});

test('nem12: a quality record of absurd reach is harmless', async () => {
  const day = `300,20240701,${Array.from({ length: 24 }, () => '1').join(',')},V,,,2024`;
  const lines = [
    '200,NMI1,E1,E1,E1,,1,KWH,60,',
    day,
    '400,-1e15,1e15,N,,',
    day.replace('0701', '0702'),
    '400,x,,N',
  ];
  assert.equal((await imported(lines)).report.readings, 24);
});

test('zappi: the three phases of the charger are added', async () => {
  const history = await imported([
    'Serial Number,Timestamp,Diverter Energy (L1) (Wh),Diverter Energy (L2) (Wh),Diverter Energy (L3) (Wh)',
    '123,2024-07-30T13:00:00.000Z,2000.00,1000.00,500.00',
    '123,2024-07-30T14:00:00.000Z,0.00,0.00,0.00',
  ]);
  assert.deepEqual([...history.watts], [3_500, 0]);
  assert.match(history.report.notes.join(), /the charger, not of the home/);
});

test('needs 22: n3rgy names the end of a half hour in UTC; 19:30Z in July is eight in the evening in London', async () => {
  const lines = [
    'timestamp (UTC),energyConsumption (kWh)',
    '2024-07-15 00:30,0.1',
    '2024-07-15 19:30,0.25',
    '2024-07-15 20:00,0.5',
    '2024-07-15 20:30,0.2',
  ];
  const history = await imported(lines);
  assert.deepEqual(pairs(history), [
    ['2024-07-15T00:00', 200],
    ['2024-07-15T19:00', 500],
    ['2024-07-15T19:30', 1_000],
    ['2024-07-15T20:00', 400],
  ]);
  assert.equal(new Zone('Europe/London').hour(history.at[1] ?? NaN), 20);
  assert.equal((await imported(lines, { labels: 'start' })).report.first, '2024-07-15T00:30:00Z');
});

/** Half hours of a local day in London, in Octopus's words. */
function octopusDay(zone: Zone, day: number): string[] {
  const rows: string[] = [];
  for (let at = zone.startOfDay(day); at < zone.startOfDay(day + 1); at += 1_800_000)
    rows.push(`0.25, ${zone.format(at)}, ${zone.format(at + 1_800_000)}`);
  return rows;
}

test('n3rgy: one row alone gives no power, and no endless loop', async () => {
  const { report } = await imported(['timestamp (UTC),energyConsumption (kWh)', '2024-07-15 00:30,0.1']);
  assert.equal(report.readings, 0);
  assert.match(report.notes.join(), /one row alone/);
});

test('needs 20: octopus days of 46, 48 and 50 half hours are whole', async () => {
  const zone = new Zone('Europe/London');
  for (const [date, count] of [
    ['2024-03-31', 46],
    ['2024-07-01', 48],
    ['2024-10-27', 50],
  ] as const) {
    const rows = octopusDay(zone, Date.parse(date) / 86_400_000);
    const { report, watts } = await imported(['Consumption (kWh), Start, End', ...rows]);
    assert.deepEqual([report.readings, report.gaps, report.rejected_count], [count, 0, 0]);
    assert.ok(watts.every((power) => Math.abs(power - 500) < 1e-9));
  }
});

test('octopus: every heading it has had is understood', async () => {
  const times = '2024-01-01T00:00:00Z, 2024-01-01T00:30:00Z';
  for (const [head, row] of [
    ['Consumption (kWh), Start, End', `0.5, ${times}`],
    [' Consumption (kwh), Estimated Cost Inc. Tax (p), Start, End', `0.5, 12.3, ${times}`],
    [
      'Consumption (kwh), Estimated Cost Inc. Tax (p), Standing Charge Inc. Tax (p), Start, End',
      `0.5, 12.3, 1, ${times}`,
    ],
    ['consumption,interval_start,interval_end', `0.5,${times}`],
  ] as const)
    assert.deepEqual([...(await imported([head, row])).watts], [1_000], head);
});

test('octopus: times on a local clock make half hours, over months and changes of clock too', async () => {
  const zone = new Zone('Europe/Paris');
  for (const [name, from] of [
    ['31 January', Date.UTC(2024, 0, 31, 21)],
    ['the spring change', Date.UTC(2024, 2, 30, 22)],
    ['the autumn change', Date.UTC(2024, 9, 26, 22)],
  ] as const) {
    const local = (at: number): string => {
      const [date = '', time = ''] = zone.format(at).slice(0, 16).split('T');
      return `${date.split('-').reverse().join('/')} ${time}`;
    };
    const starts = Array.from({ length: 16 }, (_, i) => from + i * 1_800_000);
    const rows = starts.map((at) => `${local(at)},${local(at + 1_800_000)},0.5`);
    const options = { zone: 'Europe/Paris', dayFirst: true };
    const { at, watts } = await imported(['Start,End,Consumption (kWh)', ...rows], options);
    assert.deepEqual([...at], starts, name);
    assert.ok(
      watts.every((power) => power === 1_000),
      `${name}: ${watts.join()}`,
    );
  }
});

test('home-assistant-statistics: sums on a local clock come back through both changes of it, whatever the order of dates', async () => {
  const zone = new Zone('Europe/Paris');
  for (const [name, from] of [
    ['31 January', Date.UTC(2024, 0, 30)],
    ['the spring change', Date.UTC(2024, 2, 29)],
    ['the autumn change', Date.UTC(2024, 9, 25)],
  ] as const)
    for (const dayFirst of [true, undefined]) {
      const starts = Array.from({ length: 96 }, (_, hour) => from + hour * 3_600_000);
      const rows = starts.map((at, i) => {
        const [date = '', time = ''] = zone.format(at).slice(0, 16).split('T');
        return `sensor.e,${dayFirst === true ? date.split('-').reverse().join('/') : date} ${time},${i * 2}`;
      });
      const { at, watts } = await imported(['statistic_id,start,sum', ...rows], {
        zone: 'Europe/Paris',
        dayFirst,
      });
      assert.deepEqual([...at], starts.slice(1), name);
      assert.ok(
        watts.every((power) => Math.round(power) === 2_000),
        `${name}: ${watts.join()}`,
      );
    }
});

test('emporia: the zone that the heading names is that of the times, whatever the zone of the home', async () => {
  const rows = ['07/01/2024 10:00:00,1.0', '07/01/2024 10:15:00,1.0'];
  const { report } = await imported(['Time Bucket (UTC),Home-Mains (kWatts)', ...rows], {
    zone: 'Europe/Paris',
  });
  assert.deepEqual([report.first, report.zone], ['2024-07-01T10:00:00Z', 'UTC']);
  assert.match(report.notes.join(), /times are read in UTC, as the file says, not in Europe\/Paris/);
  const alias = await imported(['Time Bucket (US/Eastern),Home-Mains (kWatts)', ...rows], {
    zone: 'America/New_York',
  });
  assert.deepEqual([alias.report.first, alias.report.zone], ['2024-07-01T14:00:00Z', 'America/New_York']);
  assert.doesNotMatch(alias.report.notes.join(), /times are read in/);
  const unknown = ['Time Bucket (My place),Home-Mains (kWatts)', ...rows];
  assert.equal((await imported(unknown, { zone: 'Europe/Paris' })).report.first, '2024-07-01T08:00:00Z');
  await refusal(unknown, 'zone_needed', /--zone/);
});

test('emoncms: epochs without a heading; a feed that only rises is energy, others need the unit', async () => {
  const power = ['1704067200,250', '1704067210,null', '1704067220,260'];
  await refusal(power, 'unit_needed', /--unit W or kWh/);
  const history = await imported(power, { unit: 'W' });
  assert.deepEqual([[...history.watts], history.report.gaps, history.report.rows], [[250, 260], 1, 3]);
  const energy = Array.from({ length: 20 }, (_, i) => `${1_704_067_200 + i * 3_600},${100 + i / 2}`);
  const rising = await imported(energy);
  assert.ok(rising.watts.every((watts) => Math.abs(watts - 500) < 1e-6));
  const written = ['2024-01-01 00:00:00;1', '2024-01-01 00:00:10;2'];
  assert.deepEqual(pairs(await imported(written, { unit: 'kW', zone: 'Europe/London' })).length, 2);
});

test('emoncms: numbers under a heading that nobody knows are not taken for a feed', async () => {
  await refusal(['when,degrees', '1704067200,21', '1704067260,22'], 'unknown_format', /when degrees/);
});

test('ameren: the finer of two usages is read, after a preamble', async () => {
  const history = await imported(
    [
      'Name,X,,,,,,',
      'Start Date,03/30/2024,,,,,,',
      ',,,,,,,',
      'Start Interval Date/Time,Meter Id,Usage,Units,Interval,Usage,Units,Interval',
      '03/30/2024 00:00,0,2.1,kwh,60min,0.5,kwh,15min',
      '03/30/2024 00:15,0,-,-,-,0.25,kwh,15min',
    ],
    { zone: 'America/Chicago' },
  );
  assert.deepEqual(pairs(history), [
    ['2024-03-30T05:00', 2_000],
    ['2024-03-30T05:15', 1_000],
  ]);
});
