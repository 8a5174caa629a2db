import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../scripts/home-assistant/for-tests.ts';
import type { HomeAssistant } from '../../../scripts/home-assistant/home-assistant.ts';
import { realPause } from '../a-capture.test-data.ts';
import { findingsOf } from './finding.ts';
import type { MeterFinding } from './finding.ts';
import { hear } from './hearing.ts';

const LONG_MS = 20_000;
/** A Home Assistant on a busy machine answers well within. */
const SHORT_MS = 3_000;

const reachable = ({ url, token }: HomeAssistant): { url: string; token: string } => ({ url, token });

async function set(home: HomeAssistant, entity: string, state: string, unit?: string): Promise<void> {
  const attributes = unit === undefined ? {} : { unit_of_measurement: unit, device_class: 'power' };
  const response = await fetch(`${home.url}/api/states/${entity}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${home.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state, attributes }),
  });
  assert.ok(response.ok, `${response.status}`);
}

describe(
  'a sensor of a real Home Assistant, listened to for a while',
  { skip: withoutHomeAssistant() },
  () => {
    const found = async (
      server: { url: string; token: string },
      entity: string,
      limitMs: number,
    ): Promise<MeterFinding> => {
      const { signal } = new AbortController();
      const hearing = await hear(
        { type: 'home_assistant', meter: 'home', inverted: false, entity, hold_s: 3_600 },
        { mqtt: null, homeAssistant: server },
        { limitMs, mostW: 10_000, pause: realPause, signal },
      );
      const [finding] = findingsOf(hearing);
      assert.ok(finding !== undefined);
      return finding;
    };

    it('is heard as it stands, in its own unit', async () => {
      const home = await sharedHomeAssistant();
      await set(home, 'sensor.checked_power', '1.25', 'kW');
      const heard = await found(reachable(home), 'sensor.checked_power', LONG_MS);
      assert.deepEqual([heard.state, heard.ok, heard.power_w], ['heard', true, 1_250]);
      await set(home, 'sensor.checked_energy', '12.5', 'kWh');
      const register = await found(reachable(home), 'sensor.checked_energy', SHORT_MS);
      assert.deepEqual([register.state, register.ok], ['register', true]);
      assert.match(register.found, /register 12\.5 kWh/);
    });

    it('is told with the reason where it is not there, without a unit, of another one, or unavailable', async () => {
      const home = await sharedHomeAssistant();
      const says = async (entity: string, reason: RegExp): Promise<void> => {
        const { state, ok, found: text } = await found(reachable(home), entity, SHORT_MS);
        assert.deepEqual([state, ok], ['silent', false], text);
        assert.match(text, reason);
      };
      await says('sensor.checked_pwoer', /there is no such sensor/);
      await set(home, 'sensor.checked_bare', '230');
      await says('sensor.checked_bare', /it has no unit, and should have W, kW/);
      await set(home, 'sensor.checked_volts', '230', 'V');
      await says('sensor.checked_volts', /its unit is V, not W/);
      for (const state of ['unavailable', 'unknown']) {
        await set(home, 'sensor.checked_gone', state, 'W');
        await says('sensor.checked_gone', new RegExp(`it is ${state} in Home Assistant`));
      }
    });

    it('behind a token that is refused, or an address where nobody is, cannot be had', async () => {
      const home = await sharedHomeAssistant();
      const refused = await found({ url: home.url, token: 'wrong' }, 'sensor.x', LONG_MS);
      assert.deepEqual([refused.state, refused.ok], ['away', false]);
      assert.match(refused.found, /it refuses the token/);
      const nobody = await found({ url: 'http://127.0.0.1:39999', token: 'x' }, 'sensor.x', LONG_MS);
      assert.match(nobody.found, /ECONNREFUSED/);
    });
  },
);
