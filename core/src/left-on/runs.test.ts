import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MINUTE } from '../time.ts';
import { SINCE } from './run.ts';
import type { RunListener } from './run.ts';
import { RUN_SLOTS, Runs } from './runs.ts';
import { viewsFor } from './watchers.ts';
import type { Watcher } from './watchers.ts';

/** Runs of watchers over steps of power from base 0, as [watcher, from, to] in steps, hour ignored; null = gap. */
function runsOf(
  watchers: readonly Watcher[],
  power: readonly (number | null)[],
  stepMs = MINUTE,
): (readonly [number, number, number])[] {
  const found: (readonly [number, number, number])[] = [];
  const runs = new Runs(watchers, stepMs, {
    begun: () => undefined,
    ended: (watcher, slots, slot, end) => {
      found.push([watcher, (slots[slot + SINCE] ?? NaN) / stepMs, end / stepMs]);
    },
  });
  const slots = new Float64Array(RUN_SLOTS);
  runs.reset(slots);
  power.forEach((watts, step) => {
    runs.step(slots, step * stepMs, 0, watts ?? NaN, 0);
  });
  runs.finish(slots);
  return found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

type Power = readonly (number | null)[];

/** The same by a plain reading of the rules: a run lasts while what its watcher follows is so, bridged. */
function plainRuns(
  watchers: readonly Watcher[],
  values: Power,
  isSo: (values: Power, minute: number, watts: number) => boolean,
): (readonly [number, number, number])[] {
  const expected: (readonly [number, number, number])[] = [];
  watchers.forEach(({ watts, bridgeMin }, watcher) => {
    let since = -1;
    let last = -1;
    values.forEach((_, minute) => {
      if (isSo(values, minute, watts)) {
        if (since < 0) since = minute;
        last = minute;
      } else if (since >= 0 && minute - last > bridgeMin) {
        expected.push([watcher, since, minute]);
        since = -1;
      }
    });
    if (since >= 0) expected.push([watcher, since, values.length]);
  });
  return expected;
}

const nobody: RunListener = { begun: () => undefined, ended: () => undefined };
const level = (watts: number, bridgeMin: number): Watcher => ({ kind: 'level', watts, bridgeMin });
const times = (count: number, value: number | null): (number | null)[] =>
  Array<number | null>(count).fill(value);

test('a level run goes on over a dip up to its bridge, and ends where a longer dip shows that it is over', () => {
  const power = [...times(5, 1000), ...times(3, 0), ...times(5, 1000), ...times(9, 0), ...times(2, 1000)];
  assert.deepEqual(runsOf([level(500, 3)], power), [
    [0, 0, 16],
    [0, 22, 24],
  ]);
  assert.deepEqual(runsOf([level(500, 10)], power), [[0, 0, 24]]);
});

test('a gap is bridged like a dip', () => {
  assert.deepEqual(runsOf([level(500, 3)], [...times(5, 1000), ...times(3, null), ...times(2, 1000)]), [
    [0, 0, 10],
  ]);
  assert.equal(runsOf([level(500, 3)], [...times(5, 1000), ...times(20, null), ...times(5, 1000)]).length, 2);
});

test('each level has its own run', () => {
  const power = [...times(10, 600), ...times(10, 1600), ...times(10, 600)];
  assert.deepEqual(runsOf([level(500, 0), level(1500, 0)], power), [
    [0, 0, 30],
    [1, 10, 20],
  ]);
});

test('a ceiling lasts while the highest power of ten minutes stays about as high', () => {
  const ceiling: Watcher = { kind: 'ceiling', watts: 1800, bridgeMin: 3 };
  const thermostat = [...times(4, 2000), ...times(6, 100)];
  const power = [...times(5, 100), ...thermostat, ...thermostat, ...thermostat, ...times(30, 100)];
  // last on in minute 28; that stays the highest until 37, and then it is bridged
  assert.deepEqual(runsOf([ceiling], power), [[0, 5, 41]]);
});

test('a ceiling ends where something higher comes on for longer than the bridge', () => {
  const ceiling: Watcher = { kind: 'ceiling', watts: 1800, bridgeMin: 3 };
  const power = [...times(40, 2000), 4500, ...times(60, 2000)];
  assert.deepEqual(runsOf([ceiling], power), [
    [0, 0, 43],
    [0, 50, 101],
  ]);
  assert.deepEqual(runsOf([ceiling], [...times(40, 2000), ...times(20, 2150)]), [[0, 0, 60]]);
});

test('what keeps returning lasts while four steps have been up to less than twice as high', () => {
  const returning: Watcher = { kind: 'returning', watts: 1500, bridgeMin: 0 };
  // on for 30 minutes and off for 30, as meters of ten minutes see an oven
  const oven = [...times(3, 2200), ...times(3, 100)];
  const found = (power: Power): unknown => runsOf([returning], power, 10 * MINUTE);
  assert.deepEqual(found([100, ...oven, ...oven, ...oven, ...times(6, 100)]), [[0, 1, 19]]);
  // off for longer, it is another one; what is much higher ends it
  assert.deepEqual(found([2200, ...times(6, 100), 2200, ...times(6, 100)]), [
    [0, 0, 4],
    [0, 7, 11],
  ]);
  assert.deepEqual(found([...times(4, 2200), 3100, ...times(6, 100)]), [[0, 0, 4]]);
});

test('power is steady while it stays about as high, and a kettle beside it does not end that', () => {
  const steady: Watcher = { kind: 'steady', watts: 1800, bridgeMin: 5 };
  const power = [
    ...times(5, 100),
    ...times(30, 2000),
    ...times(4, 4500),
    ...times(20, 2300),
    ...times(20, 100),
  ];
  assert.deepEqual(runsOf([steady], power), [[0, 5, 64]]);
  // what goes on and off is not steady, and neither is what is much higher
  assert.deepEqual(runsOf([steady], [...times(9, 2000), ...times(9, 100), ...times(9, 2400)]), [[0, 0, 14]]);
});

test('rises of one size that keep coming are a train, one alone is not', () => {
  const pulses: Watcher = { kind: 'pulses', watts: 1000, bridgeMin: 15 };
  const cycle = [...times(4, 1100), ...times(6, 100)];
  assert.deepEqual(runsOf([pulses], [100, ...cycle, ...cycle, ...cycle, ...times(30, 100)]), [[0, 1, 37]]);
  assert.deepEqual(runsOf([pulses], [100, ...cycle, ...times(30, 100)]), []);
});

test('the mean of the trailing hour sees what is on a small part of the time', () => {
  const mean: Watcher = { kind: 'mean', watts: 60, bridgeMin: 0 };
  const sparse = Array.from({ length: 240 }, (_, i) => (i % 8 === 0 ? 600 : 0));
  const [run] = runsOf([mean], sparse);
  assert.ok(run !== undefined && run[1] <= 60 && run[2] === 240);
});

test('every steady band finds what a plain reading of the rules finds, whatever the power', () => {
  const watchers = [600, 690, 794, 913].map((watts): Watcher => ({ kind: 'steady', watts, bridgeMin: 5 }));
  const power = fc.array(fc.oneof(fc.constantFrom(0, 650, 700, 850, 2500), fc.constant(null)), {
    maxLength: 120,
  });
  const isInside = (values: Power, minute: number, watts: number): boolean => {
    const value = values[minute] ?? -Infinity;
    return value >= watts && value < 1.3 * watts;
  };
  fc.assert(
    fc.property(power, (values) => {
      assert.deepEqual(runsOf(watchers, values), plainRuns(watchers, values, isInside));
    }),
  );
});

test('every ceiling finds what a plain reading of the rules finds, whatever the power', () => {
  const watchers = [600, 660, 726, 799].map((watts): Watcher => ({ kind: 'ceiling', watts, bridgeMin: 3 }));
  const power = fc.array(fc.oneof(fc.constantFrom(0, 650, 700, 850, 2500), fc.constant(null)), {
    maxLength: 120,
  });
  const isInside = (values: Power, minute: number, watts: number): boolean => {
    const trailing = values.slice(Math.max(0, minute - 9), minute + 1);
    const highest = Math.max(...trailing.map((each) => each ?? -Infinity));
    return (values[minute] ?? null) !== null && highest >= watts && highest < 1.2 * watts;
  };
  fc.assert(
    fc.property(power, (values) => {
      assert.deepEqual(runsOf(watchers, values), plainRuns(watchers, values, isInside));
    }),
  );
});

test('what keeps returning is what a plain reading of the rules finds, whatever the power', () => {
  const watchers = [750, 863, 992].map((watts): Watcher => ({ kind: 'returning', watts, bridgeMin: 0 }));
  const power = fc.array(fc.oneof(fc.constantFrom(0, 800, 900, 1600, 1900), fc.constant(null)), {
    maxLength: 120,
  });
  const isInside = (values: Power, step: number, watts: number): boolean => {
    const trailing = values.slice(Math.max(0, step - 3), step + 1);
    const highest = Math.max(...trailing.map((each) => each ?? -Infinity));
    return (values[step] ?? null) !== null && highest >= watts && highest < 2 * watts;
  };
  fc.assert(
    fc.property(power, (values) => {
      const found = runsOf(watchers, values, 10 * MINUTE);
      assert.deepEqual(found, plainRuns(watchers, values, isInside));
    }),
  );
});

test('every level finds what a plain reading of the rules finds, whatever the power', () => {
  const watchers = [level(300, 3), level(900, 3), level(2000, 3)];
  const power = fc.array(fc.oneof(fc.constantFrom(0, 400, 1000, 2500), fc.constant(null)), {
    maxLength: 120,
  });
  const isAbove = (values: Power, minute: number, watts: number): boolean => {
    const value = values[minute] ?? null;
    return value !== null && value > watts;
  };
  fc.assert(
    fc.property(power, (values) => {
      assert.deepEqual(runsOf(watchers, values), plainRuns(watchers, values, isAbove));
    }),
  );
});

test('the state goes on from a copy to the bit, at every place and step', () => {
  const power = fc.array(fc.double({ min: 0, max: 4000, noNaN: true }), { minLength: 2, maxLength: 200 });
  for (const stepMin of [1, 5, 10, 15, 60]) {
    const stepMs = stepMin * MINUTE;
    const watchers = viewsFor(stepMin).flatMap((view) => view.watchers);
    const runs = new Runs(watchers, stepMs, nobody);
    fc.assert(
      fc.property(power, fc.nat(), (values, place) => {
        const cut = place % values.length;
        const whole = new Float64Array(RUN_SLOTS);
        runs.reset(whole);
        let parts = whole.slice();
        values.forEach((watts, step) => {
          runs.step(whole, step * stepMs, 3, watts, 150);
          if (step === cut) parts = parts.slice();
          runs.step(parts, step * stepMs, 3, watts, 150);
        });
        assert.deepEqual(parts, whole);
      }),
    );
  }
});

test('the watchers of every step fit into the state', () => {
  for (const minutes of [1, 2, 5, 10, 15, 20, 30, 60]) {
    const watchers = viewsFor(minutes).flatMap((view) => view.watchers);
    assert.doesNotThrow(() => new Runs(watchers, minutes * MINUTE, nobody));
  }
});
