import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { aHome, HOME_FIT, HOME_START } from './a-home.test-data.ts';
import { compileModel } from './model/compiled.ts';
import type { CompiledModel } from './model/compiled.ts';
import { detect } from './detect.ts';
import { silence } from './silence.ts';
import { defaultPolicy } from './policy.ts';
import type { AnomalyEvent } from './event.ts';
import { fit } from './fit.ts';
import type { History } from './series/history.ts';
import { leftOnSince } from './left-on/index.ts';
import { createState, STATE_SLOTS } from './meter-state.ts';
import { adoptModel, restoreState, saveState } from './saved-state.ts';
import type { MeterState } from './meter-state.ts';
import { DAY, HOUR, MINUTE } from './time.ts';
import type { LeftOnModel } from './model/model.ts';
import { scoreNow } from './score-now.ts';
import { watts } from './units.ts';

const HISTORY_DAYS = 60;
const TODAY = HISTORY_DAYS * 1440;
let model: CompiledModel;
let fitted: LeftOnModel;

before(() => {
  fitted = fit(aHome(HISTORY_DAYS), HOME_FIT);
  model = compileModel(fitted);
});

/** Folds readings from..to of a history; returns what happened. */
function fold(state: MeterState, { at, watts: power }: History, from: number, to: number): AnomalyEvent[] {
  const events: AnomalyEvent[] = [];
  for (let i = from; i < Math.min(to, at.length); i++) {
    const reading = {
      meter: 'home',
      at: at[i] ?? 0,
      watts: watts(power[i] ?? 0),
      energyWh: null,
      source: 'test',
    };
    events.push(...detect(model, defaultPolicy, state, reading, Infinity));
  }
  return events;
}

const types = (events: readonly AnomalyEvent[]): string[] => events.map(({ type }) => type);
/** A 2 kW heater on from 03:12 to 08:12 of the day after the history. */
const heater = { from: TODAY + 192, to: TODAY + 492, watts: 2000 };

test('an ordinary day is silent', () => {
  const state = createState(model, 'home');
  assert.deepEqual(types(fold(state, aHome(HISTORY_DAYS + 7), TODAY, Infinity)), []);
});

test('a heater left on at night is one alert with its onset, its energy and its reason, and one recovery', () => {
  const state = createState(model, 'home');
  const events = fold(state, aHome(HISTORY_DAYS + 1, heater), TODAY, Infinity);
  const [opened] = events;
  assert.equal(
    types(events)
      .filter((type) => type !== 'still_on')
      .join(),
    'opened,closed',
  );
  assert.ok(opened !== undefined);
  assert.equal(opened.since, HOME_START + heater.from * MINUTE);
  assert.ok(opened.at - opened.since <= 2 * HOUR, `noticed after ${(opened.at - opened.since) / MINUTE} min`);
  const hours = (opened.at - opened.since) / HOUR;
  assert.ok(Math.abs(opened.excessWh - 2000 * hours) < 300 * hours + 100, String(opened.excessWh));
  assert.ok((opened.usualWatts ?? 0) < 300);
  assert.match(opened.why, /\d/);
  const closed = events.at(-1);
  assert.ok(closed !== undefined && closed.until !== null);
  assert.ok(Math.abs(closed.until - (HOME_START + heater.to * MINUTE)) <= 12 * MINUTE);
});

test('the state is below 4 KB, and saved and restored anywhere it goes on to the bit', () => {
  assert.ok(STATE_SLOTS * 8 < 4096, String(STATE_SLOTS));
  const history = aHome(HISTORY_DAYS + 1, heater);
  const whole = createState(model, 'home');
  const expected = fold(whole, history, TODAY, Infinity);
  for (const cut of [TODAY + 1, TODAY + 193, TODAY + 240, TODAY + 400, TODAY + 500]) {
    const first = createState(model, 'home');
    const events = fold(first, history, TODAY, cut);
    const second = restoreState(model, 'home', saveState(first));
    events.push(...fold(second, history, cut, Infinity));
    assert.deepEqual(events, expected);
    assert.deepEqual(saveState(second), saveState(whole));
  }
});

