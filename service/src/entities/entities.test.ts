import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { aQuietView, aView, EVENING } from './a-meter-view.test-data.ts';
import { discoveryOf } from './discovery.ts';
import { englishNames, ENTITIES } from './names.ts';
import { statesOf } from './states.ts';
import { idOf, Topics } from './topics.ts';

const topics = new Topics({ prefix: 'lefton', discoveryPrefix: 'homeassistant', instance: null });
const publisher = { version: '0.1.0', pageUrl: null, meterNames: {} };

describe('the states of a meter', () => {
  test('while something is unusual', () => {
    assert.deepEqual(Object.fromEntries(statesOf(aView(), topics)), {
      'lefton/home/score': '2.346',
      'lefton/home/score/attributes': '{"why_unknown":null}',
      'lefton/home/power': '3012.3',
      'lefton/home/usual_power': '412.1',
      'lefton/home/unusual': 'ON',
      'lefton/home/meter_silent': 'OFF',
      'lefton/home/last_episode': '2026-01-05T18:00:00Z',
      'lefton/home/last_episode/attributes': JSON.stringify({
        episode: 'home@2026-01-05T18:00:00Z',
        since: '2026-01-05T18:00:00Z',
        until: null,
        open: true,
        excess_kwh: 2.6,
        why: 'In 123 days power that settled around 3.0 kW never stayed there longer than 15 minutes.',
      }),
    });
  });

  test('what an automation asks for is told before that something is unusual', () => {
    const told = [...statesOf(aView(), topics).keys()].map((topic) => topic.replace('lefton/home/', ''));
    const unusual = told.indexOf('unusual');
    for (const key of ['last_episode', 'last_episode/attributes', 'power', 'usual_power', 'score'])
      assert.ok(told.indexOf(key) < unusual, key);
  });

  test('an unknown score is no number, and nothing is said to be usual', () => {
    const view = aQuietView({ score: { known: false, why: 'a gap' }, watts: null, usualWatts: null });
    const states = statesOf(view, topics);
    for (const key of ['score', 'power', 'usual_power', 'unusual'] as const)
      assert.equal(states.get(topics.state('home', key)), 'None');
    assert.equal(states.get('lefton/home/score/attributes'), '{"why_unknown":"a gap"}');
    assert.ok(!states.has('lefton/home/last_episode'));
  });

  test('a silent meter in an open episode is unusual still', () => {
    const silent = aView({ score: { known: false, why: 'silent' }, watts: null, silentSince: EVENING });
    const states = statesOf(silent, topics);
    assert.equal(states.get('lefton/home/unusual'), 'ON');
    assert.equal(states.get('lefton/home/meter_silent'), 'ON');
  });

  test('what is no number is unknown, and minus zero is zero', () => {
    const states = statesOf(aView({ watts: Infinity, usualWatts: -0 }), topics);
    assert.equal(states.get('lefton/home/power'), 'None');
    assert.equal(states.get('lefton/home/usual_power'), '0');
  });
});

describe('discovery', () => {
  test('each entity has a topic, an id and a name of its own, and all are of one device', () => {
    const payloads = [...discoveryOf('home', topics, englishNames, publisher)];
    assert.equal(payloads.length, ENTITIES.length);
    const configs = payloads.map(([, text]) => JSON.parse(text) as Record<string, unknown>);
    assert.equal(new Set(configs.map((config) => config.unique_id)).size, ENTITIES.length);
    assert.equal(new Set(configs.map((config) => JSON.stringify(config.device))).size, 1);
    assert.deepEqual(
      configs.map((config) => config.name),
      ENTITIES.map((key) => englishNames[key]),
    );
    for (const [topic] of payloads)
      assert.match(
        topic,
        /^homeassistant\/(?:sensor|binary_sensor)\/[a-zA-Z0-9_-]+\/[a-zA-Z0-9_-]+\/config$/,
      );
  });

  test('another language changes names and no id', () => {
    const german = { ...englishNames, power: 'Leistung' };
    const [english, other] = [englishNames, german].map(
      (names) =>
        JSON.parse(
          discoveryOf('home', topics, names, publisher).get(
            'homeassistant/sensor/lefton_home/power/config',
          ) ?? '',
        ) as Record<string, unknown>,
    );
    assert.deepEqual({ ...english, name: 'Leistung' }, other);
  });
});

describe('the device of a meter', () => {
  const deviceOf = (meter: string): unknown => {
    const named = { ...publisher, meterNames: { home: 'Our house' } };
    const [text = ''] = discoveryOf(meter, topics, englishNames, named).values();
    return (JSON.parse(text) as { readonly device: { readonly name: string } }).device.name;
  };

  test('has the name that people gave it, else its id', () => {
    assert.deepEqual(['home', 'barn', 'toString'].map(deviceOf), [
      'LeftOn Our house',
      'LeftOn barn',
      'LeftOn toString',
    ]);
  });

  test('keeps its ids under another name', () => {
    const named = { ...publisher, meterNames: { home: 'Our house' } };
    const idsOf = (own: typeof named): string[] =>
      [...discoveryOf('home', topics, englishNames, own)].map(
        ([topic, text]) => `${topic} ${(JSON.parse(text) as { readonly unique_id: string }).unique_id}`,
      );
    assert.deepEqual(idsOf(named), idsOf({ ...named, meterNames: { home: 'x' } }));
  });
});

describe('the id of a meter', () => {
  test('is its name where that is plain', () => {
    assert.equal(idOf('home'), 'home');
    assert.equal(idOf('flat-2_b'), 'flat-2_b');
  });

  test('is plain and of its own for every other name', () => {
    const names = ['Home', 'home/+', 'home #', 'Küche', 'kuche', 'Kuche', '日本', '日', ' ', 'a'.repeat(200)];
    const ids = names.map(idOf);
    for (const id of ids) assert.match(id, /^[a-z0-9_-]{1,48}$/);
    assert.equal(new Set(ids).size, names.length);
    assert.deepEqual(names.map(idOf), ids);
  });

  test('names of topics with a slash in the prefix make plain ids', () => {
    const deep = new Topics({ prefix: 'home/lefton', discoveryPrefix: 'homeassistant', instance: 'a' });
    assert.equal(deep.device('home'), 'home_lefton_home');
    assert.equal(deep.state('home', 'score'), 'home/lefton/home/score');
    assert.equal(deep.availability, 'home/lefton/availability/a');
  });
});
