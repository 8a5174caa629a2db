import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DAY, MINUTE } from '@lefton/core';
import { aTensorFlow } from './a-tensorflow.test-data.ts';
import { rangeTrial, trialSentences } from './range-trial.ts';
import type { RangeTrial } from './range-trial.ts';

test('three ranges are held against days that none of them has seen', async () => {
  const tf = await aTensorFlow();
  const step = 15 * MINUTE;
  const at = Float64Array.from({ length: (20 * DAY) / step }, (_, i) => Date.UTC(2026, 0, 5) + i * step);
  const watts = at.map((_, i) => 200 + ((i * 7) % 101));
  const options = {
    zone: 'UTC',
    meter: null,
    falseAlarmsPerMonth: 1,
    fittedOn: 'test',
    sha256: null,
    software: 'test',
  };
  const trial = await rangeTrial(tf, { at, watts }, options, { seed: 1, rounds: 1 });
  assert.equal(trial.heldOutDays, 5);
  // with the future cut off and another one put there, what was learned is the same, and fits it less
  const other = watts.map((power, i) => ((at[i] ?? 0) < Date.UTC(2026, 0, 20) ? power : power + 1000));
  const surprised = await rangeTrial(tf, { at, watts: other }, options, { seed: 1, rounds: 1 });
  for (const range of ['network', 'fitted', 'plain'] as const) {
    assert.ok(trial[range].lossW < 60 && surprised[range].lossW > 250, range);
    assert.equal(surprised[range].above, 1, range);
  }
});

test('the verdict says which range is better, also where it is not the network', () => {
  const quality = (lossW: number) => ({ lossW, below: 0.051, above: 0.04 });
  const last = (network: number, fitted: number, plain: number): string | undefined => {
    const trial: RangeTrial = {
      heldOutDays: 28,
      network: quality(network),
      fitted: quality(fitted),
      plain: quality(plain),
    };
    return trialSentences(trial).at(-1);
  };
  assert.match(last(90, 100, 95) ?? '', /network fits these weeks best/);
  assert.match(last(95, 100, 95) ?? '', /as good as the better table, and no better/);
  assert.match(last(99, 100, 95) ?? '', /worse than the plain quantiles: keep/);
  assert.match(last(99, 95, 100) ?? '', /worse than lefton fit: keep/);
  // another seed moves it by as much
  assert.match(last(93, 100, 95) ?? '', /as good as/);
});

test('of a few days nobody says who is better', () => {
  const quality = { lossW: 90, below: 0.05, above: 0.05 };
  const trial = { heldOutDays: 2, network: { ...quality, lossW: 10 }, fitted: quality, plain: quality };
  assert.match(trialSentences(trial).at(-1) ?? '', /^Too few days to say .* Keep the table\.$/);
});
