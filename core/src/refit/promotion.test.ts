import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { decide, knowsAsMuch, untried, withoutTrial } from './promotion.ts';
import type { LeftOnModel } from '../model/model.ts';
import type { Circumstances } from './promotion.ts';
import type { Figures } from '../evaluate/trial.ts';

/** By the appliances that were found, 1 each, of those that were left on. */
function figures(found: string, falseAlarms = 0): Figures {
  const delaysMs = Array.from(found, (one) => (one === '1' ? 0 : null));
  const share = delaysMs.filter((delay) => delay !== null).length / Math.max(1, delaysMs.length);
  return {
    ...{ recall: delaysMs.length === 0 ? null : share, recallWithinHour: share, medianDelayMs: 0, delaysMs },
    ...{ falseAlarms, falseAlarmsPer30Days: falseAlarms, covered: 0.9 },
  };
}

const weeks: Circumstances = { accepted: 1, lenient: true, unseen: true };
const all = '1'.repeat(48);

describe('a new model takes the place of the one in use', () => {
  const cases: [string, Figures, Figures, Partial<Circumstances>, RegExp][] = [
    ['where both do the same', figures(all, 1), figures(all, 1), {}, /^Not worse: found 1\.00 with 1 false/],
    [
      'where chance may have drawn what it missed',
      figures(all),
      figures(`${all.slice(6)}000000`),
      {},
      /^Not/,
    ],
    [
      'where much else was found instead',
      figures('10'.repeat(24)),
      figures('01'.repeat(24)),
      {},
      /^Not worse/,
    ],
    [
      'where a little less is found, however surely',
      figures(all + all + all),
      figures(all + all + all.slice(8) + '0'.repeat(8)),
      {},
      /^Not worse/,
    ],
    [
      'where it surely misses some, and finds some that the other missed',
      figures('1'.repeat(30) + '0'.repeat(10) + '1'.repeat(160)),
      figures('0'.repeat(30) + '1'.repeat(10) + '1'.repeat(160)),
      {},
      /^Not worse/,
    ],
    ['with one false alarm more', figures(all, 1), figures(all, 2), {}, /^Not worse/],
    [
      'with more false alarms, where the one in use was fitted on these weeks',
      figures(all, 0),
      figures(all, 8),
      { unseen: false },
      /false alarms not compared as it has seen some of these weeks\.$/,
    ],
    [
      'where the one in use tells too much, though it finds more',
      figures(all, 5),
      figures('10'.repeat(24), 3),
      {},
      /^It has fewer false alarms/,
    ],
    [
      'where the one in use tells three times too much, whatever is found',
      figures(all, 4),
      figures(`${'0'.repeat(40)}11111111`),
      {},
      /^It has fewer false alarms/,
    ],
    [
      'where the one in use tells too much, and the other was not to be compared with it',
      figures(all, 4),
      figures(`${all.slice(8)}00000000`, 9),
      { unseen: false },
      /^The model before tells too much, 4 false alarms where 1 was accepted: found 0\.83;/,
    ],
    [
      'where the one in use tells more than two that were accepted',
      figures(all, 4),
      figures(all, 9),
      { unseen: false, accepted: 2 },
      /^The model before tells too much, 4 false alarms where 2 were accepted:/,
    ],
    ['where there is nothing to find', figures(''), figures(''), {}, /^Not worse: found nothing to find/],
  ];
  for (const [name, champion, challenger, circumstances, why] of cases)
    it(name, () => {
      const decision = decide(champion, challenger, { ...weeks, ...circumstances });
      assert.equal(decision.promoted, true, decision.why);
      assert.match(decision.why, why);
    });
});

describe('the model in use stays', () => {
  const less = figures(`${all.slice(8)}00000000`);
  const cases: [string, Figures, Figures, Partial<Circumstances>, RegExp][] = [
    ['where more was missed than chance draws', figures(all), less, {}, /^It finds less: found 0\.83 with/],
    [
      'where more was missed, also on weeks that it was fitted on',
      figures(all),
      less,
      { unseen: false },
      /^It finds less/,
    ],
    [
      'where the other tells more, on weeks that neither has seen',
      figures(all, 1),
      figures(all, 3),
      {},
      /^It has more false alarms/,
    ],
    [
      'where the other knows fewer days and misses one',
      figures(all),
      figures(`${all.slice(1)}0`),
      { lenient: false },
      /^It finds less/,
    ],
    [
      'where the other knows fewer days and tells one more',
      figures(all, 1),
      figures(all, 2),
      { lenient: false, unseen: false },
      /^It has more/,
    ],
    [
      'where it tells too much and the other finds next to nothing',
      figures(all, 3),
      figures(`${'0'.repeat(40)}11111111`),
      {},
      /^It finds less/,
    ],
  ];
  for (const [name, champion, challenger, circumstances, why] of cases)
    it(name, () => {
      const decision = decide(champion, challenger, { ...weeks, ...circumstances });
      assert.equal(decision.promoted, false, decision.why);
      assert.match(decision.why, why);
    });
});

describe('where there is nothing to compare', () => {
  const of = (days: number, decides: boolean): LeftOnModel =>
    ({ provenance: { days }, left_on: decides ? {} : null }) as LeftOnModel;

  it('one that can decide takes the place of one that cannot, and of two that cannot the one that knows more', () => {
    const cases = [
      [of(8, true), of(30, false), true, /^It can decide now, on 8 days/],
      [of(3, false), of(2, true), false, /^Still learning: 3 days\. The model before can decide\.$/],
      [of(3, false), of(3, false), false, /Nothing new to learn from/],
      [of(4, false), of(3, false), true, /knows more of the home/],
    ] as const;
    for (const [model, champion, promoted, why] of cases) {
      const decision = withoutTrial(model, champion);
      assert.equal(decision?.promoted, promoted);
      assert.match(decision.why, why);
    }
    assert.equal(withoutTrial(of(8, true), of(8, true)), undefined);
  });

  it('of two that can decide the one that has seen as much stays or comes', () => {
    const promoted = [13, 14, 15].map((days) => untried(of(days, true), of(14, true)).promoted);
    assert.deepEqual(promoted, [false, true, true]);
  });
});

it('a window of history that moves on knows as much of the home as the one of last week', () => {
  const of = (days: number): LeftOnModel => ({ provenance: { days } }) as LeftOnModel;
  const knows = [130, 116.4, 106, 104, 60].map((days) => knowsAsMuch(of(days), of(116.9)));
  assert.deepEqual(knows, [true, true, true, false, false]);
});
