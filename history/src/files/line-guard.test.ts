import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineGuard, MAX_LINE_BYTES, OVERLONG } from './line-guard.ts';

function guarded(text: string, cuts: readonly number[] = []): string {
  const guard = new LineGuard(',');
  const bytes = Buffer.from(text);
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const parts = edges.slice(1).map((edge, i) => guard.push(bytes.subarray(edges[i], edge)));
  return Buffer.concat([...parts, guard.end()]).toString();
}

test('lines pass unchanged whatever ends them and however the bytes are cut', () => {
  const line = fc.stringMatching(/^[a-z0-9,.;]{0,12}$/);
  const lineEnd = fc.constantFrom('\n', '\r\n', '\r');
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(line), lineEnd, cuts, (lines, end, at) => {
      assert.equal(guarded(lines.join(end), at), lines.join(end));
    }),
  );
});

test('quotes that enclose fields stay, others are blanked on their own line only', () => {
  assert.equal(guarded('"a","b,c"\r\n'), '"a","b,c"\r\n');
  assert.equal(guarded('"a ""b""",1\n'), '"a ""b""",1\n');
  assert.equal(guarded('="123",5\n'), '="123",5\n');
  assert.equal(guarded('"a,1\n"b",2\n'), ' a,1\n"b",2\n');
  assert.equal(guarded('"a"b","c\nd,2\n'), ' a b , c\nd,2\n');
});

test('a carriage return ends a damaged line too', () => {
  assert.equal(guarded('"a,1\r"b",2\r'), ' a,1\r"b",2\r');
  assert.equal(guarded('"a","b"\r"c","d"'), '"a","b"\r"c","d"');
});

for (const [end, name] of [
  ['\n', 'LF'],
  ['\r', 'CR'],
  ['\r\n', 'CR LF'],
] as const) {
  test(`nothing of a line without end is left, and the next line is whole again, after ${name}`, () => {
    const long = `2024,${'1'.repeat(2 * MAX_LINE_BYTES)}`;
    const cuts = Array.from({ length: 33 }, (_, i) => i * 65_536);
    assert.equal(
      guarded(`a,1${end}${long}${end}b,2${end}${long}`, cuts),
      `a,1${end}${OVERLONG}${end}b,2${end}${OVERLONG}`,
    );
  });
}
