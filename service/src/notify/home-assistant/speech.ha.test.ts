import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../../scripts/home-assistant/for-tests.ts';
import { HomeAssistant } from '../../../../scripts/home-assistant/home-assistant.ts';
import { until } from '../../../../scripts/home-assistant/until.ts';
import { aConnection, aMessage, faultOf, PLAYER } from './a-home.test-data.ts';
import type { SpeechLimits, SpeechSettings } from './speech-settings.ts';
import { SpeechChannel } from './speech.ts';

/** A channel, and what it reports; closed with the test. */
function aSpeaker(
  t: TestContext,
  home: HomeAssistant,
  settings: Partial<SpeechSettings> = {},
  limits: Partial<SpeechLimits> = {},
) {
  const { connection, log, lines } = aConnection(t, home, { outageMs: 200 });
  const given = { player: PLAYER, tts: 'tts.voice', volume: null, language: null, ...settings, limits };
  const channel = new SpeechChannel(connection, given, log);
  t.after(() => channel.close());
  const steps: string[] = [];
  const speak = (message = aMessage()): Promise<string> =>
    channel.deliver(message, (step) => steps.push(step));
  return { channel, steps, lines, speak };
}

/** What the player itself answers, also while it does not play. */
function mpd({ player }: HomeAssistant, command: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const socket = connect(player.port, '127.0.0.1', () => socket.write(`${command}\n`));
  let said = '';
  socket.on('error', reject).on('data', (chunk) => {
    said += chunk.toString();
    if (!said.endsWith('\nOK\n')) return;
    socket.destroy();
    resolve(said);
  });
  return promise;
}

/** 0..100 */
const volumeOf = async (home: HomeAssistant): Promise<number> =>
  Number(/^volume: (\d+)$/m.exec(await mpd(home, 'status'))?.[1]);

/** Nothing is to be heard, so nobody need wait long for it. */
const SHORT = { graceMs: 200, startMs: 1_500 };
/** How soon a player gives up is its own affair. */
const NOT_HEARD =
  /speaker to speak, found it (?:played for at most \d\.\d s|did not begin to play within 1\.5 s)/;

const setTo = (home: HomeAssistant): unknown[] =>
  home.bus.calls('media_player.volume_set').map(({ service_data }) => service_data.volume_level);

