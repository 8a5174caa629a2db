import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { standingOf } from './standing.ts';

const row = { meter: 'home', state: new Uint8Array(), heardAt: 0, next: 90, checkpoint: 80 };
const states = { rows: [row], checkpoint: 80 };
const none = { rows: [], checkpoint: 0 };

describe('a partition that is taken over', () => {
  it('goes on from what the group has committed, with the states as they are', () => {
    const standing = standingOf({ committed: 90, first: 10, end: 100 }, states);
    assert.deepEqual(standing, { committed: 90, first: 10, ...states, begunAnew: false, untold: 0 });
  });

  it('begins at the first record where nobody was before', () => {
    const standing = standingOf({ committed: undefined, first: 10, end: 100 }, none);
    assert.deepEqual(standing, { committed: 10, first: 10, ...none, begunAnew: false, untold: 0 });
  });

  it('says how many readings were deleted before they were told', () => {
    assert.equal(standingOf({ committed: 90, first: 95, end: 100 }, states).untold, 5);
  });

  for (const [what, offsets] of [
    ['the group has committed beyond its end', { committed: 90, first: 3, end: 50 }],
    ['the states stand for more than there is', { committed: 40, first: 3, end: 50 }],
    ['nobody knows how far it was told', { committed: undefined, first: 3, end: 200 }],
  ] as const)
    it(`is read from its beginning, with the states, where ${what}`, () => {
      const moved = { rows: [{ ...row, next: 3, checkpoint: 3 }], checkpoint: 3 };
      const standing = standingOf(offsets, states);
      assert.deepEqual(standing, { committed: 3, first: 3, ...moved, begunAnew: true, untold: 0 });
    });
});
