import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { compileModel } from './compiled.ts';
import { createState } from '../meter-state.ts';
import { detect } from '../detect.ts';
import { silence, silentFrom } from '../silence.ts';
import { defaultPolicy } from '../policy.ts';
import { parseModel } from './model-file.ts';
import { scoreNow } from '../score-now.ts';
import type { Reading } from '../reading.ts';
import { HOUR, MINUTE } from '../time.ts';
import { watts } from '../units.ts';

const file = new URL('../../../models/august-2018.json', import.meta.url);
const model = compileModel(parseModel(JSON.parse(readFileSync(file, 'utf8'))));

test("the article's table gives the published scores to the last bit", () => {
  const published: readonly (readonly [number, number, number])[] = [
    [4, 100, -0.03137254901960784],
    [4, 1500, 5.458823529411765],
    [4, 3000, 11.341176470588236],
    [9, 1500, 0.6913887506222001],
    [20, 3000, 0.7951608468518009],
  ];
  for (const [hour, power, score] of published) {
    assert.deepEqual(model.scoreIn(hour, watts(power)), { known: true, score });
  }
});

/** Energy above usual, and the types of what was told, of 1.5 kW from 3 to 8 o'clock, a reading every so many minutes. */
function nightOf(everyMin: number, without: (minute: number) => boolean = () => false): [number, string] {
  const state = createState(model, 'demo');
  const start = model.zone.startOfDay(17_745);
  const types: string[] = [];
  let excess = NaN;
  for (let minute = 0; minute < 12 * 60; minute += everyMin) {
    if (without(minute)) continue;
    const at = start + minute * MINUTE;
    const power = watts(minute >= 180 && minute < 480 ? 1500 : 150);
    const reading = { meter: 'demo', at, watts: power, energyWh: null, source: '' };
    const silent = silence(model, defaultPolicy, state, at - 1);
    for (const event of [...silent, ...detect(model, defaultPolicy, state, reading, Infinity)]) {
      types.push(event.type);
      if (event.type === 'closed') excess = event.excessWh;
    }
  }
  return [excess, types.filter((type) => type !== 'still_on').join(' ')];
}

test('readings by the hour count as much energy above usual as readings by the minute', () => {
  const [byMinute] = nightOf(1);
  const [byHour, told] = nightOf(60);
  assert.ok(byMinute > 1000 && Math.abs(byHour - byMinute) < 0.05 * byMinute, `${byMinute} ${byHour}`);
  assert.equal(told, 'opened closed');
});

test('a meter by the minute is silent after an hour, and its last reading stands for ten minutes', () => {
  const [whole] = nightOf(1);
  const [excess, told] = nightOf(1, (minute) => minute >= 240 && minute < 360);
  assert.equal(told, 'opened meter_silent meter_back closed');
  assert.ok(excess < whole * 0.75, `${excess} of ${whole}`);
});

test('one long gap does not make a slow meter of one by the minute', () => {
  const state = createState(model, 'demo');
  for (const minute of [0, 1, 400, 401]) {
    const at = model.zone.startOfDay(17_745) + minute * MINUTE;
    detect(
      model,
      defaultPolicy,
      state,
      { meter: 'demo', at, watts: watts(150), energyWh: null, source: '' },
      Infinity,
    );
  }
  assert.equal(silentFrom(defaultPolicy, state) - state.newestReading, HOUR);
});

test('1,500 W at nine is silent, 1,500 W at four is not', () => {
  const state = createState(model, 'demo');
  const at = (hour: number): number => model.zone.startOfDay(17_745) + hour * HOUR;
  const read = (hour: number): string[] =>
    detect(
      model,
      defaultPolicy,
      state,
      { meter: 'demo', at: at(hour), watts: watts(1500), energyWh: null, source: '' },
      Infinity,
    ).map(({ type }) => type);
  assert.deepEqual(read(9), []);
  assert.deepEqual(read(28), ['opened']);
  const reading = { meter: 'demo', at: at(52), watts: watts(1500), energyWh: null, source: '' };
  const [event] = detect(model, defaultPolicy, createState(model, 'demo'), reading, Infinity);
  assert.equal(event?.hour, 4);
  assert.match(event.why, /at 4:00 it has always been between 0\.1 kW and 0\.4 kW/);
});

/** What a record of the original demo is: an hour and a power, at the instant that the topic took it. */
const told = (hour: number, power: number, at: number): Reading => ({
  meter: 'home',
  at,
  watts: watts(power),
  energyWh: null,
  source: 'demo',
  hour,
});

test('1,500 W told to be at nine is silent and told to be at four opens, whatever the instant', () => {
  for (let hour = 0; hour < 24; hour++) {
    const at = model.zone.startOfDay(17_745) + hour * HOUR;
    const state = createState(model, 'home');
    assert.deepEqual(detect(model, defaultPolicy, state, told(9, 1500, at), Infinity), []);
    assert.deepEqual(scoreNow(model, state), {
      known: true,
      score: 0.6913887506222001,
      at,
      watts: 1500,
      usualWatts: (111 + 2120) / 2,
    });
    const [event, ...more] = detect(model, defaultPolicy, state, told(4, 1500, at + 1), Infinity);
    assert.deepEqual(more, []);
    assert.equal(event?.type, 'opened');
    assert.equal(event.hour, 4);
    assert.equal(event.score, 5.458823529411765);
    assert.equal(event.usualWatts, (110 + 361) / 2);
    assert.match(event.why, /at 4:00 it has always been between/);
  }
});

test('readings that tell their hour may share an instant, others are duplicates', () => {
  const state = createState(model, 'home');
  const at = model.zone.startOfDay(17_745);
  detect(model, defaultPolicy, state, told(9, 1500, at), Infinity);
  const plain = { meter: 'home', at, watts: watts(1500), energyWh: null, source: '' };
  assert.deepEqual(detect(model, defaultPolicy, state, plain, Infinity), []);
  assert.equal(state.verdict, 'duplicate');
  assert.equal(detect(model, defaultPolicy, state, told(4, 1500, at), Infinity)[0]?.type, 'opened');
});

test('energy before a reading that tells its hour is measured by what is usual in that hour', () => {
  const state = createState(model, 'home');
  const noon = model.zone.startOfDay(17_745) + 12 * HOUR;
  detect(model, defaultPolicy, state, told(4, 1500, noon), Infinity);
  const events = [6, 12, 18, 24, 30].flatMap((minute) => {
    const power = minute === 6 ? 1500 : 150;
    return detect(model, defaultPolicy, state, told(4, power, noon + minute * MINUTE), Infinity);
  });
  const [closed] = events;
  assert.equal(closed?.type, 'closed');
  const drawn = ((1500 - (110 + 361) / 2) * 12) / 60;
  // marks are minutes apart
  assert.ok(Math.abs(closed.excessWh - drawn) < 0.03 * drawn, String(closed.excessWh));
});