test('of a state whose runs were laid out in another way the episode goes on, and what was trailing starts anew', () => {
  const state = createState(model, 'home');
  fold(state, aHome(HISTORY_DAYS + 1, heater), TODAY, TODAY + 400);
  const saved = saveState(state);
  const LAYOUT = 6 * 8;
  new DataView(saved.buffer).setFloat64(LAYOUT, MINUTE, true);
  const restored = restoreState(model, 'home', saved);
  assert.deepEqual(restored.episode, state.episode);
  const { leftOn } = model;
  assert.ok(leftOn !== null);
  assert.deepEqual(
    [state, restored].map((each) => leftOnSince(leftOn, each.leftOn) > 0),
    [true, false],
  );
});

test('of a state of the version before the episode goes on: it is told off, and told once', () => {
  const history = aHome(HISTORY_DAYS + 1, heater);
  const state = createState(model, 'home');
  const opened = fold(state, history, TODAY, TODAY + 400);
  const [knownThen, slotsThen] = [95, 485];
  const before = new Float64Array(slotsThen).fill(1);
  before.set(state.slots.subarray(0, knownThen));
  const restored = restoreState(model, 'home', new Uint8Array(before.buffer));
  const events = fold(restored, history, TODAY + 400, Infinity);
  assert.deepEqual(
    types([...opened, ...events]).filter((type) => type !== 'still_on'),
    ['opened', 'closed'],
  );
  assert.equal(events.at(-1)?.episode, opened[0]?.episode);
  const [whole] = fold(createState(model, 'home'), history, TODAY, Infinity).slice(-1);
  assert.ok(Math.abs((events.at(-1)?.excessWh ?? NaN) - (whole?.excessWh ?? NaN)) < 1);
});

test('the mean power of an episode is that of its readings, whatever is usual and through gaps', () => {
  const { at, watts: power } = aHome(HISTORY_DAYS + 1, heater);
  const state = createState(model, 'home');
  const events = fold(state, { at, watts: power }, TODAY, heater.from + 150);
  const since = events[0]?.since ?? NaN;
  const gap = heater.from + 210;
  events.push(...fold(state, { at, watts: power }, gap, Infinity));
  const reminders = events.filter(({ type, at: told }) => type === 'still_on' && told > (at[gap] ?? 0));
  assert.ok(reminders.length > 0);
  for (const { at: told, meanWatts } of reminders) {
    const seen = [...power].filter((_, i) => {
      const instant = at[i] ?? 0;
      return instant >= since && instant < told && (i < heater.from + 150 || i >= gap);
    });
    const mean = seen.reduce((sum, value) => sum + value, 0) / seen.length;
    assert.ok(Math.abs((meanWatts ?? NaN) - mean) < 0.05 * mean, `${String(meanWatts)} where ${mean} was`);
  }
});

test('nothing goes on over a gap of about a day, however long to the second', () => {
  const day = aHome(HISTORY_DAYS + 3);
  const from = TODAY + 600;
  for (const gapMin of [23 * 60 + 58, 24 * 60 - 1, 24 * 60, 24 * 60 + 1, 24 * 60 + 2]) {
    const power = day.watts.map((value, i) =>
      (i >= from && i < from + 5) || (i >= from + 4 + gapMin && i < from + 14 + gapMin)
        ? 1800 + (i % 7)
        : value,
    );
    for (const shift of [0, 30_000]) {
      const history = { at: day.at.map((at) => at + shift), watts: power };
      const state = createState(model, 'home');
      const events = fold(state, history, TODAY, from + 5);
      events.push(...fold(state, history, from + 4 + gapMin, from + 60 + gapMin));
      assert.deepEqual(types(events), [], `${gapMin} min, ${shift} ms`);
    }
  }
});

