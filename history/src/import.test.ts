import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imported, refusal } from './an-import.test-data.ts';
import { Zone } from '@lefton/core';
import { importHistory } from './import.ts';
import type { ImportedHistory } from './report.ts';

const pairs = ({ at, watts }: ImportedHistory): [string, number][] =>
  [...at].map((time, i) => [
    new Date(time).toISOString().slice(0, 16),
    Math.round((watts[i] ?? NaN) * 1_000) / 1_000,
  ]);

const UCI =
  'Date;Time;Global_active_power;Global_reactive_power;Voltage;Global_intensity;Sub_metering_1;Sub_metering_2;Sub_metering_3\n';
const uciRow = (date: string, time: string, kw: string): string => `${date};${time};${kw};0;230;1;0;0;0\n`;
const HA = 'entity_id,state,last_changed\n';

test('a bad row lands in rejected with its line and loses none of the others', async () => {
  const text =
    'at,watts\n2024-01-01T00:00:00Z,100\nnonsense,5\n2024-01-01T00:01:00Z,x\n2024-01-01T00:02:00Z,300\n';
  const history = await imported(text);
  assert.deepEqual([...history.watts], [100, 300]);
  assert.deepEqual(history.report.rejected, [
    { line: 3, why: 'expected a time, found "nonsense"' },
    { line: 4, why: 'expected a number, found "x"' },
  ]);
  const { rows, readings, rejected_count: count, first, last, gaps } = history.report;
  assert.deepEqual([rows, readings, count, gaps], [4, 2, 2, 1]);
  assert.deepEqual([first, last], ['2024-01-01T00:00:00Z', '2024-01-01T00:02:00Z']);
});

test('a row from another century or from after now is rejected with its line, once for all its columns', async () => {
  const now = Date.UTC(2024, 0, 1, 12);
  const wrong = [
    '9999-12-31T00:00:00Z',
    '1970-01-01T00:00:07Z',
    '2036-02-07T06:28:16Z',
    '2024-01-02T12:00:01Z',
  ];
  const rows = ['2024-01-01T00:00:00Z', ...wrong, '2024-01-02T12:00:00Z'];
  const one = await imported(`at,watts\n${rows.map((at) => `${at},200\n`).join('')}`, { now });
  assert.deepEqual([...one.at], [Date.UTC(2024, 0, 1), now + 86_400_000]);
  assert.deepEqual(
    one.report.rejected,
    wrong.map((at, i) => ({ line: 3 + i, why: `expected a time from 1990 until now, found ${at}` })),
  );
  const times = ['2024-01-01T01:00', '2024-01-01T02:00', '2107-01-01T03:00'];
  const text = times.map((time, i) => `${time},${i},5\n`).join('');
  const registers = `time,Import T1 kWh,Import T2 kWh\n${text}`;
  const local = await imported(registers, { zone: 'Europe/Paris', now });
  assert.deepEqual([local.report.rejected.map(({ line }) => line), local.report.rejected_count], [[4], 1]);
  assert.deepEqual([...local.watts], [1_000]);
});

test('what an export leaves blank for the days to come is no fault', async () => {
  const now = Date.UTC(2024, 0, 1);
  const { at, report } = await imported('at,watts\n2024-01-01T00:00:00Z,5\n2024-01-31T00:00:00Z,\n', { now });
  assert.deepEqual([at.length, report.rejected_count], [1, 0]);
});

test('the report keeps the first hundred rejected rows and counts the rest', async () => {
  const { report } = await imported(`at,watts\n${'x,1\n'.repeat(250)}2024-01-01T00:00:00Z,1\n`);
  assert.deepEqual([report.rejected.length, report.rejected_count], [100, 250]);
});

test('rows out of order are sorted, and repeats counted', async () => {
  const history = await imported(
    'at,watts\n2024-01-01T00:02:00Z,3\n2024-01-01T00:00:00Z,1\n2024-01-01T00:02:00Z,3\n2024-01-01T00:01:00Z,2\n',
  );
  assert.deepEqual([...history.watts], [1, 2, 3]);
  assert.equal(history.report.duplicates, 1);
});

