import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aLog } from '../../a-service.test-data.ts';
import { HomeAssistantAddress } from './address.ts';
import { HomeAssistantConnection } from './connection.ts';
import { PhoneChannel } from './phone.ts';
import { SpeechChannel } from './speech.ts';
import { Tts } from './tts.ts';

it('the socket of Home Assistant is found beside its page', () => {
  for (const [given, url, socketUrl] of [
    [
      'http://homeassistant.local:8123',
      'http://homeassistant.local:8123',
      'ws://homeassistant.local:8123/api/websocket',
    ],
    ['https://home.example/', 'https://home.example', 'wss://home.example/api/websocket'],
    ['http://[fd00::1]:8123', 'http://[fd00::1]:8123', 'ws://[fd00::1]:8123/api/websocket'],
  ] as const) {
    const address = new HomeAssistantAddress(given);
    assert.deepEqual([address.url, address.socketUrl], [url, socketUrl]);
  }
});

it('an address with anything else in it is refused, and not repeated', () => {
  for (const url of [
    'homeassistant.local:8123',
    'ws://homeassistant.local:8123',
    'http://homeassistant.local:8123/lovelace',
    'http://anna:secret@homeassistant.local',
    'http://homeassistant.local?token=secret',
    'http://homeassistant.local#secret',
    '',
  ])
    assert.throws(
      () => new HomeAssistantAddress(url),
      (error: Error) =>
        /such as http:\/\/homeassistant\.local:8123/.test(error.message) && !/secret/.test(error.message),
    );
});

it('a speech maker is known by its entity or by its older service', () => {
  const said = ['media_player.kitchen', 'hello'] as const;
  const speak = { entity_id: 'tts.piper', media_player_entity_id: 'media_player.kitchen' };
  const rest = { message: 'hello', cache: false };
  assert.deepEqual(new Tts('tts.piper').call(...said, 'de'), {
    domain: 'tts',
    service: 'speak',
    data: { ...speak, ...rest, language: 'de' },
  });
  for (const setting of ['google_translate_say', 'tts.google_translate_say'])
    assert.deepEqual(new Tts(setting).call(...said, null), {
      domain: 'tts',
      service: 'google_translate_say',
      data: { entity_id: 'media_player.kitchen', ...rest },
    });
  for (const setting of ['piper', '', 'tts.', 'light.kitchen', 'tts.Piper', 'tts.a.b'])
    assert.throws(() => new Tts(setting), /home_assistant_tts: expected an entity such as tts\.piper/);
});

it('one media player is taken, and neither a list nor anything else', () => {
  const { log } = aLog();
  const connection = new HomeAssistantConnection({ url: 'http://127.0.0.1:1', token: 'x' }, log);
  const of = (player: string) =>
    new SpeechChannel(connection, { player, tts: 'tts.piper', volume: null, language: null }, log);
  assert.equal(of('media_player.kitchen').name, 'speech');
  // of tts.voice and switch.kitchen Home Assistant takes the call, and nobody hears anything
  for (const player of ['tts.voice', 'switch.kitchen', 'kitchen', 'media_player.a,media_player.b', ''])
    assert.throws(() => of(player), /home_assistant_player: expected one media player .* that of a group/);
});

it('a phone is known by its service', () => {
  const connection = new HomeAssistantConnection({ url: 'http://home', token: 'x' }, aLog().log);
  const words = { fineTitle: 'a', muteTitle: 'b', muteMs: 1 };
  for (const target of ['', 'mobile app', 'tts.piper', 'notify.a.b'])
    assert.throws(() => new PhoneChannel(connection, { target, ...words }), /a notify service such as/);
});
