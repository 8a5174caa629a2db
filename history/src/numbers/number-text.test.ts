import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MALFORMED, readNumber } from './number-text.ts';

test('numbers with a dot, a sign or an exponent are read', () => {
  for (const [text, value] of [
    ['0', 0],
    ['4.216', 4.216],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['1e3', 1_000],
    ['+7', 7],
    [' 12.5 ', 12.5],
    ['1,234.5', 1_234.5],
    ['1,234', 1_234],
    ['0.39600000000000000000', 0.396],
  ] as const)
    assert.equal(readNumber(text, '.'), value, text);
});

test('a decimal comma is read in a file that uses it, and a lone dot there is refused', () => {
  assert.equal(readNumber('0,173', ','), 0.173);
  assert.equal(readNumber('1.234,5', ','), 1_234.5);
  assert.equal(readNumber('12', ','), 12);
  assert.equal(readNumber('1.234', ','), MALFORMED);
});

test('words for nothing are missing, never zero', () => {
  for (const text of ['', ' ', '?', '-', 'null', 'unavailable', 'unknown', 'None', 'NaN', 'No CT']) {
    assert.ok(Number.isNaN(readNumber(text, '.')), text);
    assert.ok(Number.isNaN(readNumber(text, ',')), text);
  }
});

test('what is no number is malformed', () => {
  for (const text of [
    '0x10',
    '0b1',
    '1_000',
    '12 kWh',
    '1.2.3',
    '--1',
    '1e999',
    'Infinity',
    '5,5',
    '0,012',
    'abc',
    '1'.repeat(400),
  ])
    assert.equal(readNumber(text, '.'), MALFORMED, text);
});

test('a million digits are no number, and told so at once', () => {
  for (const mark of ['.', ','] as const)
    for (const end of ['x', 'e', '.x', ',x'])
      assert.equal(readNumber(`${'1'.repeat(1_000_000)}${end}`, mark), MALFORMED);
});