test('of two values for one time the later row counts, and the report says so', async () => {
  const { watts, report } = await imported('at,watts\n2024-01-01T00:00:00Z,1\n2024-01-01T00:00:00Z,2\n');
  assert.deepEqual([[...watts], report.duplicates], [[2], 1]);
  assert.match(report.notes.join(), /1 time comes with two different values/);
});

test('a row that repeats the values of several columns is one duplicate', async () => {
  const row = '2023-09-01 00:00,1,2,3,4\n';
  const { report } = await imported(
    `time,Import T1 kWh,Import T2 kWh,Export T1 kWh,Export T2 kWh\n${row}${row}`,
    {
      zone: 'Europe/Paris',
    },
  );
  assert.equal(report.duplicates, 1);
});

test('a file of more than a megabyte keeps all its rows whatever ends its lines', async () => {
  const rows = 60_000;
  const time = (i: number): string => new Date(Date.UTC(2024, 0, 1) + i * 60_000).toISOString();
  const lines = Array.from({ length: rows }, (_, i) => `${time(i)},${100 + (i % 50)}`);
  for (const end of ['\n', '\r', '\r\n']) {
    const { watts, report } = await imported(['at,watts', ...lines, 'x,1', ''].join(end));
    assert.equal(watts.length, rows);
    assert.ok(watts.every((power, i) => power === 100 + (i % 50)));
    assert.deepEqual(report.rejected, [{ line: rows + 2, why: 'expected a time, found "x"' }]);
  }
});

test('a line too long to be one is rejected with its number and never read as a number', async () => {
  const long = '1'.repeat(1_200_000);
  for (const end of ['\n', '\r', '\r\n']) {
    const lines = ['at,watts', '2024-01-01T00:00:00Z,100', `2024-01-01T00:01:00Z,${long}`];
    lines.push('2024-01-01T00:02:00Z,300', `2024-01-01T00:03:00Z,400,${long}`);
    const { watts, report } = await imported(lines.join(end));
    assert.deepEqual([[...watts], report.rows], [[100, 300], 4]);
    assert.deepEqual(
      report.rejected,
      [3, 5].map((line) => ({ line, why: 'the line is longer than 1048576 bytes' })),
    );
  }
});

test('a stray quote spoils only its own row', async () => {
  const history = await imported(
    'at,watts\n"2024-01-01T00:00:00Z","1"\n"2024-01-01T00:01:00Z,2\n"2024-01-01T00:02:00Z","3"\n',
  );
  assert.deepEqual([...history.watts], [1, 2, 3]);
});

test('byte order mark, CRLF, UTF-16 and a missing last line end change nothing', async () => {
  const plain = 'at,watts\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,2';
  for (const bytes of [
    Buffer.from(`\uFEFF${plain}`),
    Buffer.from(plain.replaceAll('\n', '\r\n')),
    Buffer.from(`\uFEFF${plain}`, 'utf16le'),
    Buffer.from(`${plain}\n\n\n`),
  ]) {
    const { watts, report } = await importHistory([bytes], { place: 'f.csv' });
    assert.deepEqual([[...watts], report.rejected_count], [[1, 2], 0]);
  }
});

test('local times need a zone, and the error says what to pass', async () => {
  await refusal(UCI + uciRow('16/12/2006', '17:24:00', '4.2'), 'zone_needed', /--zone Europe\/Paris/);
  await refusal('at,watts\n2024-01-01T00:00:00,1\n', 'zone_needed', /--zone/);
});

test('a file of no known kind is refused with the names that are known', async () => {
  await refusal('colour,size\nred,5\n', 'unknown_format', /canonical.*nem12.*green-button.*colour size/);
  await refusal('', 'unknown_format', /no bytes/);
  await refusal('at,watts\n', 'unknown_format', /canonical/, { format: 'cannonical' });
  await refusal('at,watts\n', 'unknown_format', /format uci/, { format: 'uci' });
  await refusal('at,watts\n2024-01-01T00:00:00,1\n', 'unknown_zone', /IANA/, { zone: 'Paris' });
});

