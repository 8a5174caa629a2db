import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProgressLine } from './progress-line.ts';

const linesOn = (isTTY: boolean): string[] => {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) });
  for (const share of [0, 0.004, 0.5, 0.5049]) line.show('Fitting', share);
  line.clear();
  line.clear();
  return written;
};

test('a terminal shows each percent once, and nothing of it in the end', () => {
  assert.deepEqual(linesOn(true), ['\r\x1b[KFitting: 0 %', '\r\x1b[KFitting: 50 %', '\r\x1b[K']);
});

test('a file or a pipe gets none of it', () => {
  assert.deepEqual(linesOn(false), []);
});
