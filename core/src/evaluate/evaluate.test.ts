import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { alarmsOf, countAlarms, evaluateAlarms, evaluateRuns } from './evaluate.ts';
import type { AnomalyEvent, AnomalyType } from '../event.ts';
import { HOUR, MINUTE } from '../time.ts';
import { wattHours } from '../units.ts';

const on = (length: number, ...stretches: [number, number][]): Uint8Array => {
  const flags = new Uint8Array(length);
  for (const [from, to] of stretches) flags.fill(1, from, to);
  return flags;
};

describe('evaluateRuns', () => {
  const grid = { startAt: 0, stepMs: MINUTE, cut: 0, cleanDays: 30 };

  test('finds a window in which the alarm goes on, and measures the delay from its start', () => {
    const { recall, recallWithinHour, medianDelayMs } = evaluateRuns({
      ...grid,
      cleanOn: on(600),
      injectedOn: on(600, [130, 140], [390, 400]),
      windows: [
        { from: 100 * MINUTE, to: 200 * MINUTE },
        { from: 300 * MINUTE, to: 400 * MINUTE },
        { from: 500 * MINUTE, to: 550 * MINUTE },
        { from: 560 * MINUTE, to: 590 * MINUTE },
      ],
    });
    assert.equal(recall, 0.5);
    assert.equal(recallWithinHour, 0.25);
    assert.equal(medianDelayMs, 60 * MINUTE);
  });

  test('does not count an alarm that is on in the clean run as well', () => {
    const evaluation = evaluateRuns({
      ...grid,
      cleanOn: on(300, [100, 200]),
      injectedOn: on(300, [100, 210]),
      windows: [
        { from: 90 * MINUTE, to: 200 * MINUTE },
        { from: 150 * MINUTE, to: 250 * MINUTE },
      ],
    });
    assert.deepEqual(evaluation.delaysMs, [null, 50 * MINUTE]);
  });

  test('counts false alarms of the clean run after the cut, per 30 clean days', () => {
    const cleanOn = on(600, [10, 20], [300, 310], [500, 501]);
    const { falseAlarms, falseAlarmsPer30Days } = evaluateRuns({
      ...grid,
      cut: 200,
      cleanDays: 15,
      cleanOn,
      injectedOn: cleanOn,
      windows: [],
    });
    assert.equal(falseAlarms, 2);
    assert.equal(falseAlarmsPer30Days, 4);
  });

  test('says null where there was nothing to find and no clean day', () => {
    const none = evaluateRuns({ ...grid, cleanDays: 0, cleanOn: on(9), injectedOn: on(9), windows: [] });
    assert.equal(none.recall, null);
    assert.equal(none.recallWithinHour, null);
    assert.equal(none.medianDelayMs, null);
    assert.equal(none.falseAlarmsPer30Days, null);
  });
});

describe('countAlarms', () => {
  test('takes alarms 60 min apart for one, and 61 min apart for two', () => {
    assert.equal(countAlarms(on(200, [10, 11], [70, 71]), MINUTE), 1);
    assert.equal(countAlarms(on(200, [10, 11], [71, 72]), MINUTE), 2);
  });

  test('counts a long alarm once, and nothing in silence', () => {
    assert.equal(countAlarms(on(1000, [0, 900]), MINUTE), 1);
    assert.equal(countAlarms(on(1000), MINUTE), 0);
  });

  test('does not count an alarm that goes on across the start of the test', () => {
    assert.equal(countAlarms(on(200, [90, 110]), MINUTE, 100), 0);
  });
});

describe('evaluateAlarms', () => {
  const window = { from: 10 * HOUR, to: 14 * HOUR };
  const evaluate = (...alarms: [number, number][]): ReturnType<typeof evaluateAlarms> =>
    evaluateAlarms({
      alarms: alarms.map(([at, to]) => ({ at: at * HOUR, to: to * HOUR })),
      windows: [window],
      cleanDays: 30,
    });

  test('finds a window by an alarm told inside it', () => {
    const { found, medianDelayMs, falseAlarms } = evaluate([11.5, 14.2]);
    assert.deepEqual([found, medianDelayMs, falseAlarms], [1, 1.5 * HOUR, 0]);
  });

  test('does not find a window by an alarm that was on before it, which is a false one', () => {
    const { found, falseAlarms } = evaluate([9, 13]);
    assert.deepEqual([found, falseAlarms], [0, 1]);
  });

  test('takes an alarm told within the hour after a window for late: neither found nor false', () => {
    const { found, falseAlarms } = evaluate([14.5, 15]);
    assert.deepEqual([found, falseAlarms], [0, 0]);
  });

  test('counts groups of alarms, in any order', () => {
    const { found, falseAlarms } = evaluate([30, 30.1], [3, 4], [4.5, 5], [11, 12], [20, 21]);
    assert.deepEqual([found, falseAlarms], [1, 3]);
  });

  test('finds a second window by an alarm that is true and still on', () => {
    const { delaysMs, falseAlarms } = evaluateAlarms({
      alarms: [{ at: 11 * HOUR, to: 16 * HOUR }],
      windows: [window, { from: 14.2 * HOUR, to: 17 * HOUR }],
      cleanDays: 30,
    });
    assert.deepEqual(delaysMs, [HOUR, 0]);
    assert.equal(falseAlarms, 0);
  });

  test('counts an episode that was opened and closed once, to its last unusual step', () => {
    const event = (type: AnomalyType, at: number, until: number | null): AnomalyEvent => ({
      type,
      episode: 'home@x',
      meter: 'home',
      at,
      hour: 0,
      day: 1,
      watts: null,
      meanWatts: null,
      usualWatts: null,
      score: null,
      since: at - 2 * HOUR,
      until,
      longestMs: null,
      excessWh: wattHours(0),
      cost: null,
      why: '',
    });
    const events = [
      event('opened', 5 * HOUR, null),
      event('still_on', 6 * HOUR, null),
      event('closed', 7 * HOUR, 6.5 * HOUR),
      event('meter_silent', 8 * HOUR, null),
      event('opened', 9 * HOUR, null),
    ];
    assert.deepEqual(alarmsOf(events, 10 * HOUR), [
      { at: 5 * HOUR, to: 6.5 * HOUR },
      { at: 9 * HOUR, to: 10 * HOUR },
    ]);
  });
});
