import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { aHome, HOME_FIT } from '../a-home.test-data.ts';
import { alarmsOf } from '../evaluate/evaluate.ts';
import { backtest } from '../evaluate/backtest.ts';
import { challenge, challengeBy } from './challenge.ts';
import { successor } from './successor.ts';
import type { ChallengeOptions } from './challenge.ts';
import { fit } from '../fit.ts';
import type { History } from '../series/history.ts';
import type { LeftOnModel } from '../model/model.ts';
import { parseModel } from '../model/model-file.ts';
import { defaultPolicy } from '../policy.ts';
import { DAY, HOUR, MINUTE } from '../time.ts';
import type { Instant, Stretch } from '../time.ts';
import { Zone } from '../zone.ts';

const asked: ChallengeOptions = { ...HOME_FIT, policy: defaultPolicy };
const nothing: History = { at: new Float64Array(0), watts: new Float64Array(0) };

describe('a challenger against a champion', () => {
  it('with no readings or three days: it is learning, and a champion that can decide stays', () => {
    const able = fit(aHome(40), HOME_FIT);
    for (const history of [nothing, aHome(3)]) {
      const { promoted, why, model, champion } = challenge(history, able, asked);
      assert.equal(promoted, false);
      assert.match(why, /^Still learning: .* The model before can decide\.$/);
      assert.deepEqual([model.mode, champion], ['learning', null]);
    }
  });

  it('with three days it takes the place of one that knew nothing, and with the same days it does not', () => {
    const empty = fit(nothing, HOME_FIT);
    assert.equal(challenge(aHome(3), empty, asked).promoted, true);
    const again = challenge(aHome(3), fit(aHome(3), HOME_FIT), asked);
    assert.deepEqual([again.promoted, /Nothing new/.test(again.why)], [false, true]);
  });

  it('with fourteen days it can decide and has seen more than the champion, but is not measured', () => {
    const first = challenge(aHome(14), fit(aHome(3), HOME_FIT), asked);
    assert.match(first.why, /It can decide now/);
    const more = challenge(aHome(14), fit(aHome(10), HOME_FIT), asked);
    assert.deepEqual([more.promoted, more.model.mode, more.heldOut], [true, 'learning', null]);
    const less = challenge(aHome(14), fit(aHome(40), HOME_FIT), asked);
    assert.deepEqual([less.promoted, /has seen 40 days/.test(less.why)], [false, true]);
  });

  it('with sixty days it is measured on two weeks that it has not seen, and its successor on everything', () => {
    const result = challenge(aHome(60), fit(aHome(53), HOME_FIT), asked);
    assert.equal(result.promoted, true, result.why);
    assert.deepEqual([result.heldOutDays, result.model.mode], [14, 'ready']);
    assert.equal(result.model.provenance.days, 60);
    assert.ok(result.windows >= 8 && (result.challenger?.recall ?? 0) > 0.9);
    const model = successor(result, fit(aHome(53), HOME_FIT));
    assert.match(
      model.provenance.notes[0] ?? '',
      /^Champion of the model fitted until 2026-.* Not worse: found/,
    );
    assert.equal(model.provenance.quality?.held_out_days, 14);
    assert.deepEqual(parseModel(JSON.parse(JSON.stringify(model))), model);
  });

  it('is promoted where the champion was fitted on weeks that would surprise anybody else', () => {
    const { at, watts } = aHome(60);
    // from day 46 on something runs every afternoon
    const afternoon = (i: number): boolean => i >= 46 * 1440 && i % 1440 >= 780 && i % 1440 < 1020;
    const history = { at, watts: watts.map((power, i) => (afternoon(i) ? power + 2000 : power)) };
    const champion = fit(history, { ...HOME_FIT, until: (at[0] ?? 0) + 53 * DAY });
    const result = challenge(history, champion, asked);
    assert.ok((result.challenger?.falseAlarms ?? 0) > (result.champion?.falseAlarms ?? 0) + 2, result.why);
    assert.equal(result.promoted, true, result.why);
    assert.match(result.why, /false alarms not compared as it has seen some of these weeks\.$/);
  });

  it('after a week in which the champion stayed, it is held against it on weeks that neither has seen', () => {
    const result = challenge(aHome(60), fit(aHome(46), HOME_FIT), asked);
    assert.deepEqual([result.heldOutDays, result.promoted], [14, true], result.why);
    assert.match(result.why, /^Not worse: found .* with 0 false alarms; the model before .* with 0 false/);
  });

  it('is held against it with more appliances than two weeks have room for', () => {
    const { windows, challenger } = challenge(aHome(60), fit(aHome(53), HOME_FIT), asked);
    assert.ok(windows >= 40, `${windows} appliances`);
    assert.equal(challenger?.delaysMs.length, windows);
  });

  it('is the same for the same history', () => {
    const champion = fit(aHome(53), HOME_FIT);
    assert.deepEqual(challenge(aHome(60), champion, asked), challenge(aHome(60), champion, asked));
  });

  it('that finds less is not promoted', () => {
    const { at, watts } = aHome(60);
    // until the last two weeks something was on for hours, small and large, day and night: whoever learns that finds little
    const spoilt = watts.map((power, i) =>
      i < 46 * 1440 && i % 1200 < 580 ? power + 350 + (Math.floor(i / 1200) % 8) * 300 : power,
    );
    const { promoted, why } = challenge({ at, watts: spoilt }, fit(aHome(60), HOME_FIT), asked);
    assert.equal(promoted, false, why);
    assert.match(why, /^It finds less: found 0\.\d\d/);
  });
});