/** A group of players, made as a person makes it on the page. */
async function group(home: HomeAssistant, name: string, entities: readonly string[]): Promise<void> {
  const headers = { authorization: `Bearer ${home.token}`, 'content-type': 'application/json' };
  const ask = async (step: string, body: object): Promise<string> => {
    const url = `${home.url}/api/config/config_entries/flow${step}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    return ((await response.json()) as { flow_id: string }).flow_id;
  };
  const id = await ask('', { handler: 'group' });
  await ask(`/${id}`, { next_step_id: 'media_player' });
  await ask(`/${id}`, { name, entities, hide_members: false });
}

describe('speech', { skip: withoutHomeAssistant() }, () => {
  it('is heard: the player goes to playing and back, and the volume is set and put back', async (t) => {
    const home = await sharedHomeAssistant();
    await home.call('media_player', 'volume_set', { entity_id: PLAYER, volume_level: 0.8 });
    const { speak, steps } = aSpeaker(t, home, { volume: 0.3, language: 'de' });
    await home.bus.forget();
    const message = aMessage();
    assert.match(await speak(message), /^media_player\.speaker played for [1-4]\.\d s$/);
    assert.equal(home.voice.texts.at(-1), message.speech);
    assert.deepEqual(steps, [
      'media_player.speaker is off',
      'tts.voice speaks on media_player.speaker',
      'media_player.speaker plays',
      'volume 80 %, set to 30 %',
      'volume back at 80 %',
    ]);
    assert.deepEqual(setTo(home), [0.3, 0.8]);
    assert.equal(await volumeOf(home), 80);
    await until('it was off again', () => home.bus.history(PLAYER).at(-1) === 'off');
    assert.deepEqual(home.bus.history(PLAYER), ['playing', 'off']);
    const [call] = home.bus.calls('tts.speak');
    assert.deepEqual(call?.service_data, {
      entity_id: 'tts.voice',
      media_player_entity_id: PLAYER,
      message: message.speech,
      cache: false,
      language: 'de',
    });
  });

  it('is heard by an older service as well, and leaves the volume alone where none is set', async (t) => {
    const home = await sharedHomeAssistant();
    const { speak } = aSpeaker(t, home, { tts: 'demo_say' });
    await home.bus.forget();
    assert.match(await speak(), /played for [1-4]\.\d s$/);
    assert.equal(home.bus.calls('tts.demo_say')[0]?.service_data.entity_id, PLAYER);
    assert.deepEqual(setTo(home), []);
  });

  it('row 50: a call that succeeds and a player that never plays is not spoken', async (t) => {
    const home = await sharedHomeAssistant();
    await mpd(home, 'disableoutput 0');
    try {
      await home.bus.forget();
      const fault = await faultOf(aSpeaker(t, home, { volume: 0.3 }, SHORT).speak());
      assert.match(fault.message, NOT_HEARD);
      assert.deepEqual([fault.code, fault.faultClass, fault.doubtful], ['not_spoken', 'fatal', false]);
      assert.equal(home.bus.calls('tts.speak').length, 1);
    } finally {
      await mpd(home, 'enableoutput 0');
    }
  });

  it('row 50: so it is where the player cannot reach Home Assistant for the sound', async (t) => {
    const home = await HomeAssistant.start({ internalUrl: 'http://127.0.0.1:9' });
    t.after(() => home.stop());
    const fault = await faultOf(aSpeaker(t, home, {}, SHORT).speak());
    // a player that is quick to say so makes the call itself fail
    assert.match(fault.message, new RegExp(`${NOT_HEARD.source}|Failed to decode`));
    assert.equal(fault.faultClass, 'fatal');
    assert.equal(home.bus.calls('tts.speak').length, 1);
  });

  it('row 51: a player that stops in less than a second has not spoken', async (t) => {
    const home = await HomeAssistant.start({ decodes: false });
    t.after(() => home.stop());
    const fault = await faultOf(aSpeaker(t, home, {}, SHORT).speak());
    assert.match(fault.message, NOT_HEARD);
    assert.deepEqual([fault.code, fault.faultClass], ['not_spoken', 'fatal']);
    assert.equal(home.bus.calls('tts.speak').length, 1);
  });

  it('is not spoken where the speech has no sound', async (t) => {
    const home = await sharedHomeAssistant();
    t.after(() => (home.voice.mode = 'speaks'));
    const { speak } = aSpeaker(t, home, {}, SHORT);
    for (const mode of ['silent', 'hangs up'] as const) {
      home.voice.mode = mode;
      const fault = await faultOf(speak());
      assert.deepEqual([fault.code, fault.faultClass], ['not_spoken', 'fatal'], fault.message);
    }
  });

  it('counts on a player of music only when its sound changes, and restores its volume', async (t) => {
    const home = await sharedHomeAssistant();
    // one of the demo: it plays from the start, takes anything, and never ends
    const player = 'media_player.living_room';
    const { speak } = aSpeaker(t, home, { player, volume: 0.4 }, { startMs: 300, endMs: 300 });
    await home.bus.forget();
    const message = aMessage();
    assert.equal(await speak(message), `${player} began to play and tells of no end`);
    assert.deepEqual(setTo(home), [0.4, 1]);
    // the same words again are the same sound to it
    const fault = await faultOf(speak(message));
    assert.match(fault.message, /did not begin to play within 0\.3 s/);
    assert.equal((await home.state(player))?.attributes.volume_level, 1);
  });

  it('speaks two messages one after the other', async (t) => {
    const home = await sharedHomeAssistant();
    const { speak } = aSpeaker(t, home);
    await home.bus.forget();
    const [one, other] = [aMessage(), aMessage()];
    await Promise.all([speak(one), speak(other)]);
    assert.deepEqual(home.voice.texts.slice(-2), [one.speech, other.speech]);
    await until('it was off again', () => home.bus.history(PLAYER).at(-1) === 'off');
    assert.deepEqual(home.bus.history(PLAYER), ['playing', 'off', 'playing', 'off']);
  });

  it('believes Home Assistant where the player does not tell', async (t) => {
    const home = await sharedHomeAssistant();
    const { speak } = aSpeaker(t, home, { player: 'media_player.bedroom', proof: 'accepted', volume: 0.4 });
    await home.bus.forget();
    assert.equal(await speak(), 'tts.voice took it for media_player.bedroom');
    assert.deepEqual(setTo(home), []);
  });

  it('is heard of a group of players; its volume stays, as it does not tell it, and that is said', async (t) => {
    const home = await sharedHomeAssistant();
    await group(home, 'Downstairs', [PLAYER]);
    const player = 'media_player.downstairs';
    await until('it is there', async () => (await home.state(player))?.state === 'off');
    const { speak, steps } = aSpeaker(t, home, { player, volume: 0.4 });
    assert.match(await speak(), /^media_player\.downstairs played for \d/);
    assert.ok(steps.some((step) => step.startsWith('the volume stays: the player does not tell it')));
  });

  it('turns a muted player up, and is not spoken where it may not', async (t) => {
    const home = await sharedHomeAssistant();
    const muted = (is_volume_muted: boolean): Promise<void> =>
      home.call('media_player', 'volume_mute', { entity_id: 'media_player.bedroom', is_volume_muted });
    const player = 'media_player.bedroom';
    await muted(true);
    t.after(() => muted(false));
    const quiet = await faultOf(aSpeaker(t, home, { player }).speak());
    assert.match(quiet.message, /found it is muted: set home_assistant_volume/);
    assert.equal(quiet.code, 'not_spoken');
    const { speak } = aSpeaker(t, home, { player, volume: 0.5 }, { endMs: 200 });
    await home.bus.forget();
    await speak();
    const mutes = home.bus.calls('media_player.volume_mute').map((call) => call.service_data.is_volume_muted);
    assert.deepEqual(mutes, [false, true]);
  });

  it('says which player is missing or unavailable, for good', async (t) => {
    const home = await sharedHomeAssistant();
    const missing = await faultOf(aSpeaker(t, home, { player: 'media_player.nobody' }).speak());
    assert.deepEqual([missing.code, missing.faultClass], ['player_missing', 'fatal']);
    await home.player.kill();
    try {
      await until('it is unavailable', async () => (await home.state(PLAYER))?.state === 'unavailable');
      const away = await faultOf(aSpeaker(t, home).speak());
      assert.deepEqual([away.code, away.faultClass], ['player_unavailable', 'fatal']);
    } finally {
      await home.player.resume();
    }
    await until('it is there', async () => (await home.state(PLAYER))?.state === 'off');
  });

  it('says at once that there is nobody to make the speech, which Home Assistant does not', async (t) => {
    const home = await sharedHomeAssistant();
    await home.bus.forget();
    const { speak, steps } = aSpeaker(t, home, { tts: 'tts.nobody', volume: 0.3 });
    const fault = await faultOf(speak());
    assert.deepEqual([fault.code, fault.faultClass], ['tts_missing', 'fatal']);
    assert.deepEqual(steps, []);
    const service = await faultOf(aSpeaker(t, home, { tts: 'nobody_say' }).speak());
    assert.match(service.message, /Service tts\.nobody_say not found/);
    assert.equal(service.faultClass, 'fatal');
  });

  it('says what Home Assistant refuses: a language that is not spoken, a player that takes nothing', async (t) => {
    const home = await sharedHomeAssistant();
    const language = await faultOf(aSpeaker(t, home, { language: 'tlh' }).speak());
    assert.match(language.message, /home_assistant_error: .*tlh/);
    const player = await faultOf(aSpeaker(t, home, { player: 'media_player.walkman' }).speak());
    assert.match(player.message, /does not support this service/);
    for (const { faultClass, doubtful } of [language, player])
      assert.deepEqual([faultClass, doubtful], ['fatal', false]);
  });

  it('is doubtful when the speech takes too long to make', async (t) => {
    // the speech that hangs blocks the player for whoever comes next
    const home = await HomeAssistant.start();
    t.after(() => home.stop());
    home.voice.mode = 'hangs';
    // some players say that they play while they wait for it
    const fault = await faultOf(aSpeaker(t, home, {}, { callMs: 1_500, endMs: 2_000 }).speak());
    assert.match(fault.message, /none to tts\.speak within 1\.5 s/);
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
  });

  it('is spoken after a restart that came before it was sent', async (t) => {
    const home = await sharedHomeAssistant();
    const { speak } = aSpeaker(t, home);
    await home.halt();
    const fault = await faultOf(speak());
    assert.deepEqual(
      [fault.code, fault.faultClass, fault.doubtful],
      ['home_assistant_away', 'transient', false],
    );
    await home.resume();
    assert.match(await speak(), /played for/);
  });

  it('is doubtful when Home Assistant dies in the middle, and the volume is put back when it is there again', async (t) => {
    const home = await sharedHomeAssistant();
    await home.call('media_player', 'volume_set', { entity_id: PLAYER, volume_level: 0.7 });
    const { speak, steps, lines } = aSpeaker(t, home, { volume: 0.2 });
    const spoken = faultOf(speak());
    await until('the volume is set', async () => (await volumeOf(home)) === 20);
    await home.kill();
    const fault = await spoken;
    assert.match(fault.message, /the connection went while media_player\.speaker was to speak/);
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
    assert.equal(steps.at(-1), 'the volume is put back later');
    assert.equal(await volumeOf(home), 20);
    await home.resume();
    await until('the volume is back', async () => (await volumeOf(home)) === 70);
    await until('it says so', () => lines.some((line) => line.includes('the volume is put back')));
  });

  it('breaks off and puts the volume back when this side stops', async (t) => {
    const home = await sharedHomeAssistant();
    await home.call('media_player', 'volume_set', { entity_id: PLAYER, volume_level: 0.6 });
    const { speak, channel } = aSpeaker(t, home, { volume: 0.1 });
    const spoken = faultOf(speak());
    await until('the volume is set', async () => (await volumeOf(home)) === 10);
    await channel.close();
    const fault = await spoken;
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
    assert.equal(await volumeOf(home), 60);
  });

  it('is checked without a sound', async (t) => {
    const home = await sharedHomeAssistant();
    const check = (settings: Partial<SpeechSettings>): Promise<string> =>
      aSpeaker(t, home, settings).channel.check();
    await home.bus.forget();
    assert.match(
      await check({ volume: 0.3, language: 'fr' }),
      /^Home Assistant \d{4}\.\S+: tts\.voice speaks on media_player\.speaker \(\w+\), at 30 %$/,
    );
    assert.match(await check({ tts: 'tts.demo_say', language: 'de' }), /tts\.demo_say speaks on/);
    for (const [settings, code] of [
      [{ player: 'media_player.nobody' }, 'player_missing'],
      [{ player: 'media_player.walkman' }, 'player_unfit'],
      [{ tts: 'tts.nobody' }, 'tts_missing'],
      [{ tts: 'nobody_say' }, 'tts_missing'],
      [{ language: 'tlh' }, 'language_missing'],
      [{ tts: 'demo_say', language: 'fr' }, 'language_missing'],
    ] as const)
      assert.equal((await faultOf(check(settings))).code, code);
    assert.deepEqual(home.bus.calls('tts.speak'), []);
  });
});
