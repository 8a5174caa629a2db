import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SESSION_COOKIE, sessionIdsOf } from './session-cookie.ts';

const idsOf = (cookie: string): string[] => sessionIdsOf({ headers: { cookie } });
const [ID, OTHER] = ['a-B_9'.padEnd(43, 'x'), 'y'.repeat(43)];

describe('the ids of a cookie header', () => {
  it('are all that bear the name, whatever stands beside them', () => {
    const own = `${SESSION_COOKIE}=${ID}`;
    assert.deepEqual(idsOf(own), [ID]);
    assert.deepEqual(idsOf(`theme=dark; ${own} ;${SESSION_COOKIE}=${OTHER}`), [ID, OTHER]);
  });

  it('are none of another name, length or alphabet', () => {
    for (const cookie of [
      '',
      ID,
      `=${ID}`,
      `lefton=${ID}`,
      `x${SESSION_COOKIE}=${ID}`,
      `${SESSION_COOKIE}${ID}`,
      `${SESSION_COOKIE}=${ID}x`,
      `${SESSION_COOKIE}=${ID.slice(1)}`,
      `${SESSION_COOKIE}=${ID.slice(1)}=`,
      `${SESSION_COOKIE}==${ID}`,
    ])
      assert.deepEqual(idsOf(cookie), [], cookie);
  });

  it('are found at once behind a million blanks', () => {
    const blanks = ' '.repeat(1_000_000);
    assert.deepEqual(idsOf(`a;${blanks}x`), []);
    assert.deepEqual(idsOf(`a;${blanks}x=${blanks}y`), []);
    assert.deepEqual(idsOf(`${blanks}${SESSION_COOKIE}=${ID}${blanks}`), [ID]);
  });
});