const SAMPLE = new URL('../../../data/sample-house/readings.csv.gz', import.meta.url);
const zone = new Zone('Europe/Amsterdam');

function sampleHouse(): History {
  const rows = gunzipSync(readFileSync(SAMPLE)).toString('latin1').trimEnd().split('\n').slice(1);
  return {
    at: Float64Array.from(rows, (row) => Date.parse(row.slice(0, row.indexOf(',')))),
    watts: Float64Array.from(rows, (row) => Number(row.split(',')[1])),
  };
}

/** A day of the house from 0, by its local midnight. */
const dayOf = ({ at }: History, day: number): Instant => zone.startOfDay(zone.dayNumber(at[0] ?? 0) + day);

/** The house with so many watts more in these stretches. */
const plus = ({ at, watts }: History, more: number, stretches: readonly Stretch[]): History => ({
  at,
  watts: watts.map((power, i) => {
    const now = at[i] ?? 0;
    return stretches.some(({ from, to }) => now >= from && now < to) ? power + more : power;
  }),
});

/** The home from day 56 on, refitted every week by challenge: what was told, and the last model. */
function lived(history: History, days: number): { alarms: readonly Instant[]; model: LeftOnModel } {
  const until = dayOf(history, days);
  const end = history.at.findIndex((at) => at >= until);
  const part = { at: history.at.subarray(0, end), watts: history.watts.subarray(0, end) };
  const from = dayOf(history, 56);
  const options = { ...asked, falseAlarmsPerMonth: 1 };
  let model = fit(part, { ...options, until: from });
  const steps = backtest(part, model, {
    meter: 'home',
    policy: defaultPolicy,
    from,
    refit: {
      everyMs: 7 * DAY,
      fit: (until, alarmed) => {
        const result = challenge(part, model, { ...options, until, alarmed });
        if (result.promoted) model = successor(result, model);
        return model;
      },
    },
  });
  const events = [...steps];
  return { alarms: alarmsOf(events, until).map(({ at }) => at), model };
}

