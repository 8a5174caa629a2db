import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { connectAsync } from 'mqtt';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../scripts/home-assistant/for-tests.ts';
import type { HomeAssistant } from '../../../scripts/home-assistant/home-assistant.ts';
import { until } from '../../../scripts/home-assistant/until.ts';
import { aLog, heardOf, realPause } from '../a-capture.test-data.ts';
import { HomeAssistantSource } from './home-assistant-source.ts';

/** Questions follow each other in a moment; a state is told again with each. */
function follow(t: TestContext, home: HomeAssistant, entity: string) {
  const { log, lines } = aLog();
  let pauses = 0;
  const source = new HomeAssistantSource(
    { url: home.url, token: home.token, entity, holdMs: 3_600_000 },
    {
      log,
      pause: (ms, signal) => {
        pauses++;
        return realPause(Math.min(ms, 100), signal);
      },
      monotonic: () => performance.now(),
      wall: Date.now,
    },
  );
  const heard = heardOf(t, source);
  const hears = (watts: number): Promise<void> =>
    until(`${watts} W are heard`, () => heard.at(-1)?.watts === watts);
  return { source, heard, lines, hears, asked: () => pauses };
}

/** Sets a state as integrations do, with its attributes. */
async function set(home: HomeAssistant, entity: string, state: string, unit: string): Promise<void> {
  const attributes = { unit_of_measurement: unit, device_class: 'power', state_class: 'measurement' };
  const response = await fetch(`${home.url}/api/states/${entity}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${home.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state, attributes }),
  });
  assert.ok(response.ok, `${response.status}`);
}

describe('a sensor of a real Home Assistant', { skip: withoutHomeAssistant() }, () => {
  test('has its unit from its attributes, also when that changes; a foreign one is said and not taken', async (t) => {
    const home = await sharedHomeAssistant();
    const entity = 'sensor.grid_power';
    await set(home, entity, '350.5', 'W');
    const { heard, lines, hears } = follow(t, home, entity);
    await hears(350.5);
    await set(home, entity, '1.25', 'kW');
    await hears(1_250);
    await set(home, entity, '-0.4', 'kW');
    await hears(-400);
    await set(home, entity, '12345.678', 'kWh');
    await until('a register is heard', () => heard.at(-1)?.energyWh === 12_345_678);
    assert.equal(heard.at(-1)?.watts, null);
    await set(home, entity, '230', 'V');
    await until('a foreign unit is said', () => lines.some((line) => line.includes('its unit is V, not W')));
    assert.ok(heard.every(({ watts, energyWh }) => watts !== 230 && energyWh !== 230));
    await set(home, entity, '0', 'W');
    await hears(0);
    // renamed, or its integration is gone
    await home.forget(entity);
    await until('it is missed', () => lines.some((line) => line.includes('no such sensor')));
  });

  test('is a gap while unavailable or unknown, also over a restart of the server', async (t) => {
    const home = await sharedHomeAssistant();
    const broker = await connectAsync(home.mqtt.url);
    t.after(() => broker.endAsync(true));
    const config = {
      ...{ unique_id: 'cellar_meter', object_id: 'cellar_meter', name: 'Cellar meter' },
      ...{ state_topic: 'cellar/power', availability_topic: 'cellar/available' },
      ...{ unit_of_measurement: 'W', device_class: 'power', state_class: 'measurement' },
    };
    const say = (topic: string, text: string, retain = true) => broker.publishAsync(topic, text, { retain });
    await say('homeassistant/sensor/cellar_meter/config', JSON.stringify(config));
    await say('cellar/available', 'online');
    const entity = 'sensor.cellar_meter';
    const stateIs = (state: string): Promise<void> =>
      until(`it is ${state}`, async () => (await home.state(entity))?.state === state);
    // nothing was ever measured: unknown
    await stateIs('unknown');
    const { source, heard, lines, hears } = follow(t, home, entity);
    await say('cellar/power', '410', false);
    await hears(410);
    await say('cellar/available', 'offline');
    await stateIs('unavailable');
    // whoever comes now hears nothing, however often it is asked whether that still holds
    const toldNothing = async (): Promise<void> => {
      const before = heard.length;
      const { heard: second, lines: said, asked } = follow(t, home, entity);
      await until('it was asked', () => asked() >= 4);
      assert.deepEqual([second, heard.length], [[], before]);
      assert.match(
        said.join('\n'),
        /^a sensor tells nothing .*it is (?:unavailable|unknown) in Home Assistant"}$/,
      );
    };
    await toldNothing();
    await say('cellar/available', 'online');
    await say('cellar/power', '420', false);
    await hears(420);
    await home.kill();
    await until('the server is missed', () => lines.some((line) => line.includes('is away')));
    await home.resume();
    await stateIs('unknown');
    await until('it is followed again', () => source.link().reopened >= 1);
    await toldNothing();
    await say('cellar/power', '430', false);
    await hears(430);
    assert.deepEqual([...new Set(heard.map(({ watts }) => watts))], [410, 420, 430]);
    assert.doesNotMatch(lines.join(''), new RegExp(home.token));
  });
});
