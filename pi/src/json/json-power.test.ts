import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jsonTelegram } from './json-power.ts';
import type { JsonPlace, PowerUnit } from './json-power.ts';

const told = (json: unknown, place: Partial<JsonPlace> = {}) => {
  const text = typeof json === 'string' ? json : JSON.stringify(json);
  const telegram = jsonTelegram(text, { path: null, unit: 'W', ...place });
  return telegram === undefined ? undefined : [telegram.watts, telegram.energyWh, telegram.apparentVa];
};

describe('JSON', () => {
  it('that is nested without end tells nothing, and ends nothing', () => {
    for (const key of ['params', 'StatusSNS', 'em:0'])
      assert.equal(told(`{"${key}":`.repeat(10_000) + '1' + '}'.repeat(10_000)), undefined);
  });

  it('of Tasmota, Shelly, HomeWizard and Zigbee2MQTT tells power, and the register where it has one', () => {
    const cases: [unknown, unknown][] = [
      [{ Time: 'x', ENERGY: { Total: 12.5, Power: 230, ApparentPower: 250 } }, [230, 12_500, null]],
      [{ ENERGY: { Total: [1, 2], Power: [10, 20] } }, [30, 3_000, null]],
      [{ StatusSNS: { ENERGY: { Total: 1, Power: 5 } } }, [5, 1_000, null]],
      [{ emeters: [{ power: 1.5, is_valid: true }, { power: -2 }, { power: 3 }] }, [2.5, null, null]],
      [{ meters: [{ power: 60.2, total: 99 }] }, [60.2, null, null]],
      [{ power: 12.3, is_valid: true, total: 5 }, [12.3, null, null]],
      [{ id: 0, a_act_power: 1, total_act_power: 321.5 }, [321.5, null, null]],
      [{ id: 0, apower: 40.1, aenergy: { total: 777 } }, [40.1, 777, null]],
      [{ method: 'NotifyStatus', params: { ts: 1, 'em:0': { total_act_power: 9 } } }, [9, null, null]],
      [
        { active_power_w: -543, active_power_l1_w: -676, total_power_import_kwh: 13_779.3 },
        [-543, 13_779_300, null],
      ],
      [{ active_power_w: 12, total_power_import_t1_kwh: 1 }, [12, null, null]],
      [{ power: 81, energy: 3.5, linkquality: 90 }, [81, 3_500, null]],
      ['230.5', [230.5, null, null]],
    ];
    for (const [json, expected] of cases) assert.deepEqual(told(json), expected, JSON.stringify(json));
  });

  it('that tells no power is a gap, and never 0 W (needs 26)', () => {
    for (const json of [
      ...['unavailable', 'unknown', '', 'NaN', '{"power":', null, [], {}, true],
      { ENERGY: { Total: 1 } },
      { ENERGY: { Power: [10, null] } },
      { emeters: [{ power: 1 }, { power: 2, is_valid: false }] },
      { emeters: [] },
      { power: null },
      { active_power_w: null, total_power_import_kwh: 1 },
      { power: 'unavailable' },
      { act_power: 1, errors: ['power_meter_failure'] },
    ])
      assert.equal(told(json), undefined, JSON.stringify(json));
  });

  it('is read at a path, in the unit that was said: nothing is guessed from how large it is', () => {
    const json = { a: [{ 'b c': '1.5' }], t: 7 };
    const at = (unit: PowerUnit) => told(json, { path: 'a.0.b c', unit });
    assert.deepEqual(at('W'), [1.5, null, null]);
    assert.deepEqual(at('kW'), [1_500, null, null]);
    assert.deepEqual(at('VA'), [null, null, 1.5]);
    assert.deepEqual(at('Wh'), [null, 1.5, null]);
    assert.deepEqual(at('kWh'), [null, 1_500, null]);
    for (const path of ['a.1.b c', 'x', 't.length', 'a.length', '__proto__', 'constructor.name'])
      assert.equal(told(json, { path }), undefined, path);
  });
});
