import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { before, describe, test } from 'node:test';
import { CLOCK, isPresent, loadRealHome, realHomes } from '@lefton/notebook-lib';
import { measure } from './protocol.ts';
import type { HomeResult } from './protocol.ts';

/**
 * Printed by shared/bench/left_on_bench.py (numpy 2.4.6) on the same homes, rows marked filled or imputed left out:
 * recall, recall within 1 h, median delay in minutes, threshold, at <= 1 false alarm in 30 days.
 */
type Figures = readonly [number, number, number | null, number];
const PYTHON: Readonly<Record<string, Readonly<Record<string, Figures>>>> = {
  refit_house2: {
    'min-max of readings (the article)': [0.2971, 0.1257, 104, 1.822],
    'min-max of the trailing hour': [0.3771, 0.1371, 106, 1.6667],
    'z-score over 30 min': [0.4057, 0.24, 42, 11.2237],
    'above X W for 30 min': [0.0286, 0.0057, 224, 3612.1],
    'means and floors 10-240 min': [0.2571, 0.0971, 119, 4.9206],
  },
  ukdale_house2: {
    'min-max of readings (the article)': [0.4048, 0.2381, 31, 1.3703],
    'min-max of the trailing hour': [0.5238, 0.381, 39.5, 1.9215],
    'z-score over 30 min': [0.5, 0.2381, 64, 14.2062],
    'above X W for 30 min': [0.4286, 0.381, 29, 690.5],
    'means and floors 10-240 min': [0.8095, 0.5238, 29, 1.4353],
  },
  shelly_3em: {
    'min-max of readings (the article)': [0, 0, null, 2.0323],
    'min-max of the trailing hour': [0.0352, 0.007, 140, 2.4181],
    'z-score over 30 min': [0.1197, 0.0493, 100, 13.6198],
    'above X W for 30 min': [0.0845, 0.0141, 120, 3762.6],
    'means and floors 10-240 min': [0.3873, 0.0634, 110, 2.1083],
  },
  lcl_mac000002: {
    'min-max of readings (the article)': [0.3544, 0.2087, 30, 1.2145],
    'min-max of the trailing hour': [0.3689, 0.2379, 30, 1.1008],
    'z-score over 30 min': [0.4223, 0.2621, 0, 7.5346],
    'above X W for 30 min': [0.0485, 0.0097, 120, 4262],
    'means and floors 10-240 min': [0.4417, 0.2476, 30, 1.0116],
  },
  us_ameren: {
    'min-max of readings (the article)': [0.1027, 0.0548, 60, 1.014],
    'min-max of the trailing hour': [0.1712, 0.0822, 90, 0.9316],
    'z-score over 30 min': [0.1712, 0.1027, 60, 3.4706],
    'above X W for 30 min': [0.0274, 0.0137, 150, 7360],
    'means and floors 10-240 min': [0.0959, 0, 217.5, 1.1633],
  },
  uci_sceaux: {
    'min-max of readings (the article)': [0.1814, 0.1322, 0, 0.8226],
    'min-max of the trailing hour': [0.1814, 0.1322, 0, 0.8226],
    'z-score over 30 min': [0.1847, 0.1339, 0, 3.5529],
    'above X W for 30 min': [0.1153, 0.0729, 60, 4450],
    'means and floors 10-240 min': [0.2237, 0.1322, 60, 0.8058],
  },
};

const PYTHON_WINDOWS: Readonly<Record<string, number>> = {
  refit_house2: 175,
  ukdale_house2: 42,
  shelly_3em: 142,
  lcl_mac000002: 206,
  us_ameren: 146,
  uci_sceaux: 590,
};

for (const home of realHomes.filter(({ name }) => name in PYTHON)) {
  describe(`${home.name} agrees with the Python reference`, { skip: !isPresent(home) }, () => {
    let result: HomeResult;
    before(() => {
      result = measure(home.name, loadRealHome(home), CLOCK, []);
    });

    test('the same times are injected', () => {
      assert.equal(result.rows[0]?.evaluation.windows, PYTHON_WINDOWS[home.name]);
    });

    for (const [name, [recall, withinHour, delayMin, threshold]] of Object.entries(PYTHON[home.name] ?? {})) {
      test(name, () => {
        const row = result.rows.find((each) => each.name === name);
        assert.ok(row !== undefined);
        const { evaluation } = row;
        near(evaluation.recall, recall, 0.001);
        near(evaluation.recallWithinHour, withinHour, 0.001);
        near(row.threshold, threshold, 0.001 * threshold);
        if (delayMin === null) assert.equal(evaluation.medianDelayMs, null);
        else near(evaluation.medianDelayMs, delayMin * 60_000, 1);
        assert.ok((evaluation.falseAlarmsPer30Days ?? NaN) <= 1);
      });
    }
  });
}

const near = (found: number | null, expected: number, tolerance: number): void => {
  assert.ok(Math.abs((found ?? NaN) - expected) <= tolerance, `${String(found)} is not near ${expected}`);
};

describe('npm run bench:detect', () => {
  const run = (...args: string[]): { status: number | null; stdout: string; stderr: string } =>
    spawnSync(process.execPath, [fileURLToPath(new URL('detect.ts', import.meta.url)), ...args], {
      encoding: 'utf8',
    });

  test('--help says how it is used', () => {
    const { status, stdout } = run('--help');
    assert.equal(status, 0);
    assert.match(stdout, /usage: npm run bench:detect/);
  });

  test('a home or an option that does not exist is wrong use', () => {
    assert.equal(run('--home', 'nowhere').status, 2);
    assert.match(run('--home', 'nowhere').stderr, /expected one of refit_house2/);
    assert.equal(run('--fast').status, 2);
  });

  test('--json prints one line per home, or the home is skipped', () => {
    const { status, stdout, stderr } = run('--json', '--home', 'nl_dsmrreader');
    assert.equal(status, 0);
    if (stdout === '') assert.match(stderr, /skipped nl_dsmrreader/);
    else assert.match(stdout, /^\{"home":"nl_dsmrreader",.*\}\n$/);
  });
});
