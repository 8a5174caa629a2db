import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../scripts/home-assistant/for-tests.ts';
import { parse } from 'yaml';
import type { ServiceCall } from '../../../scripts/home-assistant/bus.ts';
import type { HomeAssistant } from '../../../scripts/home-assistant/home-assistant.ts';
import { until } from '../../../scripts/home-assistant/until.ts';
import { aQuietView, aSetting, aView, EVENING, RunningPublisher } from './a-meter-view.test-data.ts';
import type { EntitySettings } from './entity-publisher.ts';
import type { MeterView } from './meter-view.ts';
import { ENTITIES } from './names.ts';

const CHILD = join(import.meta.dirname, 'a-publisher.test-data.ts');

/** The states of a meter's entities, by key. */
async function statesIn(home: HomeAssistant, device: string): Promise<Record<string, string | undefined>> {
  const states = new Map((await home.states()).map(({ entity_id, state }) => [entity_id, state]));
  const stateOf = (key: string): string | undefined =>
    states.get(`sensor.${device}_${key}`) ?? states.get(`binary_sensor.${device}_${key}`);
  return Object.fromEntries(ENTITIES.map((key) => [key, stateOf(key)]));
}

function publishing(
  t: TestContext,
  home: HomeAssistant,
  views: readonly MeterView[],
  more: Partial<EntitySettings> = {},
): RunningPublisher {
  const publisher = new RunningPublisher(aSetting(home.mqtt.url, more), views);
  t.after(() => publisher.stop());
  return publisher;
}

describe('entities in a real Home Assistant', { skip: withoutHomeAssistant() }, () => {
  test('appear with their values, of one device', async (t) => {
    const home = await sharedHomeAssistant();
    publishing(t, home, [aView()]);
    const expected = {
      score: '2.346',
      power: '3012.3',
      usual_power: '412.1',
      unusual: 'on',
      last_episode: '2026-01-05T18:00:00+00:00',
      meter_silent: 'off',
    };
    await until('all values are there', async () => {
      const states = await statesIn(home, 'lefton_home');
      return ENTITIES.every((key) => states[key] === expected[key]);
    });
    const power = await home.state('sensor.lefton_home_power');
    assert.equal(power?.attributes.friendly_name, 'LeftOn home Power');
    assert.equal(power.attributes.device_class, 'power');
    assert.equal(power.attributes.unit_of_measurement, 'W');
    const episode = (await home.state('sensor.lefton_home_last_episode'))?.attributes;
    assert.equal(episode?.excess_kwh, 2.6);
    assert.equal(
      episode.why,
      'In 123 days power that settled around 3.0 kW never stayed there longer than 15 minutes.',
    );
    const devices = (await home.bus.ask('config/device_registry/list')) as { name: string | null }[];
    assert.equal(devices.filter(({ name }) => name === 'LeftOn home').length, 1);
    assert.doesNotMatch(home.said, /components\.mqtt/);
  });

  test('what is unknown stays unknown and never becomes a number', async (t) => {
    const home = await sharedHomeAssistant();
    const unknown = { known: false, why: 'too few readings since the last gap' } as const;
    const publisher = publishing(t, home, [
      aQuietView({ meter: 'flat', score: unknown, watts: null, usualWatts: null }),
    ]);
    const states = async (): Promise<Record<string, string | undefined>> => statesIn(home, 'lefton_flat');
    await until('they appear', async () => (await states()).meter_silent === 'off');
    const { meter_silent, ...others } = await states();
    assert.equal(meter_silent, 'off');
    assert.deepEqual(others, Object.fromEntries(Object.keys(others).map((key) => [key, 'unknown'])));
    const { attributes } = (await home.state('sensor.lefton_flat_score')) ?? {};
    assert.equal(attributes?.why_unknown, unknown.why);

    publisher.views = [aQuietView({ meter: 'flat' })];
    await until('known', async () => (await states()).score === '0.4' && (await states()).unusual === 'off');
    publisher.views = [aQuietView({ meter: 'flat', score: unknown, watts: null, silentSince: EVENING })];
    await until('silent', async () => (await states()).meter_silent === 'on');
    await until('unknown again', async () => (await states()).score === 'unknown');
    assert.equal((await states()).power, 'unknown');
    assert.ok(!home.bus.history('sensor.lefton_flat_score').includes('0'));
    assert.doesNotMatch(home.said, /components\.mqtt/);
  });

  test('are unavailable once the process was killed, and there again with the next', async (t) => {
    const home = await sharedHomeAssistant();
    const views = [aQuietView({ meter: 'shop' })];
    const settings = aSetting(home.mqtt.url, { prefix: 'killed' });
    const child = spawn(process.execPath, [CHILD, JSON.stringify({ settings, views })], { stdio: 'ignore' });
    t.after(() => child.kill('SIGKILL'));
    const power = async (): Promise<string | undefined> =>
      (await home.state('sensor.killed_shop_power'))?.state;
    await until('it publishes', async () => (await power()) === '300');
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    await until('unavailable', async () => (await power()) === 'unavailable');
    publishing(t, home, views, { prefix: 'killed' });
    await until('available', async () => (await power()) === '300');
  });

  test('are there after Home Assistant and the broker were killed', async (t) => {
    const home = await sharedHomeAssistant();
    publishing(t, home, [aView({ meter: 'barn' })]);
    const score = async (): Promise<string | undefined> =>
      (await home.state('sensor.lefton_barn_score'))?.state;
    await until('there', async () => (await score()) === '2.346');
    await Promise.all([home.kill(), home.mqtt.kill()]);
    await Promise.all([home.resume(), home.mqtt.resume()]);
    await until('there again', async () => (await score()) === '2.346');
  });

  test('names in another language leave the ids as they are', async (t) => {
    const home = await sharedHomeAssistant();
    const names = {
      score: 'Bewertung',
      power: 'Leistung',
      usual_power: 'Übliche Leistung',
      unusual: 'Ungewöhnlich',
      last_episode: 'Zuletzt ungewöhnlich',
      meter_silent: 'Zähler stumm',
    };
    publishing(t, home, [aView({ meter: 'Küche 1' })], { prefix: 'de', names });
    const german = async (): Promise<readonly unknown[]> =>
      (await home.states())
        .filter(({ entity_id }) => /^(?:binary_)?sensor\.de_/.test(entity_id))
        .map(({ attributes }) => attributes.friendly_name);
    await until('all six are there', async () => (await german()).length === 6);
    assert.ok((await german()).includes('LeftOn Küche 1 Übliche Leistung'));
  });

  test('the automation of docs/home-assistant.md tells once, why and since when', async (t) => {
    const home = await sharedHomeAssistant();
    const page = readFileSync(join(import.meta.dirname, '../../../docs/home-assistant.md'), 'utf8');
    const [, text = ''] = /```yaml\n(alias:.*?)```/s.exec(page) ?? [];
    await home.automation('lefton', parse(text) as object);
    const publisher = publishing(t, home, [aQuietView()]);
    const unusual = async (): Promise<string | undefined> =>
      (await home.state('binary_sensor.lefton_home_unusual'))?.state;
    await until('quiet', async () => (await unusual()) === 'off');
    await home.bus.forget();
    publisher.views = [aView()];
    const told = (): readonly ServiceCall[] => home.bus.calls('persistent_notification.create');
    await until('told', () => told().length > 0);
    assert.deepEqual(
      told().map(({ service_data }) => service_data),
      [
        {
          title: 'Was something left on?',
          message:
            '3012 W since 19:00. In 123 days power that settled around 3.0 kW never stayed there longer than 15 minutes.',
        },
      ],
    );
  });
});
