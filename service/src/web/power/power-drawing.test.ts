import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rangeAt } from './power-drawing.ts';

const HOUR = 3_600_000;

test('the range at an instant is that of the hour as the service has cut it, also half an hour from UTC', () => {
  const expected = [-0.5, 0.5].map((hour) => ({
    ...{ at: hour * HOUR, until: (hour + 1) * HOUR },
    ...{ low: 0, usual: hour, high: 1_000 },
  }));
  const usualAt = (hour: number): number | undefined => rangeAt({ expected }, hour * HOUR)?.usual;
  assert.deepEqual([-0.6, 0.4, 0.5, 1.4, 1.5].map(usualAt), [undefined, -0.5, 0.5, 0.5, undefined]);
});
