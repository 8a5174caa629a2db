import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../../scripts/home-assistant/for-tests.ts';
import type { HomeAssistant } from '../../../../scripts/home-assistant/home-assistant.ts';
import { until } from '../../../../scripts/home-assistant/until.ts';
import { aConnection, aMessage, aRecord, EPISODE, faultOf, PLAYER } from './a-home.test-data.ts';
import { ANSWER_EVENT, PhoneAnswers } from './answers.ts';
import { tokenOfAnOrdinaryUser } from './an-ordinary-user.test-data.ts';
import { PhoneChannel } from './phone.ts';
import { SpeechChannel } from './speech.ts';

const ignored = (): void => undefined;
const FINE = { action: `LEFTON_FINE:${EPISODE}`, title: 'That was fine' };
const MUTE = { action: 'LEFTON_MUTE:7200', title: 'Mute 2 h' };

function aPhoneChannel(
  t: TestContext,
  home: Pick<HomeAssistant, 'url' | 'token'>,
  target: string,
): PhoneChannel {
  const { connection } = aConnection(t, home, { outageMs: 200 });
  const words = { fineTitle: FINE.title, muteTitle: MUTE.title, muteMs: 2 * 3600_000 };
  return new PhoneChannel(connection, { target, ...words });
}

/** What is heard of answers; closed with the test. */
async function theAnswers(t: TestContext, home: HomeAssistant) {
  const { connection, log, lines } = aConnection(t, home, { outageMs: 200 });
  const heard: unknown[] = [];
  const handlers = {
    onFine: (episode: string) => heard.push(['fine', episode]),
    onMute: (ms: number) => heard.push(['mute', ms]),
  };
  const answers = new PhoneAnswers(connection, handlers, log);
  t.after(() => answers.close());
  answers.start();
  const listening = (): number => lines.filter((line) => line.includes('answers of phones are heard')).length;
  await until('it listens', () => listening() === 1);
  return { answers, heard, lines, listening };
}

