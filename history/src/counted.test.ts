import assert from 'node:assert/strict';
import { test } from 'node:test';
import { counted } from './counted.ts';

test('one is one, and nothing and more are many', () => {
  assert.deepEqual(
    [0, 1, 2].map((count) => counted(count, 'gap')),
    ['0 gaps', '1 gap', '2 gaps'],
  );
  assert.equal(counted(1, 'value is', 'values are'), '1 value is');
});
