import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  defaultEpisodePolicy,
  EPISODE_SLOTS,
  onsetOf,
  phaseOf,
  resetEpisode,
  stepEpisode,
} from './episode.ts';
import type { Phase } from './episode.ts';
import type { AnomalyType } from './event.ts';
import { HOUR, MINUTE } from './time.ts';

const START = Date.UTC(2026, 0, 10);

function fresh(): Float64Array {
  const slots = new Float64Array(EPISODE_SLOTS);
  resetEpisode(slots);
  return slots;
}

/** Steps a minute at a time; scores as [score, minutes]. Returns what happened as [minute, type]. */
function run(
  scores: readonly (readonly [number, number])[],
  slots = fresh(),
): (readonly [number, AnomalyType])[] {
  const happened: (readonly [number, AnomalyType])[] = [];
  let minute = 0;
  for (const [score, minutes] of scores) {
    for (let i = 0; i < minutes; i++, minute++) {
      const type = stepEpisode(defaultEpisodePolicy, slots, START + minute * MINUTE, score, START);
      if (type !== null) happened.push([minute, type]);
    }
  }
  return happened;
}

const transitions: readonly (readonly [
  string,
  readonly (readonly [number, number])[],
  Phase,
  readonly AnomalyType[],
])[] = [
  ['quiet stays quiet below suspicion', [[0.5, 10]], 'quiet', []],
  ['an unknown score stays quiet', [[NaN, 10]], 'quiet', []],
  ['a high score is suspected before it opens', [[0.8, 1]], 'suspect', []],
  [
    'a suspicion that fades is quiet again',
    [
      [0.8, 1],
      [0.5, 1],
    ],
    'quiet',
    [],
  ],
  [
    'a suspicion that fades into a gap is quiet again',
    [
      [0.8, 1],
      [NaN, 1],
    ],
    'quiet',
    [],
  ],
  ['at the edge it opens at once', [[1, 1]], 'open', ['opened']],
  [
    'suspect opens at the edge',
    [
      [0.8, 5],
      [1, 1],
    ],
    'open',
    ['opened'],
  ],
  [
    'open stays open between closeAt and openAt',
    [
      [1, 1],
      [0.7, 30],
    ],
    'open',
    ['opened'],
  ],
  [
    'a short dip does not close',
    [
      [1, 1],
      [0, 10],
      [1, 1],
      [0, 10],
    ],
    'open',
    ['opened'],
  ],
  [
    'long enough below closeAt closes',
    [
      [1, 1],
      [0, 20],
    ],
    'quiet',
    ['opened', 'closed'],
  ],
  [
    'a gap of an hour says nothing of what is on',
    [
      [1, 1],
      [NaN, 60],
      [1, 1],
    ],
    'open',
    ['opened', 'still_on'],
  ],
  [
    'a gap of many hours ends it',
    [
      [1, 1],
      [NaN, 400],
    ],
    'quiet',
    ['opened', 'closed'],
  ],
  [
    'within the cooldown it is only suspected',
    [
      [1, 1],
      [0, 20],
      [1, 10],
    ],
    'suspect',
    ['opened', 'closed'],
  ],
  [
    'after the cooldown it opens anew',
    [
      [1, 1],
      [0, 59],
      [1, 1],
    ],
    'open',
    ['opened', 'closed', 'opened'],
  ],
];
for (const [name, scores, phase, types] of transitions) {
  test(name, () => {
    const slots = fresh();
    assert.deepEqual(
      run(scores, slots).map(([, type]) => type),
      types,
    );
    assert.equal(phaseOf(slots), phase);
  });
}

test('needs 8: seven unusual hours are one alert, reminders that grow rarer, and one recovery', () => {
  assert.deepEqual(
    run([
      [1.5, 7 * 60],
      [0, 60],
    ]),
    [
      [0, 'opened'],
      [60, 'still_on'],
      [180, 'still_on'],
      [439, 'closed'],
    ],
  );
});

test('the onset is when that which scores began, not when it was noticed', () => {
  const slots = fresh();
  stepEpisode(defaultEpisodePolicy, slots, START + HOUR, 1.2, START);
  assert.equal(onsetOf(slots), START);
});

test('whatever the scores, events alternate: opened, reminders, closed, and none opens within the cooldown', () => {
  const score = fc.oneof(fc.double({ min: 0, max: 2, noNaN: true }), fc.constant(NaN));
  fc.assert(
    fc.property(fc.array(fc.tuple(score, fc.integer({ min: 1, max: 50 })), { maxLength: 30 }), (scores) => {
      let open = false;
      let closedAt = -Infinity;
      for (const [minute, type] of run(scores)) {
        assert.equal(type === 'opened', !open, `${type} at ${minute}`);
        // the cooldown counts from the last unusual step, which may lie before a long gap
        const gap = scores.some(([value]) => Number.isNaN(value));
        if (type === 'opened') assert.ok(gap || minute - closedAt >= 40);
        if (type === 'closed') closedAt = minute;
        open = type !== 'closed';
      }
    }),
  );
});
