import type { Reading } from '@lefton/core';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { dsmrTelegram } from '../../../pi/src/a-meter.test-data.ts';
import { Pty, withoutSocat } from '../../../pi/src/a-pty.test-data.ts';
import { aFolder, aLog, aService, until } from '../a-service.test-data.ts';
import { captureFor } from './capture.ts';
import { realPause } from '../runtime/clock.ts';
import { readSettings } from '../settings/read.ts';
import { kafkaSettings } from '../settings/kafka.ts';

describe('lefton serve with a meter', () => {
  it('scores what it hears on a serial line, in one process', { skip: withoutSocat }, async (t) => {
    const pty = await Pty.open(t);
    const { url, metrics } = await aService(t, { device: pty.device, protocol: 'dsmr' });
    let second = 0;
    await until('readings are scored', () => {
      pty.say(dsmrTelegram(second, 200 + (second++ % 10)));
      return (metrics.readings.by('verdict').ok ?? 0) > 20;
    });
    const asked = new URL('/api/readings', url);
    const answer = (await (await fetch(asked)).json()) as { meter: string; readings: { watts: number }[] };
    assert.equal(answer.meter, 'home');
    assert.ok(answer.readings.every(({ watts }) => watts >= 200 && watts < 210));
    await until('the link is told', async () => {
      const text = await (await fetch(new URL('/metrics', url))).text();
      return /^lefton_meter_frames_total\{source="dsmr [^"]+",quality="good"\} [1-9]/m.test(text);
    });
  });

  it('asks a device over HTTP as well, and says what is wrong with it', async (t) => {
    let answer = '{"total_act_power":321.5}';
    const device = createServer((_request, response) => response.end(answer));
    await new Promise<void>((resolve) => device.listen(0, '127.0.0.1', resolve));
    t.after(() => device.close());
    const poll_url = `http://127.0.0.1:${(device.address() as AddressInfo).port}/rpc/EM.GetStatus?id=0`;
    const { metrics, logged } = await aService(t, { pollUrl: poll_url });
    await until('it is heard', () => (metrics.readings.by('verdict').ok ?? 0) > 2);
    answer = '{"total_act_power":null}';
    await until('it is missed', () => logged.some((line) => line.includes('its answer tells no power')));
  });
});

describe('lefton capture for a service on another machine', () => {
  it(
    'brings what it hears by HTTP, and what waited while the service was away',
    { skip: withoutSocat },
    async (t) => {
      const pty = await Pty.open(t);
      const service = await aService(t);
      const spool = join(aFolder(t), 'spool.db');
      const flags = { device: pty.device, protocol: 'dsmr', meterClock: true, meter: 'attic', spool };
      const { log } = aLog();
      const from = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
      const heard = async (url: string, seconds: readonly number[]): Promise<void> => {
        const stopping = new AbortController();
        const spooled = new Set<number>();
        const parts = { log, pause: realPause, spooled: ({ watts }: Reading) => spooled.add(watts) };
        const [capture] = await captureFor(url, readSettings('any', flags, {}).settings, parts);
        assert.ok(capture !== undefined);
        const running = capture.run(stopping.signal);
        // one after the other: what was said before the line was open is lost, and nothing older is taken later
        for (const second of seconds)
          await until(`second ${second} is heard`, () => {
            pty.say(dsmrTelegram(second, 100 + second, from));
            return spooled.has(100 + second);
          });
        if (url === service.url) await until('all is there', () => capture.report().waiting === 0);
        stopping.abort();
        await running;
      };
      await heard('http://127.0.0.1:9', [1, 2, 3]);
      await heard(service.url, [4, 5]);
      await until('they are scored', () => (service.metrics.readings.by('verdict').ok ?? 0) >= 5);
      const asked = new URL('/api/readings?meter=attic', service.url);
      const { readings } = (await (await fetch(asked)).json()) as { readings: { watts: number }[] };
      assert.deepEqual([...new Set(readings.map(({ watts }) => watts))], [101, 102, 103, 104, 105]);
    },
  );
});

