import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { aHome, HOME_START } from '../core/src/a-home.test-data.ts';
import { compileModel } from '../core/src/model/compiled.ts';
import type { CompiledModel } from '../core/src/model/compiled.ts';
import { detect } from '../core/src/detect.ts';
import { scoreNow } from '../core/src/score-now.ts';
import type { History } from '../core/src/series/history.ts';
import { createState } from '../core/src/meter-state.ts';
import { restoreState, saveState } from '../core/src/saved-state.ts';
import type { MeterState } from '../core/src/meter-state.ts';
import type { Model } from '../core/src/model/model.ts';
import { parseModel } from '../core/src/model/model-file.ts';
import { defaultPolicy } from '../core/src/policy.ts';
import { DAY, HOUR } from '../core/src/time.ts';
import { watts } from '../core/src/units.ts';

const heater = { from: 43 * 1440 + 192, to: 43 * 1440 + 492, watts: 2000 };
/** The home that models of the contract are fitted on, with a heater left on later. */
export const home = aHome(45, heater);
/** Steps of it that may be learned. */
export const FITTED = 42 * 1440;

/** Folds the readings from..to of a history; the score after each, and the end state. */
function folded(
  model: CompiledModel,
  { at, watts: power }: History,
  from: number,
  to: number,
): { scores: Float64Array; state: MeterState; told: string } {
  const state = createState(model, 'home');
  const scores = new Float64Array(to - from);
  const told: unknown[] = [];
  for (let i = from; i < to; i++) {
    const reading = {
      meter: 'home',
      at: at[i] ?? 0,
      watts: watts(power[i] ?? 0),
      energyWh: null,
      source: '',
    };
    told.push(...detect(model, defaultPolicy, state, reading, Infinity));
    scores[i - from] = state.score;
  }
  return { scores, state, told: JSON.stringify(told) };
}

/**
 * What every kind of model keeps.
 * @param make the model of the contract's home
 * @param thin one that knows too little to decide
 */
export function modelContract(kind: string, make: () => Model, thin: () => Model): void {
  describe(`a model of the kind ${kind}`, () => {
    let model: CompiledModel;
    before(() => {
      model = compileModel(make());
    });

    it('learns nothing while it scores', () => {
      const text = JSON.stringify(model.toModel());
      const once = folded(model, home, FITTED, FITTED + 2 * 1440);
      const again = folded(model, home, FITTED, FITTED + 2 * 1440);
      assert.equal(JSON.stringify(model.toModel()), text);
      assert.deepEqual(again, once);
      const fresh = compileModel(make());
      for (let bucket = 0; bucket < 168; bucket++)
        assert.deepEqual(model.expectedIn(bucket), fresh.expectedIn(bucket));
    });

    it('is exactly itself after its file, and so is the state of a meter after its bytes', () => {
      const loaded = compileModel(parseModel(JSON.parse(JSON.stringify(model.toModel()))));
      assert.deepEqual(loaded.toModel(), model.toModel());
      const own = folded(model, home, FITTED, FITTED + 2 * 1440);
      const other = folded(loaded, home, FITTED, FITTED + 2 * 1440);
      assert.deepEqual(other.scores, own.scores);
      assert.equal(other.told, own.told);
      assert.deepEqual(saveState(restoreState(loaded, 'home', saveState(own.state))), saveState(own.state));
    });

    it('does not know where its history is thin, and says why', () => {
      const little = compileModel(thin());
      const { scores, state, told } = folded(little, home, FITTED, FITTED + 2 * 1440);
      assert.ok(scores.every(Number.isNaN));
      assert.equal(told, '[]');
      const now = scoreNow(little, state);
      assert.ok(!now.known && now.why.length > 0);
    });

    it('never scores more power lower, in plain or over time', () => {
      let last = -Infinity;
      for (let power = 0; power <= 10_000; power += 250) {
        const score = model.scoreAt(HOME_START + 42 * DAY + 4 * HOUR, watts(power));
        assert.ok(score.known && score.score >= last, String(power));
        last = score.score;
      }
      const { at, watts: low } = aHome(44);
      const left = heater.from;
      const after = [0, 400, 900, 2000, 3000].map((more) => {
        const higher = low.map((power, i) => (i >= FITTED + 1440 && i >= left - 1 ? power + more : power));
        const { scores } = folded(model, { at, watts: higher }, FITTED, left + 120);
        return scores[scores.length - 1] ?? NaN;
      });
      assert.ok((after.at(-1) ?? NaN) > (after[0] ?? NaN), after.join(' '));
      for (const [i, score] of after.entries())
        assert.ok(score >= (after[i - 1] ?? -Infinity), after.join(' '));
    });

    it('does not look ahead: its scores up to a moment are the same when the future is cut off or another', () => {
      const whole = folded(model, home, FITTED, FITTED + 3 * 1440);
      const another = {
        at: home.at,
        watts: home.watts.map((power, i) => (i < heater.from + 90 ? power : 9000)),
      };
      for (const cut of [10, 1440, heater.from + 90 - FITTED]) {
        const part = folded(model, home, FITTED, FITTED + cut);
        assert.deepEqual(part.scores, whole.scores.slice(0, cut));
        const other = folded(model, another, FITTED, FITTED + 3 * 1440);
        assert.deepEqual(other.scores.slice(0, cut), part.scores);
      }
    });
  });
}
