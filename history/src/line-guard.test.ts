import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineGuard, MAX_LINE_BYTES } from './line-guard.ts';

function guarded(text: string, quoted: boolean, cuts: readonly number[] = []): string {
  const guard = new LineGuard(',', quoted);
  const bytes = Buffer.from(text);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = edges.slice(1).map((edge, i) => guard.push(bytes.subarray(edges[i], edge)));
  return Buffer.concat([...parts, guard.end()]).toString();
}

test('lines pass unchanged however the bytes are cut', () => {
  const line = fc.stringMatching(/^[a-z0-9,.;]{0,12}$/);
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(200), { maxLength: 6 }), (lines, cuts) => {
      assert.equal(guarded(lines.join('\n'), true, cuts), lines.join('\n'));
    }),
  );
});

test('quotes that enclose fields stay, others are blanked on their own line only', () => {
  assert.equal(guarded('"a","b,c"\r\n', true), '"a","b,c"\r\n');
  assert.equal(guarded('"a ""b""",1\n', true), '"a ""b""",1\n');
  assert.equal(guarded('="123",5\n', true), '="123",5\n');
  assert.equal(guarded('"a,1\n"b",2\n', true), ' a,1\n"b",2\n');
  assert.equal(guarded('"a"b","c\nd,2\n', true), ' a b , c\nd,2\n');
});

test('a line without end is cut short and the next line is whole again', () => {
  const long = `x${'y'.repeat(2 * MAX_LINE_BYTES)}`;
  const cuts = Array.from({ length: 33 }, (_, i) => i * 65_536);
  const lines = guarded(`a,1\n${long}\nb,2\n`, false, cuts).split('\n');
  assert.deepEqual([lines[0], lines[2], lines.length], ['a,1', 'b,2', 4]);
  assert.ok((lines[1] ?? '').length <= 64);
});
