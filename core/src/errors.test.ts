import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageOf } from './errors.ts';

test('what a parser says of several lines is said in one', () => {
  assert.throws(
    () => JSON.parse('x\n  y\r\n'),
    (error) => {
      assert.match(messageOf(error), /x y/);
      assert.doesNotMatch(messageOf(error), /[\r\n]/);
      return true;
    },
  );
  assert.equal(messageOf('thrown as a text'), 'thrown as a text');
});
