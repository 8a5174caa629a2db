import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { aSilentAddress } from './a-silent-address.test-data.ts';
import { HomeAssistant } from './home-assistant.ts';
import { sharedHomeAssistant, withoutHomeAssistant } from './for-tests.ts';
import { until } from './until.ts';

const PLAYER = 'media_player.speaker';

describe('a real Home Assistant', { skip: withoutHomeAssistant() }, () => {
  test('tts.speak is heard by the voice, and the player goes from off to playing to off', async () => {
    const home = await sharedHomeAssistant();
    await home.bus.forget();
    const message = 'Something was left on in the kitchen';
    await home.call('tts', 'speak', { entity_id: 'tts.voice', media_player_entity_id: PLAYER, message });
    await until('it has played', () => home.bus.history(PLAYER).at(-1) === 'off');
    assert.deepEqual(home.bus.history(PLAYER), ['playing', 'off']);
    assert.deepEqual(home.voice.texts, [message]);
    assert.equal(home.bus.calls('tts.speak').length, 1);
    assert.match(home.player.said, /played "http/);
  });

  test('the older tts.demo_say plays a recorded mp3, at a volume that was set', async () => {
    const home = await sharedHomeAssistant();
    await home.bus.forget();
    await home.call('media_player', 'volume_set', { entity_id: PLAYER, volume_level: 0.4 });
    await home.call('tts', 'demo_say', { entity_id: PLAYER, message: 'hello' });
    await until('it plays', () => home.bus.history(PLAYER).at(-1) === 'playing');
    assert.equal((await home.state(PLAYER))?.attributes.volume_level, 0.4);
    await until('it has played', () => home.bus.history(PLAYER).at(-1) === 'off');
  });

  for (const mode of ['silent', 'hangs up'] as const) {
    test(`where the voice ${mode === 'silent' ? 'is silent' : mode}, the player ends without a sound`, async () => {
      const home = await sharedHomeAssistant();
      await home.bus.forget();
      home.voice.mode = mode;
      const before = home.player.said.length;
      const message = `nobody hears this: ${mode}`;
      const call = { entity_id: 'tts.voice', media_player_entity_id: PLAYER, message };
      // whether Home Assistant notices before it hands the sound to the player is a matter of milliseconds
      const noticed = await home.call('tts', 'speak', call).then(
        () => false,
        () => true,
      );
      await until('the voice was asked', () => home.voice.texts.at(-1) === message);
      const gaveUp = (): boolean => /requested URL returned error/.test(home.player.said.slice(before));
      await until('the player gave up', () => noticed || gaveUp());
      home.voice.mode = 'speaks';
      await until('it is off', async () => (await home.state(PLAYER))?.state === 'off');
    });
  }

  test('a phone gets a push and its answer comes back as an event', async () => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Test phone');
    const data = { tag: 'a', actions: [{ action: 'FINE', title: 'That was fine' }] };
    await home.call('notify', 'mobile_app_test_phone', { title: 'Unusual', message: 'since 18:00', data });
    await until('it was pushed', () => phone.pushes.length === 1);
    assert.deepEqual(phone.pushes[0]?.data, data);
    await phone.tap('FINE');
    await until(
      'the tap is on the bus',
      () => home.bus.events('mobile_app_notification_action').length === 1,
    );
    assert.equal(home.bus.events('mobile_app_notification_action')[0]?.action, 'FINE');
  });

  test('after a kill it is there again with the same token', async () => {
    const home = await sharedHomeAssistant();
    await home.kill();
    await home.resume();
    await home.bus.forget();
    await home.fire('hello', { a: 1 });
    await until('the event', () => home.bus.events('hello').length === 1);
    assert.equal((await home.state(PLAYER))?.state, 'off');
    await home.call('notify', 'demo', { message: 'hello' });
    await until('the notification', () => home.bus.events('notify').length === 1);
  });
});

for (const [title, settingsFor] of [
  ['a player that can decode nothing', () => ({ decodes: false })],
  ['sound at an address that says nothing', async (t) => ({ internalUrl: await aSilentAddress(t) })],
] as [string, (t: TestContext) => object | Promise<object>][]) {
  test(
    `${title}: the service succeeds, and there is no sound`,
    { skip: withoutHomeAssistant() },
    async (t) => {
      const home = await HomeAssistant.start(await settingsFor(t));
      t.after(() => home.stop());
      await home.call('tts', 'speak', {
        entity_id: 'tts.voice',
        media_player_entity_id: PLAYER,
        message: 'hello',
      });
      await until('the player gave up', async () => (await home.state(PLAYER))?.state === 'off');
      await until('it says why', () => /Failed to decode|CURL failed/.test(home.player.said));
      t.diagnostic(`states: ${home.bus.history(PLAYER).join(', ')}`);
    },
  );
}