test('needs 1: a flat load and one that flickers by a watt have been on for the same time', () => {
  const onsets = [0, 1].map((flicker) => {
    const { at, watts: power } = aHome(HISTORY_DAYS + 1);
    const left = power.map((value, i) =>
      i >= heater.from && i < heater.to ? 2400 + (i % 2) * flicker + ((i * 7) % 13) / 100 : value,
    );
    const events = fold(createState(model, 'home'), { at, watts: left }, TODAY, Infinity);
    return [events[0]?.since, events[0]?.at];
  });
  assert.deepEqual(onsets[0], onsets[1]);
});

test('needs 26 and 29: a restart leaves a gap, and the first reading after it alerts nobody', () => {
  const { at, watts: power } = aHome(HISTORY_DAYS + 1);
  const state = createState(model, 'home');
  fold(state, { at, watts: power }, TODAY, TODAY + 60);
  const resumed = {
    meter: 'home',
    at: (at[TODAY + 60] ?? 0) + HOUR,
    watts: watts(2000),
    energyWh: null,
    source: '',
  };
  assert.deepEqual(types(detect(model, defaultPolicy, state, resumed, Infinity)), []);
});

test('needs 28: a meter that is not heard is an event, once, and its return another', () => {
  const history = aHome(HISTORY_DAYS + 1);
  const state = createState(model, 'home');
  fold(state, history, TODAY, TODAY + 60);
  const last = state.newestReading;
  assert.deepEqual(types(silence(model, defaultPolicy, state, last + 59 * MINUTE)), []);
  const [silent] = silence(model, defaultPolicy, state, last + 3 * HOUR);
  assert.equal(silent?.type, 'meter_silent');
  assert.equal(silent.since, last);
  assert.equal(silent.watts, null);
  assert.deepEqual(types(silence(model, defaultPolicy, state, last + 4 * HOUR)), []);
  assert.equal(fold(state, history, TODAY + 300, TODAY + 301)[0]?.type, 'meter_back');
});

test('a meter that was never heard is not silent', () => {
  assert.deepEqual(silence(model, defaultPolicy, createState(model, 'home'), HOME_START), []);
});

test('needs 10: coming home after ten quiet days is no alert', () => {
  const { at, watts: power } = aHome(HISTORY_DAYS + 12);
  const away = power.map((value, i) =>
    i >= TODAY && i < TODAY + 10 * 1440 + 18 * 60 ? 110 + ((i * 31) % 97) / 10 : value,
  );
  assert.deepEqual(types(fold(createState(model, 'home'), { at, watts: away }, TODAY, Infinity)), []);
});

test('a reading that is not ok is neither scored nor learned', () => {
  const history = aHome(HISTORY_DAYS + 1);
  const state = createState(model, 'home');
  fold(state, history, TODAY, TODAY + 100);
  const before = saveState(state);
  for (const [at, power] of [
    [state.newestReading, 5000],
    [state.newestReading - HOUR, 5000],
    [state.newestReading + MINUTE, NaN],
    [state.newestReading + MINUTE, 1e9],
  ] as const) {
    const reading = { meter: 'home', at, watts: watts(power), energyWh: null, source: '' };
    assert.deepEqual(detect(model, defaultPolicy, state, reading, Infinity), []);
    assert.notEqual(state.verdict, 'ok');
    assert.deepEqual(saveState(state), before);
  }
});

test('an unknown score is a value with a reason', () => {
  const state = createState(model, 'home');
  assert.deepEqual(scoreNow(model, state), { known: false, why: 'no reading yet' });
  fold(state, aHome(HISTORY_DAYS + 1), TODAY, TODAY + 300);
  assert.equal(scoreNow(model, state).known, true);
});

