import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from '../a-home.test-data.ts';
import { backtest, backtestInSlices } from './backtest.ts';
import type { BacktestSummary } from './backtest.ts';
import { alertingFrom, defaultPolicy } from '../policy.ts';
import type { AnomalyEvent } from '../event.ts';
import { fit } from '../fit.ts';
import type { History } from '../series/history.ts';
import { DAY, MINUTE } from '../time.ts';

const FROM = HOME_START + 60 * DAY;
const heater = { from: 65 * 1440 + 192, to: 65 * 1440 + 492, watts: 2000 };
function run(history: History, refit: boolean): { events: AnomalyEvent[]; summary: BacktestSummary } {
  const steps = backtest(history, fit(history, { ...HOME_FIT, until: FROM }), {
    meter: 'home',
    policy: defaultPolicy,
    from: FROM,
    ...(refit
      ? {
          refit: { everyMs: 7 * DAY, fit: (until, alarmed) => fit(history, { ...HOME_FIT, until, alarmed }) },
        }
      : {}),
  });
  const events: AnomalyEvent[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { events, summary: step.value };
    events.push(step.value);
  }
}

for (const refit of [false, true]) {
  test(`a backtest ${refit ? 'with weekly refits ' : ''}tells of the heater and of nothing else`, () => {
    const { events, summary } = run(aHome(80, heater), refit);
    assert.deepEqual(
      events.map(({ type }) => type).filter((type) => type !== 'still_on'),
      ['opened', 'closed'],
    );
    assert.equal(events[0]?.since, HOME_START + heater.from * MINUTE);
    assert.equal(summary.episodes, 1);
    const ends = events.flatMap(({ until }) => until ?? []);
    assert.deepEqual(summary.stretches, [{ from: events[0].since, to: ends[0] }]);
    assert.equal(summary.refits, refit ? 2 : 0);
    assert.equal(summary.readings, 20 * 1440);
    assert.deepEqual(summary.verdicts, { ok: 20 * 1440 });
  });
}

test('needs 28: a gap of three hours is told as a silent meter and its return', () => {
  const { at, watts } = aHome(70);
  const kept = (_: number, i: number): boolean => i < 65 * 1440 || i >= 65 * 1440 + 180;
  const { events, summary } = run({ at: at.filter(kept), watts: watts.filter(kept) }, false);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['meter_silent', 'meter_back'],
  );
  // a reading stands for ten minutes at the most, and the last one for none
  assert.equal(summary.days, (10 * 1440 - (181 - 10) - 1) / 1440);
});

test('what is still on when the history ends lasts until then', () => {
  const { summary } = run(aHome(66, { ...heater, to: Infinity }), false);
  assert.deepEqual(
    summary.stretches.map(({ to }) => to),
    [summary.until],
  );
});

test('a history that ends before the backtest begins gives an empty summary', () => {
  const { events, summary } = run(aHome(20), true);
  assert.deepEqual(events, []);
  assert.equal(summary.readings, 0);
});

test('a backtest in slices tells the same as one at once, and how far it is', () => {
  const history = aHome(80, heater);
  const model = fit(history, { ...HOME_FIT, until: FROM });
  const steps = backtestInSlices(history, model, { meter: 'home', policy: defaultPolicy, from: FROM });
  const [events, shares]: [AnomalyEvent[], number[]] = [[], []];
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    if (typeof step.value === 'number') shares.push(step.value);
    else events.push(step.value);
  }
  assert.deepEqual({ events, summary: step.value }, run(history, false));
  assert.ok(shares.length > 0);
  assert.deepEqual(
    shares,
    shares.toSorted((a, b) => a - b),
  );
  assert.ok(shares.every((share) => share > 0 && share < 1));
});

test('who is told from a higher score on is told later, or not at all', () => {
  const history = aHome(80, heater);
  const model = fit(history, { ...HOME_FIT, until: FROM });
  const openedAt = (score: number): number[] => {
    const policy = alertingFrom(defaultPolicy, score);
    const events = [...backtest(history, model, { meter: 'home', policy, from: FROM })];
    return events.filter(({ type }) => type === 'opened').map(({ at }) => at);
  };
  assert.deepEqual(alertingFrom(defaultPolicy, 1), defaultPolicy);
  const [usual = 0, later = 0] = [...openedAt(1), ...openedAt(1.3)];
  assert.ok(later > usual);
  assert.deepEqual(openedAt(100), []);
});

test('days that should have been quiet are the known ones without what was left on, gaps and overlaps counted once', () => {
  const whole = aHome(80);
  const [from, to] = [HOME_START + 70 * DAY, HOME_START + 72 * DAY];
  // of the two days that are left on one is a gap
  const kept = (at: number): boolean => at < from || at >= from + DAY;
  const places = Array.from(whole.at.keys()).filter((i) => kept(whole.at[i] ?? 0));
  const history = {
    at: Float64Array.from(places, (i) => whole.at[i] ?? NaN),
    watts: Float64Array.from(places, (i) => whole.watts[i] ?? NaN),
  };
  const model = fit(history, { ...HOME_FIT, until: FROM });
  const leftOn = [
    { from: from + DAY, to: to + 300 * DAY },
    { from, to },
    { from: from - 300 * DAY, to: FROM - 290 * DAY },
  ];
  const summaryOf = (stretches: typeof leftOn): BacktestSummary => {
    const steps = backtest(history, model, {
      meter: 'home',
      policy: defaultPolicy,
      from: FROM,
      leftOn: stretches,
    });
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
    }
  };
  const { days, cleanDays } = summaryOf(leftOn);
  assert.ok(Math.abs(days - 19) < 0.02, `${days}`);
  assert.ok(Math.abs(cleanDays - 10) < 0.02, `${cleanDays}`);
  assert.equal(summaryOf([]).cleanDays, summaryOf([]).days);
});
