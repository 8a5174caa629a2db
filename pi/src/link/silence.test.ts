import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Silence } from './silence.ts';

describe('a silence', () => {
  it('is ten times the usual distance, and never less than a quarter of a minute', () => {
    const silence = new Silence(0);
    assert.equal(silence.due, 60_000);
    for (let second = 0; second <= 20; second++) silence.heard(second * 1_000);
    assert.equal(silence.due, 20_000 + 15_000);
    const slow = new Silence(0);
    for (let n = 0; n <= 9; n++) slow.heard(n * 10_000);
    assert.equal(slow.due, 90_000 + 100_000);
  });

  it('may last twice as long after each new try, up to ten minutes, until something is heard', () => {
    const silence = new Silence(0);
    const lengths: number[] = [];
    let now = 0;
    for (let n = 0; n < 6; n++) {
      now = silence.due;
      silence.opened(now);
      lengths.push(silence.due - now);
    }
    assert.deepEqual(lengths, [60_000, 120_000, 240_000, 480_000, 600_000, 600_000]);
    silence.heard(now);
    assert.equal(silence.due - now, 60_000);
  });

  it('that was long does not make the next one usual', () => {
    const silence = new Silence(0);
    for (let second = 0; second <= 9; second++) silence.heard(second * 1_000);
    silence.opened(100_000);
    silence.heard(500_000);
    for (let n = 1; n < 4; n++) silence.heard(500_000 + n * 1_000);
    assert.equal(silence.due, 503_000 + 15_000);
  });
});
