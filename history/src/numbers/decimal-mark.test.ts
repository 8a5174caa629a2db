import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MarkFinder, markOf } from './decimal-mark.ts';

test('a cell shows the mark that it can only have, and one that may be thousands shows none', () => {
  assert.deepEqual(['0,012', ' 12,5 ', '1234,567', '-0,5', '1.234,5'].map(markOf), [',', ',', ',', ',', ',']);
  assert.deepEqual(['1.5', '1,234.5', '1,234,567'].map(markOf), ['.', '.', '.']);
  assert.deepEqual(['12', '', '1,234', '-1,234', 'a,b'].map(markOf), Array(5).fill(undefined));
});

test('the decimal mark is a comma only when no cell of the first rows has a dot', () => {
  assert.equal(new MarkFinder(';', [['01/02/2023', '0,173']]).markFor('5'), ',');
  assert.equal(new MarkFinder(';', [['0,173', '1.5']]).markFor('5'), '.');
  assert.equal(new MarkFinder(';', [['2023-01-01', '5']]).markFor('5'), '.');
});

test('a comma that may be either is a decimal mark between semicolons only, and the report says so', () => {
  for (const [separator, mark, way] of [
    [';', ',', 'a decimal comma'],
    [',', '.', 'a comma between thousands'],
    ['\t', '.', 'a comma between thousands'],
  ] as const) {
    const finder = new MarkFinder(separator, [['1,234', '532']]);
    assert.equal(finder.doubt, undefined);
    assert.equal(finder.markFor('1,234'), mark);
    assert.equal(
      finder.doubt,
      `numbers such as "1,234" are read with ${way}, as nothing in the file shows which it is`,
    );
  }
});

test('a later cell that shows the mark takes the doubt away, one that shows the other leaves both', () => {
  const finder = new MarkFinder(',');
  assert.equal(finder.markFor('1,234'), '.');
  assert.equal(finder.markFor('0,5'), '.');
  assert.match(finder.doubt ?? '', /"1,234"/);
  assert.equal(finder.markFor('12.5'), '.');
  assert.equal(finder.doubt, undefined);
});
