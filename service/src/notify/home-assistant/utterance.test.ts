import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Player } from './player.ts';
import { playerOf } from './player.ts';
import { hear, Utterance } from './utterance.ts';
import type { Heard } from './utterance.ts';

const at = (ms: number, state: string, media = 'speech'): Player =>
  playerOf({ state, attributes: { media_content_id: media }, at: ms });

/** What is heard in the end, of a player that was so before. */
function heard(sure: boolean, before: Player, ...states: Player[]): Heard {
  return states.reduce<Heard>(
    (now, player) => hear(now.kind === 'playing' ? { ...now, sure } : now, player, before, 1_000),
    { kind: 'nothing' },
  );
}

const OFF = at(0, 'off', '');
const MUSIC = at(0, 'playing', 'music');

for (const { title, before, states, wanted } of [
  {
    title: 'a player that was off, plays and stops has spoken',
    before: OFF,
    states: [at(100, 'playing'), at(2_500, 'off')],
    wanted: { kind: 'spoken', ms: 2_400 },
  },
  {
    title: 'row 51: what plays for less than a second is a scrap',
    before: OFF,
    states: [at(100, 'playing'), at(1_099, 'idle')],
    wanted: { kind: 'scrap', ms: 999 },
  },
  {
    title: 'a chime and then the message is the message',
    before: OFF,
    states: [at(100, 'playing', 'chime'), at(600, 'idle'), at(900, 'playing'), at(3_900, 'idle')],
    wanted: { kind: 'spoken', ms: 3_000 },
  },
  {
    title: 'a player that buffers in between goes on',
    before: OFF,
    states: [
      at(100, 'buffering'),
      at(400, 'playing'),
      at(600, 'buffering'),
      at(900, 'playing'),
      at(1_900, 'off'),
    ],
    wanted: { kind: 'spoken', ms: 1_500 },
  },
  {
    title: 'row 50: a player that never plays is not heard',
    before: OFF,
    states: [at(100, 'buffering'), at(400, 'idle'), at(500, 'paused')],
    wanted: { kind: 'nothing' },
  },
  {
    title: 'music that goes on is not the message',
    before: MUSIC,
    states: [at(100, 'playing', 'music'), at(9_000, 'playing', 'music')],
    wanted: { kind: 'nothing' },
  },
  {
    title: 'music that stops, and begins again, is not the message',
    before: MUSIC,
    states: [at(100, 'idle', 'music'), at(9_000, 'playing', 'music'), at(19_000, 'idle', 'music')],
    wanted: { kind: 'nothing' },
  },
  {
    title: 'a message between music ends where the music goes on',
    before: MUSIC,
    states: [at(100, 'playing'), at(2_100, 'playing', 'music')],
    wanted: { kind: 'spoken', ms: 2_000 },
  },
  {
    title: 'a player that tells the title late is at the same message',
    before: OFF,
    states: [at(100, 'playing', ''), at(400, 'playing', 'speech'), at(1_900, 'off')],
    wanted: { kind: 'spoken', ms: 1_800 },
  },
  {
    title: 'what comes after the message is not of interest',
    before: OFF,
    states: [at(100, 'playing'), at(2_100, 'off'), at(3_000, 'playing', 'music'), at(3_100, 'off')],
    wanted: { kind: 'spoken', ms: 2_000 },
  },
] as const)
  it(title, () => {
    assert.deepEqual(heard(true, before, ...states), wanted);
  });

it('a player that is not asked in between may have stopped at once', () => {
  const asked = heard(false, OFF, at(100, 'playing'), at(2_500, 'off'));
  assert.deepEqual(asked, { kind: 'scrap', ms: 2_400 });
});

it('what is heard is sure once the player was asked long enough after it began, or cannot be asked', async () => {
  for (const [askable, leastMs, kind] of [
    [true, 0, 'spoken'],
    [true, 1e9, 'scrap'],
    [false, 100, 'spoken'],
  ] as const) {
    const utterance = new Utterance(leastMs, 0);
    utterance.expect(OFF);
    utterance.hear(at(100, 'playing'));
    utterance.confirm(askable);
    utterance.hear(at(2_500, 'off'));
    assert.equal((await utterance.ended).kind, kind);
  }
});