test('a question mark is a missing value, not a rejected row', async () => {
  const text = UCI + uciRow('21/12/2006', '11:22:00', '0.5') + '21/12/2006;11:23:00;?;?;?;?;?;?;\n';
  const { report, watts } = await imported(text + uciRow('21/12/2006', '11:24:00', '0.7'), {
    zone: 'Europe/Paris',
  });
  assert.deepEqual([[...watts], report.rejected_count, report.gaps], [[500, 700], 0, 1]);
  assert.match(report.notes.join(), /1 value is marked as missing/);
});

test('needs 17: a local file over a spring change has each hour once, a month boundary included', async () => {
  let text = UCI;
  for (const [date, hours] of [
    ['31/3/2024', [0, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]],
    ['1/4/2024', [0, 1]],
  ] as const)
    for (const hour of hours) text += uciRow(date, `${String(hour).padStart(2, '0')}:00:00`, '0.1');
  const { at, report } = await imported(text, { zone: 'Europe/Paris' });
  assert.deepEqual([at.length, report.gaps, report.rejected_count], [25, 0, 0]);
  assert.equal(new Set([...at].map((time) => new Zone('Europe/Paris').dayNumber(time))).size, 2);
});

test('a time that the spring change skips is rejected with its line', async () => {
  const text = UCI + uciRow('31/3/2024', '01:30:00', '1') + uciRow('31/3/2024', '02:30:00', '2');
  const { report } = await imported(text + uciRow('31/3/2024', '03:30:00', '3'), { zone: 'Europe/Paris' });
  assert.deepEqual(report.rejected, [
    { line: 3, why: 'no such local time in Europe/Paris: the clocks were put forward' },
  ]);
});

test('import and export of a file whose clock was never put forward stay on one clock', async () => {
  const text = [
    'Date/Time,Energy Produced (Wh),Energy Consumed (Wh),Exported to Grid (Wh),Imported from Grid (Wh)',
  ];
  const net = new Map<number, number>();
  for (let wall = Date.UTC(2024, 2, 20); wall < Date.UTC(2024, 3, 10); wall += 3_600_000) {
    const [date, time] = new Date(wall).toISOString().slice(0, 16).split('T');
    const hour = new Date(wall).getUTCHours();
    const [back, drawn] = hour >= 9 && hour < 17 ? [1_000 + hour, 0] : [0, 300 + hour];
    text.push(`${date?.split('-').reverse().join('/')} ${time},0,0,${back},${drawn}`);
    net.set(wall - 3_600_000, drawn - back);
  }
  const { at, watts, report } = await imported(text.join('\n'), { zone: 'Europe/Paris', dayFirst: true });
  assert.deepEqual(new Map([...at].map((time, i) => [time, watts[i]])), net);
  assert.equal(report.rejected_count, 0);
  assert.match(report.notes.join(), /never changed for summer time: read as UTC\+1/);
});

test('needs 25: the zone of the machine does not matter', async () => {
  const before = process.env['TZ'];
  const seen = new Set<string>();
  for (const zone of ['UTC', 'America/Los_Angeles', 'Asia/Kolkata']) {
    process.env['TZ'] = zone;
    seen.add(
      JSON.stringify(
        pairs(await imported(UCI + uciRow('1/7/2024', '20:00:00', '1'), { zone: 'Europe/Berlin' })),
      ),
    );
  }
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
  assert.deepEqual([...seen], ['[["2024-07-01T18:00",1000]]']);
});

test('needs 26: a sensor that was unavailable leaves a gap, not a zero', async () => {
  const rows = ['350', 'unavailable', 'unknown', '350'].map(
    (state, i) => `sensor.house_power_w,${state},2024-01-01T00:0${i}:00.000Z\n`,
  );
  const { watts, report } = await imported(HA + rows.join(''), {});
  assert.deepEqual([[...watts], report.gaps, report.unit], [[350, 350], 1, 'W']);
});

