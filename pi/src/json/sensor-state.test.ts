import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SensorState } from './sensor-state.ts';

const WALL = Date.UTC(2026, 0, 5);
/** So many ms after the beginning, by both clocks. */
const at = (ms: number) => ({ monotonic: ms, wall: WALL + ms });
const secondsAt = (ms: number) => (WALL + ms) / 1_000;

const whole = (s: string, unit?: string | null, more: object = {}) => ({
  a: {
    'sensor.power': { s, a: unit === undefined ? {} : { unit_of_measurement: unit }, ...more },
    'sensor.other': { s: '1', a: {} },
  },
});
const change = (fields: object) => ({ c: { 'sensor.power': fields } });
const aSensor = () => new SensorState('sensor.power', 1_000);

describe('a sensor of Home Assistant', () => {
  it('has its unit from its attributes, and changes', () => {
    const sensor = aSensor();
    assert.ok(sensor.take(whole('1.2', 'kW'), at(0)));
    assert.equal(sensor.telegram(0)?.watts, 1_200);
    assert.ok(sensor.take(change({ '+': { s: '0.3', lc: 1 } }), at(1)));
    assert.equal(sensor.telegram(1)?.watts, 300);
    assert.equal(sensor.take({ c: { 'sensor.other': { '+': { s: '9' } } } }, at(2)), false);
    sensor.take(whole('3', 'kWh'), at(3));
    assert.equal(sensor.telegram(3)?.energyWh, 3_000);
  });

  it('that loses its unit is a gap: 2100 W are not 2100 kW', () => {
    for (const lost of [change({ '+': { s: '2100' }, '-': { a: ['unit_of_measurement'] } }), whole('2100')]) {
      const sensor = aSensor();
      sensor.take(whole('2', 'kW'), at(0));
      assert.ok(sensor.take(lost, at(1)));
      assert.equal(sensor.telegram(1), undefined);
      assert.match(sensor.trouble(1) ?? '', /no unit/);
    }
  });

  it('that is unavailable, unknown or gone is a gap (needs 26, 27, 29)', () => {
    const sensor = aSensor();
    sensor.take(whole('350', 'W'), at(0));
    const after = ['unavailable', 'unknown', '350'].map((s, n) => {
      sensor.take(change({ '+': { s } }), at(n));
      return sensor.telegram(n)?.watts;
    });
    assert.deepEqual(after, [undefined, undefined, 350]);
    assert.ok(sensor.take({ r: ['sensor.power'] }, at(4)));
    assert.equal(sensor.telegram(4), undefined);
    sensor.take(whole('360', 'W'), at(5));
    assert.equal(sensor.telegram(5)?.watts, 360);
  });

  it('holds what has not changed, but not for ever (needs 1, 48)', () => {
    const sensor = aSensor();
    sensor.take(whole('400', 'W'), at(0));
    assert.equal(sensor.telegram(1_000)?.watts, 400);
    assert.equal(sensor.telegram(1_001), undefined);
  });

  it('that died before it was asked for holds no longer than if it had been heard then', () => {
    const sensor = aSensor();
    sensor.take(whole('2000', 'W', { lc: secondsAt(-600) }), at(0));
    assert.deepEqual([sensor.telegram(400)?.watts, sensor.telegram(401)], [2_000, undefined]);
    assert.match(sensor.trouble(401) ?? '', /has not changed for 1 s/);
    // it was told again since it changed
    sensor.take(whole('2000', 'W', { lc: secondsAt(-5_000), lu: secondsAt(-500) }), at(0));
    assert.equal(sensor.telegram(401)?.watts, 2_000);
    // a machine without a battery wakes in the past
    sensor.take(whole('2000', 'W', { lc: secondsAt(86_400_000) }), at(0));
    assert.deepEqual([sensor.telegram(1_000)?.watts, sensor.telegram(1_001)], [2_000, undefined]);
  });

  it('says why it tells nothing, and nothing where it tells', () => {
    const sensor = aSensor();
    assert.match(sensor.trouble(0) ?? '', /no such sensor/);
    for (const [event, why] of [
      [whole('21', '°C'), /its unit is °C, not W, kW/],
      [whole('350'), /has no unit/],
      [whole('1,234.5', 'W'), /is no number/],
      [whole('unavailable', 'W'), /is unavailable in Home Assistant/],
      [whole('350', 'W'), undefined],
      // renamed there
      [{ r: ['sensor.power'] }, /no such sensor/],
    ] as const) {
      sensor.take(event, at(0));
      const trouble = sensor.trouble(0);
      assert.equal(trouble === undefined, sensor.telegram(0) !== undefined);
      if (why === undefined) assert.equal(trouble, undefined);
      else assert.match(trouble ?? '', why);
    }
    for (const event of [null, 1, [], { a: 1 }, { c: 2 }]) assert.equal(sensor.take(event, at(0)), false);
    assert.ok(sensor.take(change({ '+': null, '-': 3 }), at(0)));
  });
});
