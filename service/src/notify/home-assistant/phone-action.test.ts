import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { answerOf, fineAction, muteAction } from './phone-action.ts';

it('an answer from a phone is understood by our own buttons, whatever a meter is called', () => {
  const meters = ['home', 'EPEX:Zähler 1', "Anna's flat", 'a@b', '電気'];
  for (const meter of meters) {
    for (const at of ['2026-03-24T02:12:00Z', '2026-03-24T02:12:00.5Z']) {
      const episode = `${meter}@${at}`;
      assert.deepEqual(answerOf(fineAction(episode)), { kind: 'fine', episode });
    }
  }
  for (const ms of [60_000, 2 * 3600_000, 7 * 24 * 3600_000])
    assert.deepEqual(answerOf(muteAction(ms)), { kind: 'mute', ms });
});

it('what is no button of ours is no answer from a phone, and takes no time at all to see', () => {
  for (const action of [
    '',
    'LEFTON_',
    'lefton_mute:60',
    ' LEFTON_MUTE:60',
    'LEFTON_MUTE:60 ',
    'LEFTON_MUTE:0x10',
  ])
    assert.equal(answerOf(action), undefined);
  fc.assert(
    fc.property(
      fc.string({ maxLength: 400 }),
      fc.constantFrom('', 'LEFTON_FINE:', 'LEFTON_MUTE:'),
      (text, head) => {
        const answer = answerOf(head + text);
        if (answer?.kind === 'fine')
          assert.match(answer.episode, /^[^\p{C}]{1,200}@\d{4}-[\d:T.-]{13,19}Z$/u);
        if (answer?.kind === 'mute') assert.ok(answer.ms >= 1_000 && answer.ms <= 7 * 24 * 3600_000);
      },
    ),
  );
});