describe('the phone', { skip: withoutHomeAssistant() }, () => {
  it('shows title, text and buttons, and what it is tapped comes back', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Pixel 8');
    const { heard, answers } = await theAnswers(t, home);
    const channel = aPhoneChannel(t, home, 'notify.mobile_app_pixel_8');
    const steps: string[] = [];
    const receipt = await channel.deliver(aMessage(), (step) => steps.push(step));
    assert.equal(receipt, 'notify.mobile_app_pixel_8 took it');
    assert.deepEqual(steps, ['notify.mobile_app_pixel_8 called']);
    const [push] = phone.pushes;
    assert.equal(push?.title, 'Something was left on');
    assert.equal(push.message, '1.8 kW since 3:12, usually 0.3 kW.');
    assert.deepEqual(push.data?.actions, [FINE, MUTE]);
    assert.deepEqual(Object.keys(push.data), ['tag', 'actions']);
    for (const { action } of [FINE, MUTE]) await phone.tap(action, { tag: push.data.tag });
    await until('both are heard', () => heard.length === 2);
    assert.deepEqual(heard, [
      ['fine', EPISODE],
      ['mute', 2 * 3600_000],
    ]);
    assert.equal(answers.malformed, 0);
  });

  it('replaces what it showed of the same episode, and what is repeated', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Replacing');
    const channel = aPhoneChannel(t, home, 'mobile_app_replacing');
    const opened = aMessage();
    await channel.deliver(opened, ignored);
    await channel.deliver(opened, ignored);
    await channel.deliver(aMessage({ severity: 'info', records: [aRecord('closed')] }), ignored);
    await channel.deliver(aMessage({ records: [aRecord('opened', 'home@2026-03-25T00:00:00Z')] }), ignored);
    const [first, repeated, closed, another] = phone.pushes.map(({ data }) => data);
    assert.match(String(first?.tag), /^lefton_[0-9a-f]{32}$/);
    assert.deepEqual(repeated, first);
    assert.equal(closed?.tag, first?.tag);
    assert.notEqual(another?.tag, first?.tag);
    assert.deepEqual(closed?.actions, [FINE]);
  });

  it('asks for one answer only where it is clear what it is about', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Several');
    const channel = aPhoneChannel(t, home, 'mobile_app_several');
    const two = [aRecord(), aRecord('opened', 'shed@2026-03-24T02:12:00Z')];
    await channel.deliver(aMessage({ records: two }), ignored);
    await channel.deliver(aMessage({ records: [aRecord('meter_silent')] }), ignored);
    await channel.deliver(aMessage({ records: [], severity: 'info' }), ignored);
    const actions = phone.pushes.map(({ data }) => data?.actions);
    assert.deepEqual(actions, [[MUTE], [MUTE], []]);
  });

  it('wakes phones of both kinds for what is critical', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Critical');
    await aPhoneChannel(t, home, 'mobile_app_critical').deliver(aMessage({ severity: 'critical' }), ignored);
    const { ttl, priority, push } = phone.pushes[0]?.data ?? {};
    assert.deepEqual(
      { ttl, priority, push },
      {
        ttl: 0,
        priority: 'high',
        push: { 'interruption-level': 'time-sensitive' },
      },
    );
  });

  it('is told by any notify service, word for word', async (t) => {
    const home = await sharedHomeAssistant();
    await home.bus.forget();
    const words = { title: 'Meter {{ 6 * 7 }} {# gone #}', text: '{% set a = 1 %}{{ states("sun.sun") }}' };
    await aPhoneChannel(t, home, 'demo').deliver(aMessage(words), ignored);
    await until('it is told', () => home.bus.events('notify').length === 1);
    const [told] = home.bus.events('notify');
    assert.equal(told?.title, 'Meter { { 6 * 7 }} { # gone #}');
    assert.equal(told.message, '{ % set a = 1 %}{ { states("sun.sun") }}');
  });

  it('says for good when there is no such service, and later when Home Assistant is away', async (t) => {
    const home = await sharedHomeAssistant();
    const missing = await faultOf(aPhoneChannel(t, home, 'mobile_app_nobody').deliver(aMessage(), ignored));
    assert.match(missing.message, /Service notify\.mobile_app_nobody not found/);
    assert.equal(missing.faultClass, 'fatal');
    const channel = aPhoneChannel(t, home, 'demo');
    await channel.deliver(aMessage(), ignored);
    const message = aMessage({ title: 'told once more' });
    home.freeze();
    const halfway = faultOf(channel.deliver(message, ignored));
    await home.kill();
    const fault = await halfway;
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
    assert.equal((await faultOf(channel.deliver(message, ignored))).code, 'home_assistant_away');
    await home.resume();
    await channel.deliver(message, ignored);
    await until('it is told', () =>
      home.bus.events('notify').some(({ title }) => title === 'told once more'),
    );
  });

  it('hears answers again after a restart', async (t) => {
    const home = await sharedHomeAssistant();
    const { heard, listening } = await theAnswers(t, home);
    await home.kill();
    await home.resume();
    await until('it listens again', () => listening() === 2);
    await home.fire(ANSWER_EVENT, { action: 'LEFTON_MUTE:60' });
    await until('it is heard', () => heard.length === 1);
    assert.deepEqual(heard, [['mute', 60_000]]);
  });

  it('ignores the answers of others, and counts what only looks like ours', async (t) => {
    const home = await sharedHomeAssistant();
    const { heard, lines, answers } = await theAnswers(t, home);
    const events: object[] = [
      { action: 'OPEN_THE_DOOR' },
      { action: 42 },
      {},
      { action: 'LEFTON_FINE:' },
      { action: `LEFTON_FINE:${'x'.repeat(1_000)}@2026-03-24T02:12:00Z` },
      { action: "LEFTON_FINE:home@2026-03-24T02:12:00Z'; drop table episodes" },
      { action: 'LEFTON_MUTE:-1' },
      { action: 'LEFTON_MUTE:1e9' },
      { action: 'LEFTON_MUTE:9999999' },
      { action: 'LEFTON_EXPLODE:now' },
      { action: 'LEFTON_MUTE:1' },
    ];
    for (const event of events) await home.fire(ANSWER_EVENT, event);
    await until('the last is heard', () => heard.length > 0);
    assert.deepEqual(heard, [['mute', 1_000]]);
    assert.equal(answers.malformed, 7);
    assert.ok(!lines.join().includes('drop table'));
  });

  it('says that answers are for administrators, and speaks and notifies for anybody', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Ordinary');
    const ordinary = { url: home.url, token: await tokenOfAnOrdinaryUser(home, 'ordinary') };
    const channel = aPhoneChannel(t, ordinary, 'mobile_app_ordinary');
    const fault = await faultOf(channel.check());
    assert.equal(fault.code, 'not_allowed');
    assert.match(fault.message, /expected subscribe_events allowed: the token of an administrator/);
    await channel.deliver(aMessage(), ignored);
    assert.equal(phone.pushes.length, 1);
    const { connection, log, lines } = aConnection(t, ordinary);
    const answers = new PhoneAnswers(connection, { onFine: ignored, onMute: ignored }, log);
    t.after(() => answers.close());
    answers.start();
    await until('it says so', () => lines.some((line) => /are not heard.*not_allowed/.test(line)));
    const speech = { player: PLAYER, tts: 'tts.voice', volume: null, language: null };
    const speaker = new SpeechChannel(aConnection(t, ordinary).connection, speech, log);
    t.after(() => speaker.close());
    assert.match(await speaker.check(), /speaks on/);
    assert.match(await speaker.deliver(aMessage(), ignored), /played for/);
  });

  it('is checked without a word', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Checked');
    const found = await aPhoneChannel(t, home, 'mobile_app_checked').check();
    assert.match(
      found,
      /^Home Assistant \S+: notify\.mobile_app_checked is there, and its answers are heard$/,
    );
    const fault = await faultOf(aPhoneChannel(t, home, 'mobile_app_nobody').check());
    assert.equal(fault.code, 'phone_missing');
    assert.match(fault.message, /mobile_app_checked.*found no notify\.mobile_app_nobody/);
    assert.deepEqual(phone.pushes, []);
  });
});
