import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterKind, MeterOptions, Poll } from '../meter.ts';
import { damage, heard, hex, joined } from './a-capture.test-data.ts';
import { modbusFloats, modbusSigned } from './a-frame.test-data.ts';
import { pzem004t, pzem004tKind, sdm120Kind, sdm630, sdm630Kind } from './modbus-meters.ts';
import { ModbusParser, readInputRequest } from './modbus.ts';

/** A published answer of a PZEM-004T: 225.7 V, 0.108 A, 24.4 W, 38 Wh. */
const PZEM = hex('01 04 14 08D1 006C 0000 00F4 0000 0026 0000 01F4 0064 0000 5134');

const pollOf = (kind: MeterKind, options?: MeterOptions): Poll => {
  assert.ok(kind.poll !== null);
  return kind.poll(options);
};

test('the request is what the manual shows', () => {
  const { request, replyBytes } = pollOf(pzem004tKind);
  assert.deepEqual(request, hex('01040000000A700D'));
  assert.equal(replyBytes, PZEM.length);
  assert.deepEqual(pollOf(pzem004tKind, { slave: 0xf8 }).request, readInputRequest(0xf8, 0, 10));
});

test('a PZEM-004T tells tenths of a watt, low register first', () => {
  assert.deepEqual(heard(pzem004tKind.create(), PZEM, 1), [
    { meter: null, watts: 24.4, energyWh: 38, exportWh: null, toldAt: null, apparentVa: null },
  ]);
  const told = pzem004t.decode([2_300, 0, 0, 0x86a0, 1, 0x5678, 0x1234, 500, 100, 0]);
  assert.deepEqual([told?.watts, told?.energyWh], [10_000, 0x12345678]);
  assert.equal(pzem004t.decode([2_300]), null);
});

test('needs 34: with two of three answers damaged, only the good ones are read', () => {
  const parser = pzem004tKind.create();
  let told = 0;
  for (let at = 0; at < PZEM.length; at++) {
    const bad = PZEM.slice();
    bad[at] = (bad[at] ?? 0) ^ 0x10;
    told += heard(parser, joined(bad, PZEM, bad)).length;
  }
  assert.equal(told, PZEM.length);
});

test('needs 35: no answer, an exception or an echo is no reading, never 0 W', () => {
  const parser = pzem004tKind.create();
  const { request } = pollOf(pzem004tKind);
  assert.deepEqual(heard(parser, joined(request, request)), []);
  assert.deepEqual(heard(parser, joined(request, modbusSigned(hex('018402')))), []);
  assert.deepEqual(damage(parser.quality), { refused: 1 });
  assert.equal(heard(parser, joined(request, PZEM)).length, 1);
});

test('another slave, another function and another length are passed over', () => {
  const others = [hex('02 04 14'), hex('01 03 14'), hex('01 04 12'), PZEM.subarray(0, 10)];
  const parser = pzem004tKind.create();
  assert.equal(heard(parser, joined(...others, PZEM, PZEM), 2).length, 2);
});

test('Eastron meters tell floats, signed where they export', () => {
  const one = modbusFloats(0x0c, 64, { 0x0c: -1_234.5, 0x48: 123.456, 0x4a: 7.5 });
  const [told] = heard(sdm120Kind.create(), one, 9);
  assert.deepEqual([told?.watts, told?.energyWh, told?.exportWh], [-1_234.5, 123_456, 7_500]);
  const [three] = heard(sdm630Kind.create(), modbusFloats(0x34, 24, { 0x34: 4_321, 0x48: 1, 0x4a: 0 }));
  assert.deepEqual([three?.watts, three?.energyWh, three?.exportWh], [4_321, 1_000, 0]);
  assert.deepEqual(pollOf(sdm630Kind).request, readInputRequest(1, 0x34, 24));
});

test('a power that is no number is no reading', () => {
  const parser = new ModbusParser(sdm630);
  assert.deepEqual(heard(parser, modbusFloats(0x34, 24, { 0x34: NaN, 0x48: 1, 0x4a: 0 })), []);
  assert.deepEqual(damage(parser.quality), { implausible: 1 });
});
