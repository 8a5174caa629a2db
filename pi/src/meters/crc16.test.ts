import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arc, arcOfLines, kermit, modbus, x25, x25OfLines } from './crc16.ts';

/** The check value of each algorithm is that of these nine characters. */
const CHECK = new TextEncoder().encode('123456789');

test('each checksum gives the check value it is known by', () => {
  assert.equal(arc(CHECK, 0, 9), 0xbb3d);
  assert.equal(modbus(CHECK, 0, 9), 0x4b37);
  assert.equal(x25(CHECK, 0, 9), 0x906e);
  assert.equal(kermit(CHECK, 0, 9), 0x2189);
});

test('over lines, a line feed alone counts as carriage return and line feed', () => {
  const [full, bare] = ['a\r\n\r\nb\r\n', 'a\n\nb\n'].map((text) => new TextEncoder().encode(text));
  assert.ok(full !== undefined && bare !== undefined);
  for (const bytes of [full, bare]) {
    assert.equal(arcOfLines(bytes, bytes.length), arc(full, 0, full.length));
    assert.equal(x25OfLines(bytes, bytes.length), x25(full, 0, full.length));
  }
});

test('a PZEM request carries its CRC low byte first', () => {
  const request = Uint8Array.of(0x01, 0x04, 0x00, 0x00, 0x00, 0x0a);
  assert.equal(modbus(request, 0, 6), 0x0d70);
});
