import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { blob, json, nullable, number, oneOf, text } from './row.ts';

const row = { at: 1, name: 'home', state: new Uint8Array([7]), note: null, more: '{"a":"b"}' };

test('a column is read as what the schema has it', () => {
  assert.deepEqual([number(row, 'at'), text(row, 'name'), [...blob(row, 'state')]], [1, 'home', [7]]);
  assert.deepEqual([nullable(text, row, 'note'), nullable(text, row, 'name')], [null, 'home']);
  assert.equal(oneOf(['home', 'barn'], row, 'name'), 'home');
  assert.deepEqual(json(z.record(z.string(), z.string()), row, 'more'), { a: 'b' });
});

test('a value that the schema does not allow is damage, told with its column and what it is', () => {
  const fault = (place: string, found: string): object => ({
    ...{ code: 'storage_broken', faultClass: 'fatal', place: `column ${place}`, found },
  });
  assert.throws(() => text(row, 'at'), fault('at', 'number'));
  assert.throws(() => number(row, 'name'), fault('name', '"home"'));
  assert.throws(() => number(row, 'note'), fault('note', 'null'));
  assert.throws(() => blob(row, 'missing'), fault('missing', 'undefined'));
  assert.throws(() => nullable(text, row, 'missing'), fault('missing', 'undefined'));
  assert.throws(() => oneOf(['barn'], row, 'name'), fault('name', '"home"'));
  assert.throws(() => json(z.object({}), row, 'name'), fault('name', '"home"'));
});