describe('settings of meters', () => {
  const wrong = (flags: Record<string, unknown>): string => {
    try {
      readSettings('any', flags, {});
      return 'nothing';
    } catch (error) {
      return String(error);
    }
  };

  it('say what is missing, all at once', () => {
    assert.match(wrong({ device: '/dev/ttyUSB0' }), /--device: needs protocol.*--detect/);
    assert.match(wrong({ mqttTopic: 'tele/meter/SENSOR' }), /LEFTON_MQTT_URL: is needed/);
    assert.match(wrong({ homeAssistantSensor: 'sensor.power' }), /LEFTON_HOME_ASSISTANT_URL: is needed/);
    assert.match(wrong({ jsonPath: 'a.b' }), /--json-path: needs mqtt_topic or poll_url/);
    assert.match(wrong({ pollUrl: 'http://u:secret@shelly/status' }), /no user or password/);
    assert.doesNotMatch(wrong({ pollUrl: 'http://u:secret@shelly/status' }), /secret/);
    assert.match(wrong({ pollUrl: 'http://a/', replay: 'x.csv' }), /--replay: has its own clock/);
    assert.match(wrong({ powerUnit: 'MW' }), /--power-unit/);
    for (const homeAssistantSensor of ['grid_power', 'sensor.a,sensor.b', 'Sensor.Grid'])
      assert.match(
        wrong({ homeAssistantSensor }),
        /--home-assistant-sensor: expected a sensor .*sensor\.grid_power/,
      );
    const gpio = { device: 'gpiochip0:17', protocol: 'pulse' };
    assert.match(wrong(gpio), /--impulses-per-kwh: is needed for pulses/);
    assert.match(wrong({ ...gpio, protocol: 'sml', impulsesPerKwh: '1000' }), /needs the protocol pulse/);
    assert.match(wrong({ ...gpio, impulsesPerKwh: '0' }), /--impulses-per-kwh/);
    assert.equal(wrong({ ...gpio, impulsesPerKwh: '1000', meterOptions: '{"edge":"rising"}' }), 'nothing');
  });

  it('may name a Home Assistant to hear a sensor, without telling anybody through it', () => {
    const home = { homeAssistantUrl: 'http://ha:8123', homeAssistantSensor: 'sensor.power' };
    assert.equal(
      readSettings('any', home, { LEFTON_HOME_ASSISTANT_TOKEN: 'x' }).settings.home_assistant_sensor,
      'sensor.power',
    );
  });

  it('say which file is not there, in place of its bare error', async () => {
    const { log } = aLog();
    const flags = { mqttUrl: 'mqtts://broker', mqttTopic: 'a', mqttCa: '/nowhere/ca.pem', spool: ':memory:' };
    const opening = captureFor('http://127.0.0.1:9', readSettings('any', flags, {}).settings, {
      log,
      pause: realPause,
    });
    await assert.rejects(opening, /the settings are not right:\n  mqtt_ca: no such file \/nowhere\/ca\.pem$/);
    for (const key of ['kafkaCa', 'kafkaCert', 'kafkaKey']) {
      const files = { kafkaCert: import.meta.filename, kafkaKey: import.meta.filename, [key]: '/nowhere/x' };
      const settings = readSettings('any', { ...files, kafkaBrokers: 'broker:9093' }, {}).settings;
      assert.throws(() => kafkaSettings(settings), /kafka_(ca|cert|key): no such file \/nowhere\/x$/);
    }
  });

  it('take several sources from the file, each for a meter of its own', () => {
    const serial = { type: 'serial', device: '/dev/a', protocol: 'sml', meter: 'house' };
    const mqtt = { type: 'http', url: 'http://shelly/status', meter: 'garage' };
    const { sources } = readSettings('any', { sources: JSON.stringify([serial, mqtt]) }, {}).settings;
    assert.deepEqual(
      sources.map(({ type }) => type),
      ['serial', 'http'],
    );
    assert.match(
      wrong({ sources: [serial, { ...mqtt, meter: 'house' }] }),
      /another meter for each source, found two of house: list/,
    );
    assert.match(wrong({ sources: [{ ...serial, speed: 1 }] }), /sources\.0\.speed: no such setting/);
  });

  it('are none where none are given', () => {
    assert.deepEqual(readSettings('any', {}, {}).settings.sources, []);
    assert.throws(() => readSettings('serve', { baud: 'fast' }, {}).settings, /--baud/);
  });
});
