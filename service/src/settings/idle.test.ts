import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aLog } from '../a-service.test-data.ts';
import { readSettings } from './read.ts';
import { captureAlone, idleSettings, serveAlone, tellIdle } from './idle.ts';

describe('settings that do nothing', () => {
  it('of a capture are refused by serve, with the place and what to do', (t) => {
    const file = join(aFolder(t), 'lefton.json');
    writeFileSync(file, JSON.stringify({ model: 'm.json', metrics_port: 7421 }));
    assert.throws(() => readSettings('serve', { config: file }, {}), {
      name: 'SettingsError',
      message: new RegExp(`${file}: "metrics_port": is for lefton capture: .* port, /metrics`),
    });
    assert.throws(
      () => readSettings('serve', { model: 'm.json' }, { LEFTON_SERVICE_URL: 'http://pi.local' }),
      /LEFTON_SERVICE_URL: is for lefton capture/,
    );
    // the same file is fine for what looks at it for others
    assert.equal(readSettings('any', { config: file }, {}).settings.metrics_port, 7421);
    assert.deepEqual(Object.keys(captureAlone), ['metrics_port', 'service_url']);
  });

  it('of serve are told by a capture, which goes on', () => {
    const { settings, sources } = readSettings(
      'capture',
      { kafkaBrokers: 'broker:9092', tail: 'a.csv' },
      { LEFTON_ALERT_AT: '2', LEFTON_HOST: '0.0.0.0', LEFTON_METER: 'barn' },
    );
    const { log, lines } = aLog();
    tellIdle(settings, sources, 'capture', log);
    assert.equal(lines.length, 1);
    assert.match(
      lines[0] ?? '',
      /"warn".*LEFTON_ALERT_AT: is for lefton serve; LEFTON_HOST: does nothing without metrics_port"/,
    );
  });

  it('of what a capture does not bring to a service are refused', () => {
    const service = { serviceUrl: 'http://pi.local' };
    assert.throws(
      () => readSettings('capture', { ...service, tail: 'a.csv' }, {}),
      /--service-url: brings what meters say/,
    );
    assert.throws(
      () => readSettings('capture', { ...service, kafkaBrokers: 'broker:9092' }, {}),
      /--service-url: is in place of Kafka/,
    );
  });

  it('for want of another are told by that one, and only where they are written', () => {
    const { settings, sources } = readSettings(
      'any',
      { speed: '2', model: 'm.json' },
      {
        LEFTON_KAFKA_PREFIX: 'a-',
        LEFTON_REFIT_HOUR: '3',
        LEFTON_POWER_UNIT: 'kW',
        LEFTON_SPOOL_MOST: '1000',
      },
    );
    assert.deepEqual(idleSettings(settings, sources, 'serve').sort(), [
      '--speed: does nothing without replay',
      'LEFTON_KAFKA_PREFIX: does nothing without kafka_brokers',
      'LEFTON_POWER_UNIT: does nothing without mqtt_topic or poll_url',
      'LEFTON_REFIT_HOUR: does nothing without refit',
      'LEFTON_SPOOL_MOST: does nothing without sources or device or mqtt_topic or home_assistant_sensor or poll_url',
    ]);
    const whole = readSettings('any', { speed: '2', replay: 'a.csv' }, { LEFTON_REFIT: 'off' });
    assert.deepEqual(idleSettings(whole.settings, whole.sources, 'serve'), []);
  });

  it('are known of each setting there is: this list is to be looked at when one is added', () => {
    const both = [
      ...['meter', 'host', 'token', 'allow_host', 'tail', 'stdin', 'replay', 'speed', 'from', 'once', 'json'],
      ...['main_fuse_w', 'traces_url', 'traces_ratio'],
      ...['device', 'protocol', 'baud', 'meter_options', 'impulses_per_kwh', 'meter_clock', 'inverted'],
      ...['mqtt_topic', 'home_assistant_sensor', 'hold_s', 'poll_url', 'poll_s', 'json_path', 'power_unit'],
      ...['sources', 'spool', 'spool_most', 'spool_full', 'drain_per_s'],
      ...['kafka_brokers', 'kafka_prefix', 'kafka_tls', 'kafka_ca', 'kafka_cert', 'kafka_key'],
      ...['kafka_mechanism', 'kafka_username', 'kafka_password'],
      ...['schema_registry_url', 'schema_registry_username', 'schema_registry_password'],
      ...['home_assistant_url', 'home_assistant_token'],
      ...['mqtt_url', 'mqtt_username', 'mqtt_password', 'mqtt_ca'],
    ];
    const known = [...both, ...Object.keys(captureAlone), ...serveAlone].sort();
    assert.deepEqual(known, ['model', ...Object.keys(readSettings('any', {}, {}).settings)].sort());
  });
});
