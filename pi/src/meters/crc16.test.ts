import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arc, arcStep, kermit, modbus, x25, x25Step } from './crc16.ts';

/** The check value of each algorithm is that of these nine characters. */
const CHECK = new TextEncoder().encode('123456789');

test('each checksum gives the check value it is known by', () => {
  assert.equal(arc(CHECK, 0, 9), 0xbb3d);
  assert.equal(modbus(CHECK, 0, 9), 0x4b37);
  assert.equal(x25(CHECK, 0, 9), 0x906e);
  assert.equal(kermit(CHECK, 0, 9), 0x2189);
});

test('byte by byte it is the same', () => {
  assert.equal(CHECK.reduce(arcStep, 0), 0xbb3d);
  assert.equal(CHECK.reduce(x25Step, 0xffff) ^ 0xffff, 0x906e);
});

test('a PZEM request carries its CRC low byte first', () => {
  const request = Uint8Array.of(0x01, 0x04, 0x00, 0x00, 0x00, 0x0a);
  assert.equal(modbus(request, 0, 6), 0x0d70);
});
