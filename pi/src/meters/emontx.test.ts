import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterOptions, Telegram } from '../meter.ts';
import { ascii, capture, damage, heard, joined, noCaptures } from './a-capture.test-data.ts';
import { EmonTxParser } from './emontx.ts';

const read = (text: string, options?: MeterOptions): Telegram[] =>
  heard(new EmonTxParser(options), ascii(`${text}\r\n`));
const powerAndEnergy = (text: string, options?: MeterOptions): unknown[] =>
  read(text, options).map(({ meter, watts, energyWh }) => [meter, watts, energyWh]);

test('needs 44: a line of pairs is read, whatever the firmware calls its inputs', () => {
  assert.deepEqual(powerAndEnergy('MSG:71923,Vrms:246.78,P1:157,E1:16346,pulse:15'), [[null, 157, 16_346]]);
  assert.deepEqual(powerAndEnergy('ct1:0,ct2:0,ct3:0,ct4:0,vrms:524,pulse:0'), [[null, 0, null]]);
  assert.deepEqual(powerAndEnergy('MSG:1,Vrms:236.21,P1:-1412,P2:260,E1:-7,E2:9'), [[null, -1_412, null]]);
});

test('needs 44: an unexpected line or byte is skipped, and reading goes on', () => {
  const parser = new EmonTxParser();
  const banner = ascii(
    '\xa5\x00emonTx4 V1.5.2\r\n|- Settings: group 210, freq 433 MHz\r\nvCal = 807.86\r\n> \r\n',
  );
  const good = ascii('MSG:2,Vrms:246.78,P1:157,E1:16346\r\n');
  assert.equal(heard(parser, joined(banner, good, Uint8Array.of(0xff, 0x0a), good), 1).length, 2);
  assert.deepEqual(damage(parser.quality), {});
  assert.ok(parser.quality.skippedBytes > 50);
});

test('a value that is no number makes no reading, least of all 0 W', () => {
  for (const line of [
    'MSG:1,P1:nan,E1:5',
    'MSG:1,P1:,E1:5',
    'P1:15 7,E1:5',
    '{"P1":"157"}',
    '{"P1":null}',
    '{"P1":1',
    '[1]',
  ])
    assert.deepEqual(read(line), [], line);
  assert.deepEqual(read('MSG:1,Vrms:246.78,E1:5'), []);
  assert.deepEqual(read('MSG:1,P1:157000,E1:5'), []);
});

test('JSON, one object a line, is read', () => {
  assert.deepEqual(powerAndEnergy('{"MSG":7,"Vrms":246.1,"P1":157,"P2":12,"E1":16346,"E2":4,"t":"x"}'), [
    [null, 157, 16_346],
  ]);
});

test('several inputs may be the home', () => {
  const line = 'MSG:1,P1:157,P2:260,P3:-17,E1:1,E2:2,E3:3';
  assert.deepEqual(powerAndEnergy(line, { channels: [1, 2, 3] }), [[null, 400, 6]]);
  assert.deepEqual(powerAndEnergy('MSG:1,P1:157,P2:260', { channels: [1, 3] }), []);
});

test('bytes of a packet are signed pairs, low byte first', () => {
  assert.deepEqual(powerAndEnergy('OK 8 105 0 191 1 (-28)'), [['8', 105, null]]);
  assert.deepEqual(powerAndEnergy('OK 8 156 255 191 1 (-28)'), [['8', -100, null]]);
  assert.deepEqual(powerAndEnergy('OK 8 105 0 191 1', { channels: [2] }), [['8', 447, null]]);
  assert.deepEqual(read('OK 8 105 300 191 1 (-28)'), []);
});

test('a node that is no power meter tells none', () => {
  assert.deepEqual(read('OKG 210 20 102 8'), []);
  assert.deepEqual(read('OKG 210 20 102 8', { nodes: [20] })[0]?.watts, 2_150);
  assert.deepEqual(powerAndEnergy('10 519 -3 24.6'), [['10', 519, null]]);
});

test('a line without end is dropped', () => {
  const parser = new EmonTxParser();
  assert.equal(heard(parser, ascii(`${'x'.repeat(5_000)}\nOK 8 1 0 (-1)\n`)).length, 1);
  assert.deepEqual(damage(parser.quality), { too_long: 1 });
});

test(
  'lines of real receivers: power packets are read, bad ones, displays and the time are not',
  { skip: noCaptures },
  () => {
    const parser = new EmonTxParser();
    const told = heard(parser, capture('emontx/rfm_lines.txt'));
    assert.deepEqual(
      told.map(({ meter, watts }) => `${meter ?? '-'}:${Number(watts)}`).join(' '),
      '8:105 8:105 10:519 10:530 10:522 10:519 10:513 10:511 10:512 10:515 10:507 10:514 10:517 -:0 5:0',
    );
    assert.deepEqual([parser.quality.other, damage(parser.quality)], [6, { refused: 4 }]);
  },
);

test('the nodes that tell power are heard, and others are not; a value above 255 is no byte', () => {
  const heardNodes = Array.from({ length: 14 }, (_, node) => node).filter(
    (node) => read(`OK ${node} 105 0 191 1 (-28)`).length > 0,
  );
  assert.deepEqual(heardNodes, [5, 6, 7, 8, 9, 10]);
  assert.deepEqual(read('OK 8 256 0 191 1 (-28)'), []);
  assert.deepEqual(
    ['255 255', '255 127', '0 128'].map((bytes) => read(`OK 8 ${bytes} 0 0 (-28)`)[0]?.watts),
    [-1, 32_767, -32_768],
  );
});