test('after a day without readings nothing of before counts', () => {
  const history = aHome(HISTORY_DAYS + 3, { from: TODAY, to: TODAY + 3 * 1440, watts: 2000 });
  const state = createState(model, 'home');
  fold(state, history, TODAY, TODAY + 60);
  const events = fold(state, history, TODAY + 60 + 25 * 60, TODAY + 60 + 26 * 60);
  const opened = events.find(({ type }) => type === 'opened');
  assert.ok(opened === undefined || opened.since >= (history.at[TODAY + 60 + 25 * 60] ?? 0) - DAY / 24);
});

test('a clock that was far ahead does not make the meter deaf once it is right', () => {
  const history = aHome(HISTORY_DAYS + 1, heater);
  const state = createState(model, 'home');
  const ahead = { meter: 'home', at: HOME_START + 500 * DAY, watts: watts(300), energyWh: null, source: '' };
  detect(model, defaultPolicy, state, ahead, ahead.at);
  const events: AnomalyEvent[] = [];
  for (let i = TODAY; i < history.at.length; i++) {
    const at = history.at[i] ?? 0;
    const reading = { meter: 'home', at, watts: watts(history.watts[i] ?? 0), energyWh: null, source: '' };
    events.push(...detect(model, defaultPolicy, state, reading, at));
    assert.equal(state.verdict, 'ok');
  }
  assert.ok(types(events).includes('opened'));
});

test('what went by a clock that was ahead is over once it is right, and what comes then is told', () => {
  const history = aHome(HISTORY_DAYS + 3, { from: TODAY + 2880 + 192, to: TODAY + 2880 + 492, watts: 2000 });
  const ahead = aHome(HISTORY_DAYS + 1, heater);
  const LEAD = 60 * DAY;
  for (const until of [heater.from + 200, TODAY + 1440]) {
    const state = createState(model, 'home');
    const before: AnomalyEvent[] = [];
    const each = ({ at, watts: power }: History, i: number, lead: number): readonly AnomalyEvent[] => {
      const now = (at[i] ?? 0) + lead;
      const reading = { meter: 'home', at: now, watts: watts(power[i] ?? 0), energyWh: null, source: '' };
      return detect(model, defaultPolicy, state, reading, now);
    };
    for (let i = TODAY; i < until; i++) before.push(...each(ahead, i, LEAD));
    const after: AnomalyEvent[] = [];
    for (let i = TODAY + 1440; i < history.at.length; i++) after.push(...each(history, i, 0));
    const told = [...before, ...after].filter(({ type }) => type !== 'still_on');
    assert.deepEqual(types(told), ['opened', 'closed', 'opened', 'closed']);
    const [first, end, second] = told;
    assert.ok(first !== undefined && end?.episode === first.episode && (end.until ?? 0) > first.since);
    assert.equal(second?.since, HOME_START + (TODAY + 2880 + 192) * MINUTE);
  }
});

test('after days without readings an open episode is over at its last unusual step, and reminds of nothing', () => {
  for (const days of [2, 7]) {
    const back = { from: heater.from, to: heater.from + days * 1440 + 300, watts: 2000 };
    const history = aHome(HISTORY_DAYS + days + 2, back);
    const state = createState(model, 'home');
    const last = heater.from + 150;
    const events = fold(state, history, TODAY, last);
    events.push(...fold(state, history, heater.from + days * 1440 + 288, Infinity));
    const closed = events.find(({ type }) => type === 'closed');
    const [, reminder, third] = types(events);
    assert.deepEqual([reminder, third, closed?.episode], ['still_on', 'closed', events[0]?.episode]);
    assert.ok(Math.abs((closed?.until ?? 0) - (history.at[last] ?? 0)) <= 12 * MINUTE);
    assert.ok((closed?.excessWh ?? NaN) < 6000);
  }
});

