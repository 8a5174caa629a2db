import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, MINUTE, SECOND } from '@lefton/core';
import fc from 'fast-check';
import { energyOf, heard, told } from './a-register.test-data.ts';
import type { Told } from './a-register.test-data.ts';
import { RegisterPower } from './register-power.ts';

const inBetween = (told: readonly Told[], least: number, most: number): void => {
  assert.ok(told.length > 0);
  for (const { at, watts } of told)
    assert.ok(watts >= least && watts <= most, `${watts} W after ${at / MINUTE} min`);
};

const aStep = fc.constantFrom(1, 10, 100, 1_000);
const everyMs = fc.integer({ min: 1, max: 30 }).map((seconds) => seconds * SECOND);
const aShare = fc.double({ min: 0, max: 1, noNaN: true });
const aPower = fc.integer({ min: 20, max: 4_000 });

describe('power of a coarse register', () => {
  it('is that of the home, and not 0 W and then a spike', () => {
    for (const [power, stepWh] of [
      [100, 10],
      [500, 100],
      [500, 1_000],
    ] as const)
      inBetween(told(heard(stepWh, 10 * SECOND, [[power, 12 * HOUR]])), power * 0.99, power * 1.01);
  });

  it('falls to next to nothing where nothing is drawn, and tells no more energy than one step of it', () => {
    fc.assert(
      fc.property(aStep, everyMs, fc.integer({ min: 200, max: 4_000 }), (stepWh, every, power) => {
        const ms = Math.ceil((4 * stepWh * HOUR) / power / every) * every + 10 * MINUTE;
        const shown = heard(stepWh, every, [
          [power, ms],
          [0, 48 * HOUR],
        ]);
        const after = told(shown).filter(({ at }) => at >= ms);
        const late = (power * (2 * MINUTE + every)) / HOUR;
        assert.ok(energyOf(after, ms + 48 * HOUR) <= 2 * stepWh + 2 * late);
        assert.ok((after.at(-1)?.watts ?? NaN) <= stepWh / 40);
      }),
      { numRuns: 40 },
    );
  });

  it('never differs from what the register rose by in the time that it is the mean of, but for one step', () => {
    const load = fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 1, max: 90 }));
    fc.assert(
      fc.property(aStep, everyMs, fc.array(load, { minLength: 3, maxLength: 12 }), (stepWh, every, loads) => {
        const shown = heard(
          stepWh,
          every,
          loads.map(([watts, minutes]) => [watts, minutes * MINUTE]),
        );
        const steps = shown.filter(([, wh], n) => n > 0 && wh !== shown[n - 1]?.[1]);
        const between = (4_000 * every) / HOUR;
        for (const { at, watts } of told(shown)) {
          const total = shown.find((one) => one[0] === at)?.[1] ?? NaN;
          const agrees = steps.some(([from, wh]) => {
            const differs = Math.abs((watts * (at - from)) / HOUR - (total - wh));
            return at - from >= MINUTE && differs <= stepWh + between;
          });
          assert.ok(agrees, `${watts} W at ${at}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('adds up to what the register rose by, whatever power changes to, but for the step of the change and the next', () => {
    fc.assert(
      fc.property(aStep, everyMs, aPower, aPower, aShare, (stepWh, every, before, after, share) => {
        const long = (power: number) =>
          Math.ceil(((4 + share) * stepWh * HOUR) / power / every) * every + 5 * MINUTE;
        const shown = heard(stepWh, every, [
          [before, long(before)],
          [after, long(after)],
        ]);
        const readings = told(shown);
        // only at a step it is known what was drawn
        const [end = NaN, total = NaN] = shown.findLast(([, wh], n) => wh !== shown[n - 1]?.[1]) ?? [];
        const first = shown.find(([at]) => at === readings[0]?.at)?.[1] ?? NaN;
        // minutes pass until it is told, and a telegram until it is heard
        const late = (Math.max(before, after) * (2 * MINUTE + every)) / HOUR;
        const differs = Math.abs(
          energyOf(
            readings.filter(({ at }) => at < end),
            end,
          ) -
            (total - first),
        );
        assert.ok(differs <= 2 * stepWh + late, `${differs} Wh`);
      }),
      { numRuns: 100 },
    );
  });

  it('of a day with a fridge and a kettle has the energy of the day', () => {
    const hour = [
      ...Array.from(
        { length: 3 },
        () =>
          [
            [150, 8 * MINUTE],
            [60, 11 * MINUTE],
          ] as const,
      ).flat(),
      [2_060, 3 * MINUTE] as const,
    ];
    for (const [stepWh, most] of [
      [1, 0.03],
      [10, 0.03],
      [100, 0.03],
    ] as const) {
      const shown = heard(stepWh, 10 * SECOND, Array.from({ length: 48 }, () => hour).flat());
      const readings = told(shown);
      const first = shown.find(([at]) => at === readings[0]?.at)?.[1] ?? NaN;
      const rose = (shown.at(-1)?.[1] ?? NaN) - first;
      const share = energyOf(readings, 48 * HOUR) / rose;
      assert.ok(Math.abs(share - 1) < most, `${share} at ${stepWh} Wh`);
    }
  });

  it('of a register that is refreshed each half hour only does not fall in between', () => {
    const shown = heard(1, 10 * SECOND, [
      [20, 4 * HOUR],
      [3_000, 8 * HOUR],
    ]);
    const refreshed = shown.map(([at], n) => {
      // late by up to three minutes
      const lateMs = (Math.floor(at / (HOUR / 2)) % 4) * MINUTE;
      const last = Math.floor((at - lateMs) / (HOUR / 2)) * 180;
      return [at, shown[Math.max(0, Math.min(n, last))]?.[1] ?? NaN] as const;
    });
    const readings = told(refreshed, new RegisterPower({ gapMs: HOUR / 2, mostW: 9_000 }));
    // the first rise is more than the fuse passes in ten seconds, so it is believed later
    inBetween(
      readings.filter(({ at }) => at >= 6 * HOUR),
      2_700,
      3_340,
    );
  });

  it('goes on at once where the clock was set back by hours', () => {
    const shown = heard(10, 10 * SECOND, [[100, 6 * HOUR]]);
    const back = shown.map(([at, wh]) => [at < 3 * HOUR ? at + 9 * HOUR : at, wh] as const);
    const readings = told(back);
    assert.ok(readings.filter(({ at }) => at < 9 * HOUR).length > 30);
    inBetween(readings, 99, 101);
  });

  it('of a sensor that is heard only when it changes is the mean since the change before', () => {
    const shown = heard(10, 10 * SECOND, [[100, 6 * HOUR]]);
    const changes = shown.filter(([, wh], n) => wh !== shown[n - 1]?.[1]);
    inBetween(told(changes), 99, 101);
    assert.equal(told(changes).length, changes.length - 2);
  });

  it('is told of nothing that lies in an outage, and goes on with the resolution that was learned', () => {
    const shown = heard(10, 10 * SECOND, [[100, 12 * HOUR]]);
    const out = shown.filter(([at]) => at < 4 * HOUR || at >= 6 * HOUR);
    const readings = told(out);
    assert.ok(readings.every(({ at }) => at < 4 * HOUR || at >= 6 * HOUR + 6 * MINUTE));
    inBetween(readings, 99, 101);
  });

  it('is not moved by a telegram that is late or comes twice', () => {
    const shown = heard(10, 10 * SECOND, [[100, 6 * HOUR]]);
    const twice = shown.flatMap((one, n) => (n % 7 === 6 ? [one, one, shown[n - 3] ?? one] : [one]));
    assert.deepEqual(told(twice), told(shown));
  });

  it('begins anew where the register does: a new meter, or one that rolled over', () => {
    const old = heard(1, 10 * SECOND, [[500, HOUR]]);
    const anew = heard(100, 10 * SECOND, [[500, 6 * HOUR]]);
    const shown = [...old, ...anew.map(([at, wh]) => [at + HOUR, wh] as const)];
    const readings = told(shown.map(([at, wh], n) => [at, n < old.length ? wh + 99_000 : wh]));
    assert.ok(readings.some(({ at }) => at > 3 * HOUR));
    inBetween(
      readings.filter(({ at }) => at > HOUR),
      495,
      505,
    );
  });
});
