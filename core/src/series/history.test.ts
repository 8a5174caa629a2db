import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { before, endOf, upTo } from './history.ts';
import type { History } from './history.ts';

const aHistory = (instants: readonly number[]): History => ({
  at: Float64Array.from(instants),
  watts: Float64Array.from(instants, (at) => at / 10),
});
const ascending = fc.uniqueArray(fc.nat(1000)).map((instants) => instants.sort((a, b) => a - b));

describe('a history', () => {
  it('is cut before an instant, or up to it, with the watts of the same readings', () => {
    fc.assert(
      fc.property(ascending, fc.nat(1000), (instants, cut) => {
        const history = aHistory(instants);
        assert.deepEqual(before(history, cut), aHistory(instants.filter((at) => at < cut)));
        assert.deepEqual(upTo(history, cut), aHistory(instants.filter((at) => at <= cut)));
      }),
    );
  });

  it('ends with its newest reading, or when somebody says so before', () => {
    assert.equal(endOf(aHistory([1, 5, 9])), 9);
    assert.equal(endOf(aHistory([1, 5, 9]), 7), 7);
    assert.equal(endOf(aHistory([1, 5, 9]), 12), 9);
    assert.equal(endOf(aHistory([])), 0);
  });
});