test('after a gap one reminder stands for those that would have come in it', () => {
  const state = createState(model, 'home');
  const history = aHome(HISTORY_DAYS + 1, { from: heater.from, to: heater.from + 600, watts: 2000 });
  const events = fold(state, history, TODAY, heater.from + 60);
  assert.deepEqual(types(events), ['opened']);
  const after = fold(state, history, heater.from + 350, heater.from + 400);
  assert.deepEqual(types(after), ['still_on']);
});

test('a clock that was never set gives no reading', () => {
  const state = createState(model, 'home');
  for (const at of [0, -8.64e15, 8.64e15]) {
    const reading = { meter: 'home', at, watts: watts(300), energyWh: null, source: '' };
    assert.deepEqual(detect(model, defaultPolicy, state, reading, Infinity), []);
    assert.equal(state.verdict, 'not_finite');
  }
});

test('an hour without readings in the middle of an episode is neither its end nor another one', () => {
  const { at, watts: power } = aHome(HISTORY_DAYS + 1, heater);
  const gap = { from: TODAY + 340, to: TODAY + 395 };
  const kept = (_: number, i: number): boolean => i < gap.from || i >= gap.to;
  const events = fold(
    createState(model, 'home'),
    { at: at.filter(kept), watts: power.filter(kept) },
    TODAY,
    Infinity,
  );
  assert.deepEqual(
    types(events).filter((type) => type !== 'still_on'),
    ['opened', 'closed'],
  );
});

test('the energy of an episode of three days is counted whole', () => {
  const left = { from: TODAY + 120, to: TODAY + 120 + 3 * 1440, watts: 1500 };
  const events = fold(createState(model, 'home'), aHome(HISTORY_DAYS + 5, left), TODAY, Infinity);
  const closed = events.find(({ type }) => type === 'closed');
  assert.ok(
    closed !== undefined && closed.excessWh > 100_000 && closed.excessWh < 125_000,
    String(closed?.excessWh),
  );
});

test('an episode closes also under a model that cannot decide', () => {
  const state = createState(model, 'home');
  fold(state, aHome(HISTORY_DAYS + 1, heater), TODAY, TODAY + 400);
  assert.equal(state.phase, 'open');
  const thin = compileModel({ ...fitted, left_on: null, why: 'too little' });
  const adopted = adoptModel(thin, state);
  const history = aHome(HISTORY_DAYS + 1);
  const events: AnomalyEvent[] = [];
  for (let i = TODAY + 400; i < TODAY + 460; i++) {
    const reading = {
      meter: 'home',
      at: history.at[i] ?? 0,
      watts: watts(history.watts[i] ?? 0),
      energyWh: null,
      source: '',
    };
    events.push(...detect(thin, defaultPolicy, adopted, reading, Infinity));
  }
  assert.deepEqual(types(events), ['closed']);
});

test('a sensor that reports seldom is not silent while its last value holds', () => {
  const slow = compileModel({ ...fitted, cadence: { ...fitted.cadence, step_s: 60, hold_s: 7_200 } });
  const state = createState(slow, 'home');
  const reading = { meter: 'home', at: HOME_START, watts: watts(300), energyWh: null, source: '' };
  detect(slow, defaultPolicy, state, reading, Infinity);
  assert.deepEqual(silence(slow, defaultPolicy, state, HOME_START + 1.9 * HOUR), []);
  assert.equal(silence(slow, defaultPolicy, state, HOME_START + 2 * HOUR).length, 1);
});

test('a meter that has become slower than its history is silent after three of its own periods', () => {
  const state = createState(model, 'home');
  const at = Array.from({ length: 24 }, (_, i) => HOME_START + i * HOUR);
  fold(state, { at: Float64Array.from(at), watts: new Float64Array(24).fill(300) }, 0, Infinity);
  const last = state.newestReading;
  assert.deepEqual(types(silence(model, defaultPolicy, state, last + 2.9 * HOUR)), []);
  assert.deepEqual(types(silence(model, defaultPolicy, state, last + 3 * HOUR)), ['meter_silent']);
});
