import { MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder } from '../a-service.test-data.ts';
import { readSettings } from './read.ts';
import { tellable } from './rows.ts';
import { SECRETS } from './settings.ts';
import { rulesOf } from './rules.ts';
import { defaultRules } from '../notify/rules.ts';
import { SettingsError } from './error.ts';

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readSettings('any', {}, env);
    return [];
  } catch (error) {
    return error instanceof SettingsError ? error.problems : assert.fail(String(error));
  }
};

/** Of those that say how people are told; the addresses of ntfy and webhooks let anybody write there. */
const TOLD_NOBODY = [
  'home_assistant_token',
  'pushbullet_token',
  'ntfy_topic',
  'ntfy_token',
  'webhook_url',
  'webhook_secret',
  'mqtt_password',
] as const;

describe('the settings of channels', () => {
  it('leave the usual rules as they are where nothing is said', () => {
    assert.deepEqual(rulesOf(readSettings('any', {}, {}).settings), defaultRules);
  });

  it('change the rules of a channel, in the file or as JSON in a variable', (t) => {
    const channels = {
      speech: { quiet_hours: '21:30-08:00', max_age_min: 5, when_away: true, fallback: 'ntfy' },
      phone: { digest_at: '08:00', severity: 'critical', most_per_hour: null, cooldown_min: 10 },
      webhook: { most_per_month: 3 },
      pushbullet: { quiet_passes: 'warning' },
    };
    const file = join(aFolder(t), 'lefton.json');
    writeFileSync(file, JSON.stringify({ channels }));
    for (const settings of [
      readSettings('any', { config: file }, { LEFTON_NTFY_TOPIC: 'x' }).settings,
      readSettings('any', {}, { LEFTON_NTFY_TOPIC: 'x', LEFTON_CHANNELS: JSON.stringify(channels) }).settings,
    ]) {
      const { speech, phone, webhook, pushbullet } = rulesOf(settings);
      assert.deepEqual(speech, {
        ...defaultRules.speech,
        quietHours: { from: 1290, to: 480 },
        ...{ maxAgeMs: 5 * MINUTE, whenAway: true, fallback: 'ntfy' },
      });
      assert.deepEqual(phone, {
        ...defaultRules.phone,
        ...{ digestAt: 480, severity: 'critical', mostPerHour: Infinity, cooldownMs: 10 * MINUTE },
      });
      assert.deepEqual([webhook.mostPerMonth, webhook.mostPerHour], [3, Infinity]);
      assert.equal(pushbullet.quietPasses, 'warning');
    }
  });

  it('may be parts of a minute, in whole milliseconds', () => {
    const { phone } = rulesOf(
      readSettings('any', {}, { LEFTON_CHANNELS: '{"phone":{"cooldown_min":0.33333}}' }).settings,
    );
    assert.equal(phone.cooldownMs, 20_000);
  });

  it('are refused by their place', () => {
    for (const [channels, problem] of [
      ['{"speech":{"quiet_hours":"late"}}', /^LEFTON_CHANNELS.*two local times/],
      ['{"speech":{"digest_at":"25:00"}}', /a local time/],
      ['{"speaker":{}}', /LEFTON_CHANNELS/],
      ['{"speech":{"quiet":"22:00-07:00"}}', /LEFTON_CHANNELS.*quiet/],
      ['speech', /expected JSON/],
      ['{"phone":{"fallback":"phone"}}', /LEFTON_CHANNELS.*phone: the fallback is to be another channel/],
      ['{"phone":{"fallback":"ntfy"}}', /LEFTON_CHANNELS.*fallback ntfy is not set up; needs ntfy_topic/],
      ['{"phone":{"digest_at":"08:00"}}', /LEFTON_CHANNELS.*a digest tells what is below severity/],
    ] as const)
      assert.match(problemsOf({ LEFTON_CHANNELS: channels }).join('\n'), problem, channels);
  });

  it('need each other', () => {
    for (const [env, problem] of [
      [{ LEFTON_HOME_ASSISTANT_URL: 'http://ha:8123' }, /needs home_assistant_token/],
      [{ LEFTON_HOME_ASSISTANT_TOKEN: 'x' }, /needs home_assistant_token, and the other way round/],
      [{ LEFTON_HOME_ASSISTANT_PHONE: 'mobile_app_x' }, /needs home_assistant_url/],
      [{ LEFTON_HOME_ASSISTANT_DASHBOARD: 'true' }, /needs home_assistant_url/],
      [{ LEFTON_HOME_ASSISTANT_PLAYER: 'media_player.x' }, /needs home_assistant_tts/],
      [{ LEFTON_HOME_ASSISTANT_VOLUME: '0.4' }, /needs home_assistant_player/],
      [
        { LEFTON_HOME_ASSISTANT_URL: 'http://ha:8123', LEFTON_HOME_ASSISTANT_TOKEN: 'x' },
        /needs home_assistant_phone.*else it tells nobody/,
      ],
      [{ LEFTON_PUSHBULLET_DEVICE: 'x' }, /needs pushbullet_token/],
      [{ LEFTON_NTFY_TOKEN: 'x' }, /needs ntfy_topic/],
      [{ LEFTON_WEBHOOK_SECRET: 'x'.repeat(16) }, /needs webhook_url/],
      [{ LEFTON_WEBHOOK_URL: 'http://x', LEFTON_WEBHOOK_SECRET: 'short' }, /at least 16/],
      [{ LEFTON_MQTT_PASSWORD: 'x' }, /needs mqtt_username/],
      [{ LEFTON_MQTT_URL: 'http://x' }, /an mqtt\(s\) URL/],
      [{ LEFTON_MQTT_URL: 'mqtt://user:pass@x' }, /no user or password/],
      [{ LEFTON_HOME_ASSISTANT_VOLUME: '40' }, /LEFTON_HOME_ASSISTANT_VOLUME/],
      [{ LEFTON_ROLE: 'notify' }, /needs kafka_brokers/],
      [
        { LEFTON_ROLE: 'notify', LEFTON_KAFKA_BROKERS: 'k:9092' },
        /--zone: is needed where there is no model/,
      ],
      [{ LEFTON_LANGUAGE: 'nl' }, /LEFTON_LANGUAGE/],
    ] as const)
      assert.match(problemsOf(env).join('\n'), problem, JSON.stringify(env));
  });

  it('are secrets, each that lets others in', () => {
    const others = ['token', 'kafka_password', 'schema_registry_password'];
    assert.deepEqual([...SECRETS].sort(), [...TOLD_NOBODY, ...others].sort());
  });

  it('never show a secret, also when they are wrong', () => {
    const secret = 'http://user:the-secret-itself@x/the-secret-itself';
    const env = Object.fromEntries(TOLD_NOBODY.map((key) => [`LEFTON_${key.toUpperCase()}`, secret]));
    const rest = {
      LEFTON_HOME_ASSISTANT_URL: 'http://ha',
      LEFTON_HOME_ASSISTANT_DASHBOARD: 'true',
      LEFTON_MQTT_URL: 'mqtt://x',
      LEFTON_MQTT_USERNAME: 'u',
    };
    const told = JSON.stringify(tellable(readSettings('any', {}, { ...env, ...rest }).settings));
    assert.ok(!told.includes('the-secret-itself'));
    assert.equal(told.match(/"set"/g)?.length, TOLD_NOBODY.length);
    assert.ok(
      !problemsOf({ ...env, LEFTON_PORT: 'x' })
        .join()
        .includes('the-secret-itself'),
    );
  });

  it('may have each secret in a file of its own', (t) => {
    const file = join(aFolder(t), 'secret');
    writeFileSync(file, 'https://example.org/a-secret-path\n');
    for (const key of TOLD_NOBODY) {
      const env = { [`LEFTON_${key.toUpperCase()}_FILE`]: file };
      const rest = {
        ...(key === 'home_assistant_token'
          ? { LEFTON_HOME_ASSISTANT_URL: 'http://ha', LEFTON_HOME_ASSISTANT_DASHBOARD: 'true' }
          : {}),
        ...(key === 'ntfy_token' ? { LEFTON_NTFY_TOPIC: 'x' } : {}),
        ...(key === 'webhook_secret' ? { LEFTON_WEBHOOK_URL: 'http://x' } : {}),
        ...(key === 'mqtt_password' ? { LEFTON_MQTT_URL: 'mqtt://x', LEFTON_MQTT_USERNAME: 'u' } : {}),
      };
      assert.equal(
        readSettings('any', {}, { ...env, ...rest }).settings[key],
        'https://example.org/a-secret-path',
      );
    }
  });
});