describe('the sample house with weekly refits', () => {
  let house: History;
  before(() => {
    house = sampleHouse();
  });

  it('stops telling of a new appliance that runs every night, after it has been there for a week', () => {
    const first = 63;
    const nights = Array.from({ length: 40 }, (_, i) => {
      const from = dayOf(house, first + i) + 2 * HOUR + ((i * 7) % 20) * MINUTE;
      return { from, to: from + 3 * HOUR };
    });
    const { alarms } = lived(plus(house, 1500, nights), 102);
    const told = nights.map(({ from, to }) => alarms.some((at) => at >= from && at < to + HOUR));
    assert.ok(told.slice(0, 7).filter(Boolean).length >= 4, told.map(Number).join(''));
    assert.deepEqual(told.slice(14).filter(Boolean), [], told.map(Number).join(''));
  });

  it('does not learn a heater that was left on once: the second time it is told as soon', () => {
    const night = (day: number): Stretch => {
      const from = dayOf(house, day) + 3 * HOUR + 12 * MINUTE;
      return { from, to: from + 5 * HOUR };
    };
    const delay = (nights: readonly Stretch[]): number => {
      const last = nights[nights.length - 1] ?? { from: 0, to: 0 };
      const { alarms } = lived(plus(house, 1930, nights), 95);
      return ((alarms.find((at) => at >= last.from && at < last.to) ?? Infinity) - last.from) / MINUTE;
    };
    const alone = delay([night(93)]);
    const after = delay([night(60), night(93)]);
    assert.ok(
      Number.isFinite(alone) && after <= alone + 5,
      `${after} min after a first time, ${alone} min without one`,
    );
  });
});

describe('what people said of the sample house', () => {
  it('is heeded: what they called fine is learned, what nobody spoke about and what was left on is not', () => {
    const house = sampleHouse();
    const night = { from: dayOf(house, 80) + 3 * HOUR, to: dayOf(house, 80) + 8 * HOUR };
    const history = plus(house, 1930, [night]);
    const options = { ...asked, alarmed: [night], until: dayOf(house, 100) };
    const champion = fit(history, { ...options, until: dayOf(house, 79) });
    const longest = (windows: NonNullable<ChallengeOptions['windows']>): number => {
      const { model } = challenge(history, champion, { ...options, windows });
      const limits = model.left_on?.watchers.filter(({ kind }) => kind === 'level') ?? [];
      return Math.max(
        ...limits.filter(({ watts }) => watts > 1200 && watts < 1900).map((w) => w.longestMin[3] ?? 0),
      );
    };
    assert.ok(longest([{ ...night, label: 'fine' }]) >= 295);
    assert.ok(longest([]) < 120);
    assert.ok(longest([{ ...night, label: 'left_on' }]) < 120);
  });
});

describe('a model that was made elsewhere', () => {
  const champion = fit(aHome(60), HOME_FIT);

  it('is held against the one in use on what it has not seen, and takes its place as it is', () => {
    const other = fit(aHome(40), HOME_FIT);
    const named = { ...other, provenance: { ...other.provenance, notes: ['by network'] } };
    const result = challengeBy(named, aHome(60), fit(aHome(35), HOME_FIT), asked);
    assert.deepEqual([result.promoted, result.heldOutDays, result.model], [true, 20, named], result.why);
    const { provenance, left_on } = successor(result, champion);
    assert.deepEqual(left_on, other.left_on);
    assert.match(provenance.notes.join('\n'), /^by network\nChampion of the model fitted until /);
  });

  it('is not promoted while there are no two weeks that it has not seen', () => {
    const { promoted, why, heldOut } = challengeBy(fit(aHome(50), HOME_FIT), aHome(60), champion, asked);
    assert.deepEqual([promoted, heldOut], [false, null]);
    assert.match(why, /^It has seen all but the last (?:9|10) days;/);
  });

  it('of another meter or zone is refused', () => {
    const other = fit(aHome(40), HOME_FIT);
    for (const change of [{ meter: 'flat-2' }, { meter: null }, { zone: 'UTC' }]) {
      const refused = (): unknown => challengeBy({ ...other, ...change }, aHome(60), champion, asked);
      assert.throws(refused, {
        code: 'other_home',
        message: /home, Europe\/Amsterdam.*(?:flat-2|any meter|UTC)/,
      });
    }
  });

  it('that finds less is not promoted', () => {
    const { at, watts } = aHome(40);
    const spoilt = watts.map((power, i) => (i % 1200 < 580 ? power + 2500 : power));
    const { promoted, why } = challengeBy(fit({ at, watts: spoilt }, HOME_FIT), aHome(60), champion, asked);
    assert.equal(promoted, false);
    assert.match(why, /^It finds less: found 0\.\d\d/);
  });
});