test('needs 27: no energy is booked for the leap after a sensor was away', async () => {
  const text = `${HA}sensor.b,10.0,2024-01-01T00:00:00Z\nsensor.b,unavailable,2024-01-01T00:01:00Z\nsensor.b,500.0,2024-01-01T00:02:00Z\nsensor.b,500.1,2024-01-01T00:03:00Z\n`;
  const { watts } = await imported(text, { unit: 'kWh' });
  assert.deepEqual([...watts], []);
});

test('needs 30 and 31: a register that reads zero once keeps its base', async () => {
  for (const [before, after] of [
    [13_423.7, 13_423.8],
    [15_508.5, 15_508.5],
  ] as const) {
    const text = [before, 0, after]
      .map((total, i) => `sensor.total,${total},2024-01-01T0${i}:00:00Z\n`)
      .join('');
    const { watts, report } = await imported(HA + text, { unit: 'kWh' });
    assert.deepEqual([...watts].map(Math.round), [Math.round((after - before) * 500)]);
    assert.match(report.notes.join(), /1 total ran backwards/);
  }
});

test('totals with two decimals of a kilowatt-hour, every 10 s, are steady power, and the report says what they hide', async () => {
  const text = Array.from({ length: 1_000 }, (_, i) => {
    const total = (Math.floor(1_342_370.4 + i / 36) / 100).toFixed(2);
    return `sensor.house_kwh,${total},${new Date(Date.UTC(2024, 0, 1) + i * 10_000).toISOString()}\n`;
  });
  const { watts, report } = await imported(HA + text.join(''));
  assert.deepEqual([...new Set(watts.slice(100, 900).map(Math.round))], [100]);
  assert.match(report.notes.join(), /steps of 10 Wh, at 100 W one in 6 minutes: shorter use is not seen/);
});

test('needs 32: a repeated meter clock is a gap and the next delta spreads', async () => {
  const text = [
    ['15', 109_550],
    ['16', 109_552],
    ['17', 109_554.016],
    ['17', 109_554.016],
    ['19', 109_562.072],
    ['20', 109_564],
  ]
    .map(([hour, total]) => `sensor.meter,${total ?? ''},2024-01-01T${hour ?? ''}:00:00Z\n`)
    .join('');
  const history = await imported(HA + text, { unit: 'kWh' });
  assert.deepEqual(pairs(history), [
    ['2024-01-01T15:00', 2_000],
    ['2024-01-01T16:00', 2_016],
    ['2024-01-01T17:00', 4_028],
    ['2024-01-01T19:00', 1_928],
  ]);
  assert.deepEqual([history.report.gaps, history.report.duplicates], [1, 1]);
});

test('needs 48: nothing is invented between two sparse states', async () => {
  const text = 'sensor.lamp_power,0,2024-01-01T00:00:00Z\nsensor.lamp_power,2000,2024-01-01T10:00:00Z\n';
  const history = await imported(HA + text, {});
  assert.deepEqual(pairs(history), [
    ['2024-01-01T00:00', 0],
    ['2024-01-01T10:00', 2_000],
  ]);
});

test('power beyond what a home can draw is missing, and the bound can be moved', async () => {
  const text =
    'at,watts\n2024-01-01T00:00:00Z,1\n2024-01-01T00:01:00Z,150000\n2024-01-01T00:02:00Z,-150000\n';
  assert.deepEqual([...(await imported(text)).watts], [1]);
  assert.deepEqual([...(await imported(text, { maxPowerW: 200_000 })).watts], [1, 150_000, -150_000]);
});

