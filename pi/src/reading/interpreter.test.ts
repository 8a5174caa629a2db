import { wattHours, watts } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog, START } from '../a-capture.test-data.ts';
import { Interpreter } from './interpreter.ts';
import type { Meaning } from './interpreter.ts';
import { telegramOf } from '../json/json-power.ts';
import type { Telegram } from '../meter.ts';

const NOTHING: Telegram = {
  ...{ meter: null, watts: null, energyWh: null, exportWh: null, toldAt: null, apparentVa: null },
};

function heard(meaning: Partial<Meaning> = {}) {
  const clock = { now: START };
  const { log, lines } = aLog();
  const usual = { meter: 'home', names: null, source: 'test', meterClock: false, inverted: false };
  const interpreter = new Interpreter({ ...usual, mostW: 100_000, ...meaning }, () => clock.now, log);
  const at = (second: number, telegram: Partial<Telegram>) => {
    clock.now = START + second * 1_000;
    return interpreter.read({ ...NOTHING, ...telegram });
  };
  return { at, lines };
}
const kwh = (value: number) => wattHours(value * 1_000);

describe('a telegram', () => {
  it('becomes a reading of the instant at which it came', () => {
    const reading = heard().at(3, { meter: 'E0012', watts: watts(-602.95), energyWh: wattHours(12_345) });
    assert.deepEqual(reading, {
      ...{ meter: 'home', at: START + 3_000, watts: -602.95, energyWh: 12_345, source: 'test' },
    });
  });

  it('without power is a gap and never 0 W (needs 26, 35)', () => {
    assert.equal(heard().at(1, {}), undefined);
  });

  it('with more power than the mains can give is not taken', () => {
    const { at } = heard({ mostW: 17_250 });
    assert.equal(at(1, { watts: watts(17_251) }), undefined);
    assert.equal(at(2, { watts: watts(NaN) }), undefined);
    assert.equal(at(3, { watts: watts(-17_250) })?.watts, -17_250);
  });

  it('of a product that counts export as positive is turned round, if told so (needs 47)', () => {
    assert.equal(heard({ inverted: true }).at(1, { watts: watts(-1_569) })?.watts, 1_569);
    assert.equal(Object.is(heard({ inverted: true }).at(1, { watts: watts(0) })?.watts, 0), true);
  });

  it('tells a register that read 0 once, and what came after compares with the last good one (needs 30, 31)', () => {
    const { at } = heard();
    const told = [13_423.7, 0, 13_423.8, 0.0, 13_423.8].map(
      (total, n) => at(n * 10, { watts: watts(300), energyWh: kwh(total) })?.energyWh,
    );
    assert.deepEqual(told, [13_423_700, null, 13_423_800, null, 13_423_800]);
  });

  it('tells a register of whole kilowatt-hours with each step, however small the fuse', () => {
    const { at } = heard({ mostW: 3_000 });
    const told = [5_000, 5_000, 5_001, 5_001].map(
      (total, n) => at(n * 10, { watts: watts(300), energyWh: kwh(total) })?.energyWh,
    );
    assert.deepEqual(told, [5_000_000, 5_000_000, 5_001_000, 5_001_000]);
  });

  it('does not book what the mains cannot have given (needs 31)', () => {
    const { at } = heard();
    at(0, { watts: watts(300), energyWh: kwh(15_508.5) });
    assert.equal(at(10, { watts: watts(300), energyWh: kwh(31_017) })?.energyWh, null);
    assert.equal(at(20, { watts: watts(300), energyWh: kwh(15_508.6) })?.energyWh, 15_508_600);
  });

  it('of a meter that was replaced is believed after ten minutes', () => {
    const { at } = heard();
    at(0, { watts: watts(300), energyWh: kwh(13_000) });
    const told = Array.from(
      { length: 12 },
      (_, n) => at(60 * (n + 1), { watts: watts(300), energyWh: kwh(0.005 * n) })?.energyWh,
    );
    assert.equal(told.indexOf(kwh(0.05)), 10);
    assert.ok(told.slice(0, 10).every((value) => value === null));
  });

  it('in volt-amperes is no power: it comes from the register (needs 46)', () => {
    const { at } = heard();
    const told: number[] = [];
    for (let second = 0; second <= 1_200; second += 2) {
      const energyWh = wattHours(1_000_000 + Math.floor((470 * second) / 3_600));
      const reading = at(second, { apparentVa: 550, energyWh });
      if (reading !== undefined) told.push(reading.watts);
    }
    assert.ok(told.length > 15, `${told.length} readings`);
    for (const power of told) assert.ok(Math.abs(power - 470) < 470 * 0.08, `${power} W`);
    const mean = told.reduce((sum, power) => sum + power, 0) / told.length;
    assert.ok(Math.abs(mean - 470) < 5, `${mean} W on average`);
  });

  it('after a gap tells no power that the register would have to have risen with (needs 27)', () => {
    const { at } = heard();
    for (let second = 0; second < 100; second += 2)
      at(second, { energyWh: wattHours(Math.floor(second / 2)) });
    assert.equal(at(4_000, { energyWh: wattHours(3_000) }), undefined);
    assert.equal(at(4_002, { energyWh: wattHours(3_001) }), undefined);
  });

  it('of a sensor in kWh with two decimals has the power of the home, and never 0 W and a spike', () => {
    const { at } = heard();
    const told = Array.from({ length: 2_160 }, (_, n) =>
      at(n * 10, telegramOf(Math.floor((100 * n) / 3_600) / 100, 'kWh')),
    ).flatMap((reading) => (reading === undefined ? [] : [Math.round(reading.watts)]));
    assert.ok(told.length > 60, `${told.length} readings`);
    assert.deepEqual([...new Set(told)], [100]);
  });

  it('of which only the register is told, and stands still, is next to nothing', () => {
    const { at } = heard();
    at(0, { energyWh: wattHours(5) });
    at(10, { energyWh: wattHours(6) });
    assert.equal(at(300, { energyWh: wattHours(6) }), undefined);
    for (const second of [1_500, 3_000, 4_500]) at(second, { energyWh: wattHours(6) });
    assert.ok((at(6_000, { energyWh: wattHours(6) })?.watts ?? NaN) < 1);
  });

  it('has the instant of the meter where that is asked for and told', () => {
    const { at } = heard({ meterClock: true });
    assert.equal(at(5, { watts: watts(1), toldAt: START + 4_000 })?.at, START + 4_000);
    assert.equal(at(6, { watts: watts(1) })?.at, START + 6_000);
  });

  it('that repeats the clock of the last one has told nothing (needs 32)', () => {
    const { at } = heard({ meterClock: true });
    const told = [0, 0, 7_200].map((second, n) =>
      at(n * 3_600, { watts: watts(9), toldAt: START + second * 1_000 }),
    );
    assert.deepEqual(
      told.map((reading) => reading?.at),
      [START, undefined, START + 7_200_000],
    );
  });

  it('of a clock that is hours wrong is stamped on arrival', () => {
    const { at } = heard({ meterClock: true });
    assert.equal(at(5, { watts: watts(1), toldAt: START - 86_400_000 })?.at, START + 5_000);
  });

  it('of a meter that calls itself what every object has is of no other id than names give', () => {
    const { at } = heard({ names: { valueOf: 'cellar' } });
    for (const [second, meter] of ['constructor', 'toString', '__proto__'].entries())
      assert.equal(at(second, { meter, watts: watts(5) }), undefined, meter);
    assert.equal(at(9, { meter: 'valueOf', watts: watts(5) })?.meter, 'cellar');
  });

  it('of another meter on the same line is not mixed in; names give each its own id', () => {
    const { at, lines } = heard();
    assert.equal(at(1, { meter: 'a', watts: watts(1) })?.meter, 'home');
    assert.equal(at(2, { meter: 'b', watts: watts(2) }), undefined);
    assert.equal(at(3, { meter: 'a', watts: watts(3) })?.meter, 'home');
    assert.match(lines.join('\n'), /another meter.*"other":"b"/);
    const named = heard({ names: { a: 'house', b: 'heat-pump' } });
    const ids = ['a', 'b', 'c'].map((meter, n) => named.at(n, { meter, watts: watts(1) })?.meter);
    assert.deepEqual(ids, ['house', 'heat-pump', undefined]);
  });

  it('whose name came damaged, or not at all, at the start leaves the meter to be heard', () => {
    for (const first of [null, '031628347899']) {
      const { at } = heard();
      at(1, { meter: first, watts: watts(1) });
      const told = ['031628347890', '031628347890', null, '031628347890', '031628347891', '031628347891'].map(
        (meter, n) => at(2 + n, { meter, watts: watts(2) })?.watts,
      );
      assert.deepEqual(told, [undefined, 2, undefined, 2, undefined, undefined], `${first}`);
    }
  });

  it('whose name is damaged twice right after the first leaves the meter to be heard', () => {
    const { at } = heard();
    const told = ['one', null, null, 'one'].map((meter, n) => at(n, { meter, watts: watts(1) })?.watts);
    assert.deepEqual(told, [1, undefined, undefined, 1]);
  });

  it('of another meter on the line is never taken for one that was heard, also when that one is once missed', () => {
    const { at } = heard();
    const told = ['one', 'two', 'one', 'two', 'two', 'two', 'one'].map(
      (meter, n) => at(n, { meter, watts: watts(meter === 'one' ? 1 : 2) })?.watts,
    );
    assert.deepEqual(told, [1, undefined, 1, undefined, undefined, undefined, 1]);
  });

  it('of a meter that no longer tells power, as when its PIN is locked again, has that of its register', () => {
    const { at } = heard();
    let last: number | undefined;
    for (let second = 0; second < 7_200; second += 10) {
      const energyWh = wattHours(Math.floor((second * 720) / 3_600));
      const reading = at(second, { watts: second < 100 ? watts(700) : null, energyWh });
      if (second >= 100) last = reading?.watts ?? last;
    }
    assert.ok(last !== undefined && Math.abs(last - 720) < 20, `${last}`);
  });

  it('of a meter that tells power itself has none where it tells none, as the first pulse after missed ones', () => {
    const { at } = heard();
    const told: (number | undefined)[] = [];
    // 600 W at 1 Wh a pulse; of every four minutes two are not heard
    for (let second = 0, wh = 0; second < 1_200; second += 6) {
      if (second % 240 >= 120) continue;
      const first = second % 240 === 0;
      const reading = at(second, { watts: first ? null : watts(600), energyWh: wattHours(wh++) });
      if (first) told.push(reading?.watts);
    }
    assert.deepEqual(told, Array(5).fill(undefined));
  });
});
