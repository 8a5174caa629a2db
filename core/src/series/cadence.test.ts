import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cadenceOf, reportingOf } from './cadence.ts';
import { HOUR, MINUTE, SECOND } from '../time.ts';

const every = (ms: number, power: (i: number) => number, count = 2000): ReturnType<typeof reportingOf> =>
  reportingOf(
    Array.from({ length: count }, (_, i) => i * ms),
    Array.from({ length: count }, (_, i) => power(i)),
  );

test('a meter that reports faster than a minute is looked at by the minute', () => {
  const cadence = cadenceOf(every(10 * SECOND, (i) => i));
  assert.deepEqual(cadence, { stepMs: MINUTE, holdMs: 10 * MINUTE, readingPerStep: false });
});

test('a slower meter is looked at in its own steps', () => {
  for (const minutes of [1, 5, 10, 15, 30, 60]) {
    const cadence = cadenceOf(every(minutes * MINUTE, (i) => i));
    assert.equal(cadence.stepMs, minutes * MINUTE);
    assert.equal(cadence.readingPerStep, true);
  }
});

test('a sensor that reports on change is sampled, and its last value holds for an hour', () => {
  const at = Array.from({ length: 2000 }, (_, i) => i * MINUTE + (i % 7) * 40 * SECOND * (i % 3)).sort(
    (a, b) => a - b,
  );
  const reporting = reportingOf(
    at,
    at.map((_, i) => i),
  );
  assert.equal(reporting.regular, false);
  assert.equal(cadenceOf(reporting).holdMs, HOUR);
  assert.equal(cadenceOf(reporting).readingPerStep, false);
});

test('fine minute readings that never repeat make a flat stretch suspicious; coarse or repeating ones do not', () => {
  assert.equal(every(MINUTE, (i) => 150 + ((i * 37) % 101) / 10).frozenMs, 15 * MINUTE);
  assert.equal(every(MINUTE, (i) => 150 + (Math.floor(i / 4) % 3)).frozenMs, null);
  assert.equal(every(MINUTE, (i) => (i < 200 ? 150 + (i % 7) / 10 : 152)).frozenMs, 15 * MINUTE);
  assert.equal(every(30 * MINUTE, (i) => i).frozenMs, null);
  const stuckHalfTheTime = (i: number): number => (i % 200 < 100 ? 152 : 150 + (i % 7) / 10);
  assert.equal(every(MINUTE, stuckHalfTheTime).frozenMs, 15 * MINUTE);
});