test('a decimal comma that comes late is none of thousands', async () => {
  const rows = Array.from({ length: 96 }, (_, i) => {
    const clock = (quarter: number): string =>
      `${String(1 + Math.floor(quarter / 96)).padStart(2, '0')}-01-2026;${String(Math.floor(quarter / 4) % 24).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}:00`;
    const [volume, status] = i < 48 ? ['', 'Geen verbruik'] : ['0,012', 'Gelezen'];
    return `${clock(i)};${clock(i + 1)};="541448820000000000";1SAG1;Digitale meter;Afname Dag;${volume};kWh;${status}\n`;
  });
  const heading =
    'Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus\n';
  const { watts, report } = await imported(heading + rows.join(''), { zone: 'Europe/Brussels' });
  assert.deepEqual([watts.length, Math.round(watts[0] ?? 0), report.rejected_count], [48, 48, 0]);
});

test('between semicolons a dot that may be one between thousands is a decimal dot, and the report says so', async () => {
  const rows = (...values: readonly string[]): string =>
    `at;watts\n${values.map((value, i) => `2024-01-01T00:0${i}:00Z;${value}\n`).join('')}`;
  const { watts, report } = await imported(rows('804', '1.920', '96'));
  assert.deepEqual([...watts], [804, 1.92, 96]);
  assert.match(report.notes.join(), /numbers such as "1\.920" are read with a decimal dot/);
  for (const shown of ['0.418', '12.5', '1.0'])
    assert.deepEqual((await imported(rows('804', '1.920', shown))).report.notes, []);
});

test('thousands in quotes beside numbers without them are thousands, wherever the first one stands', async () => {
  const head = (sep: string): string => `at${sep}watts\n`;
  const row = (minute: number, sep: string, watts: string): string =>
    `2024-01-01T0${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}:00Z${sep}${watts}\n`;
  for (const [sep, cell] of [
    [',', '"1,234"'],
    ['\t', '1,234'],
    ['|', '1,234'],
  ] as const) {
    for (const first of [0, 50]) {
      const numbers = Array.from({ length: 60 }, (_, i) => (i === first ? cell : '532'));
      const text = head(sep) + numbers.map((watts, i) => row(i, sep, watts)).join('');
      const { watts, report } = await imported(text);
      assert.deepEqual([watts[first], watts[59], report.rejected_count], [1_234, 532, 0], sep);
      assert.match(report.notes.join(), /such as "1,234" are read with a comma between thousands/);
    }
  }
  const decimal = await imported(`${head(';')}${row(0, ';', '1,234')}${row(1, ';', '0,532')}`);
  assert.deepEqual([[...decimal.watts], decimal.report.notes], [[1.234, 0.532], []]);
  const comma = await imported(`${head(',')}${row(0, ',', '"1,234"')}${row(1, ',', '"0,532"')}`);
  assert.deepEqual([[...comma.watts], comma.report.notes], [[1.234, 0.532], []]);
});

test('a file with two meters is refused until one is named', async () => {
  const text =
    'at,watts,meter\n2024-01-01T00:00:00Z,1,house\n2024-01-01T00:00:00Z,2,shed\n2024-01-01T00:01:00Z,3,house\n';
  await refusal(text, 'meter_choice_needed', /--meter NAME.*"house", "shed"/);
  await refusal(text, 'meter_choice_needed', /"barn".*"house", "shed"/, { meter: 'barn' });
  const { meter, watts } = await imported(text, { meter: 'house' });
  assert.deepEqual([meter, [...watts]], ['house', [1, 3]]);
});

test('the progress of an import counts the bytes that are read', async () => {
  const seen: number[] = [];
  const text = `at,watts\n${'2024-01-01T00:00:00Z,1\n'.repeat(10_000)}`;
  const half = Math.floor(text.length / 2);
  const chunks = [Buffer.from(text.slice(0, half)), Buffer.from(text.slice(half))];
  await importHistory(chunks, { place: 'f.csv', onProgress: (bytes) => seen.push(bytes) });
  assert.deepEqual(seen, [half, text.length]);
});

test('an error of the source reaches the caller', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`at,watts\n${'2024-01-01T00:00:00Z,1\n'.repeat(5_000)}`);
    await Promise.resolve();
    throw new Error('disk on fire');
  }
  await assert.rejects(importHistory(broken(), { place: 'f.csv' }), /disk on fire/);
});
