import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, START } from '../a-service.test-data.ts';
import { readSettings } from './read.ts';
import { tellable } from './rows.ts';
import type { Settings } from './settings.ts';
import { SettingsError } from './error.ts';

const TOKEN = 'a-secret-of-some-length';
const KEYS = ['model', ...Object.keys(readSettings('any', {}, {}).settings)];

/** The settings with this key alone, or what is wrong with it. */
function reading(key: string, text: string): [Settings | undefined, readonly string[]] {
  try {
    return [readSettings('any', {}, { [`LEFTON_${key.toUpperCase()}`]: text }).settings, []];
  } catch (error) {
    return error instanceof SettingsError ? [undefined, error.problems] : assert.fail(String(error));
  }
}

describe('the settings', () => {
  it('come from flags, over environment, over the file', (t) => {
    const file = join(aFolder(t), 'config.json');
    writeFileSync(
      file,
      JSON.stringify({ model: 'file.json', port: 1, meter: 'file', allow_host: ['pi.local'] }),
    );
    const env = {
      LEFTON_CONFIG: file,
      LEFTON_PORT: '2',
      LEFTON_METER: 'env',
      LEFTON_JSON: 'true',
      PATH: '/bin',
    };
    const settings = readSettings('serve', { meter: 'flag', pricePerKwh: '0.31' }, env).settings;
    const { model, port, meter, allow_host, json, price_per_kwh, host } = settings;
    assert.deepEqual(
      { model, port, meter, allow_host, json, price_per_kwh, host },
      {
        model: 'file.json',
        port: 2,
        meter: 'flag',
        allow_host: ['pi.local'],
        json: true,
        price_per_kwh: 0.31,
        host: '127.0.0.1',
      },
    );
  });

  it('say everything that is wrong at once, unknown keys too', () => {
    const flags = { port: 'many', from: 'yesterday', speed: '-1' };
    assert.throws(
      () => readSettings('serve', flags, { LEFTON_TOKN: TOKEN, LEFTON_TOKEN: 'short' }).settings,
      (error) => {
        assert.ok(error instanceof SettingsError);
        for (const name of ['--model', '--port', '--from', '--speed', 'LEFTON_TOKEN', 'LEFTON_TOKN']) {
          assert.ok(
            error.problems.some((problem) => problem.startsWith(`${name}: `)),
            `${name} in ${error.message}`,
          );
        }
        assert.ok(!error.message.includes(TOKEN) && !error.message.includes('short'));
        return true;
      },
    );
  });

  it('are named as the person wrote them, and a mistyped one with what may have been meant', (t) => {
    const file = join(aFolder(t), 'config.json');
    writeFileSync(
      file,
      JSON.stringify({ model: 'm.json', retention_day: 30, main_fuse_w: -1, allow_host: [1] }),
    );
    const env = {
      LEFTON_PRICE_PER_KWHH: '0.3',
      LEFTON_PORT: 'many',
      LEFTON_COLOUR: 'red',
      LEFTON_CONFGI: file,
      LEFTON_speed: 'fast',
    };
    assert.throws(
      () => readSettings('serve', { config: file, pricePerKwh: 'much', stdinn: true }, env).settings,
      (error) => {
        assert.ok(error instanceof SettingsError);
        const names = error.problems.map((problem) =>
          problem.replace(/: (?:Invalid|Too small|expected).*/, ''),
        );
        assert.deepEqual(
          names.sort(),
          [
            '--price-per-kwh',
            '--stdinn: no such setting; did you mean --stdin?',
            `${file}: "allow_host".0`,
            `${file}: "main_fuse_w"`,
            `${file}: "retention_day": no such setting; did you mean "retention_days"?`,
            'LEFTON_COLOUR: no such setting',
            'LEFTON_CONFGI: no such setting; did you mean LEFTON_CONFIG?',
            'LEFTON_speed',
            'LEFTON_PORT',
            'LEFTON_PRICE_PER_KWHH: no such setting; did you mean LEFTON_PRICE_PER_KWH?',
          ].sort(),
        );
        return true;
      },
    );
  });

  it('say which variable holds a secret that is too short, and that a needed flag is lacking', () => {
    assert.throws(
      () => readSettings('serve', {}, { LEFTON_TOKEN: 'short' }).settings,
      /LEFTON_TOKEN: expected at least 16/,
    );
    assert.throws(() => readSettings('serve', {}, {}).settings, /--model: expected a model file/);
    for (const meter of ['Haus, unten', 'a "barn"', 'x\n', ''])
      assert.throws(() => readSettings('serve', { model: 'm.json', meter }, {}).settings, /--meter: /, meter);
  });

  it('name what is lacking as an option where a command has it, else as the variable that there is', () => {
    const lacking = (env: Record<string, string>): readonly string[] => {
      try {
        readSettings('capture', {}, { LEFTON_SERVICE_URL: 'http://pi.local:7420', ...env });
      } catch (error) {
        if (error instanceof SettingsError) return error.problems;
      }
      return assert.fail('nothing is lacking');
    };
    assert.deepEqual(lacking({ LEFTON_MQTT_TOPIC: 'power' }), ['LEFTON_MQTT_URL: is needed to hear a topic']);
    assert.deepEqual(lacking({ LEFTON_HOME_ASSISTANT_SENSOR: 'sensor.power' }), [
      'LEFTON_HOME_ASSISTANT_URL: is needed to hear a sensor',
    ]);
    assert.match(lacking({}).join(), /^--device: expected it/);
  });

  it('say which setting it is where the variable that names the file is empty', () => {
    assert.throws(
      () => readSettings('serve', {}, { LEFTON_CONFIG: '' }).settings,
      /LEFTON_CONFIG or --config: ENOENT/,
    );
  });

  it('take no token that a header cannot carry, as no program could ever send it', () => {
    for (const token of [
      'schlüssel-für-das-haus',
      'two lines of\na token',
      ' a blank in front of it',
      'tab\tin a token of it',
    ])
      assert.throws(
        () => readSettings('serve', {}, { LEFTON_TOKEN: token }).settings,
        /LEFTON_TOKEN: expected what a header can carry/,
      );
    const { token } = readSettings(
      'serve',
      { model: 'm.json' },
      { LEFTON_TOKEN: 'words with blanks: "fine" {too}' },
    ).settings;
    assert.equal(token, 'words with blanks: "fine" {too}');
  });

  it('name whom the ingress is believed from by IP addresses and networks', () => {
    const of = (ingressFrom: string): readonly string[] =>
      readSettings('serve', { model: 'm.json', ingressFrom }, {}).settings.ingress_from;
    assert.deepEqual(of('172.30.32.2, fd00::/64'), ['172.30.32.2', 'fd00::/64']);
    assert.deepEqual([of(''), of('172.30.32.2,')], [[], ['172.30.32.2']]);
    for (const wrong of ['supervisor', '172.30.32.2:80', '172.30.32.0/40', 'fe80::1%eth0'])
      assert.throws(() => of(wrong), /--ingress-from\S*: expected IP addresses, or networks/, wrong);
  });

  it('are refused where one makes no sense with another', () => {
    const model = 'm.json';
    assert.throws(
      () => readSettings('serve', { model, replay: 'a.csv', tail: 'b.csv' }, {}).settings,
      /has its own clock/,
    );
    assert.throws(
      () => readSettings('serve', { model, from: '2026-01-05T00:00:00Z' }, {}).settings,
      /is for a replay/,
    );
    assert.throws(() => readSettings('serve', { model, once: true }, {}).settings, /once/);
    assert.throws(
      () => readSettings('serve', { model, refit: 'weekly', replay: 'a.csv' }, {}).settings,
      /--refit: learns from/,
    );
    assert.equal(readSettings('serve', { model, refitHour: '3' }, {}).settings.refit_hour, 3);
    const { from, speed } = readSettings(
      'serve',
      { model, replay: 'a', from: '2026-01-05T00:00:00Z', speed: 'max' },
      {},
    ).settings;
    assert.deepEqual([from, speed], [START, Infinity]);
  });

  it('that let others than this machine connect need a token, or an ingress that is believed', () => {
    const serve = (env: object): unknown =>
      readSettings('serve', { model: 'm.json' }, { LEFTON_HOST: '0.0.0.0', ...env });
    const lacking = /LEFTON_HOST: lets others .* needs a token/;
    assert.throws(() => serve({}), lacking);
    assert.doesNotThrow(() => serve({ LEFTON_TOKEN: 'a-secret-of-some-length' }));
    assert.doesNotThrow(() => serve({ LEFTON_INGRESS_FROM: '172.30.32.2' }));
    assert.doesNotThrow(() => serve({ LEFTON_HOST: '127.0.0.2' }));
    const capture = (env: object): unknown =>
      readSettings('capture', { stdin: true, kafkaBrokers: 'b:1' }, { LEFTON_HOST: '0.0.0.0', ...env });
    assert.doesNotThrow(() => capture({}), 'it listens where it is asked to alone');
    assert.throws(() => capture({ LEFTON_METRICS_PORT: '7421' }), lacking);
    assert.throws(
      () => capture({ LEFTON_METRICS_PORT: '7421', LEFTON_INGRESS_FROM: '172.30.32.2' }),
      lacking,
    );
  });

  it('of a fleet need no model file, and say what cannot stand beside a store', () => {
    assert.equal(
      readSettings('serve', { modelStore: 'fleet.db', cohort: 'flats' }, {}).settings.model,
      undefined,
    );
    assert.throws(
      () => readSettings('serve', { cohort: 'flats', model: 'm.json' }, {}).settings,
      /--cohort: .*model_store/,
    );
    assert.throws(
      () => readSettings('serve', { modelStore: 'f.db', model: 'm.json' }, {}).settings,
      /not together with model/,
    );
    assert.throws(
      () => readSettings('serve', { modelStore: 'f.db', refit: 'weekly' }, {}).settings,
      /lefton fleet import/,
    );
  });

  it('are told without the token', () => {
    const settings = readSettings('serve', { model: 'm.json' }, { LEFTON_TOKEN: TOKEN }).settings;
    assert.ok(!JSON.stringify(tellable(settings)).includes(TOKEN));
  });

  it('are told with an instant as people read it', () => {
    const given = { model: 'm.json', replay: 'h.csv', from: '2026-03-24T00:00:00+01:00' };
    assert.equal(tellable(readSettings('serve', given, {}).settings).from, '2026-03-23T23:00:00Z');
  });

  for (const scheme of ['http', 'mqtt'])
    it(`never tell user, password or query of an ${scheme} address, whichever key has it`, () => {
      for (const login of ['', 'user-geheim:geheim@']) {
        const address = `${scheme}://${login}host:1/x?key=geheim#geheim`;
        const source = JSON.stringify([{ type: 'http', url: address, every_s: 5 }]);
        for (const [key, text] of [
          ...KEYS.map((each) => [each, address] as const),
          ['sources', source] as const,
        ]) {
          const [settings, problems] = reading(key, text);
          const told = JSON.stringify(settings === undefined ? problems : tellable(settings));
          assert.ok(!told.includes('geheim'), `${key}: ${told}`);
        }
      }
    });

  it('take an address with user and password only where it is a secret, or the registry that asks for them', () => {
    const wrong = (key: string, text: string): boolean =>
      reading(key, text)[1].some((problem) => /^LEFTON_\w+: expected (?:an \S+ URL|no user)/.test(problem));
    const addresses = KEYS.filter((key) => wrong(key, 'no address'));
    assert.ok(addresses.length > 8, addresses.join());
    const taken = addresses.filter(
      (key) => !wrong(key, `${key === 'mqtt_url' ? 'mqtt' : 'http'}://user:pass@host:1`),
    );
    assert.deepEqual(taken.sort(), ['schema_registry_url', 'webhook_url']);
    const [, problems] = reading('sources', '[{"type":"http","url":"http://user:pass@host"}]');
    assert.deepEqual(problems, ['LEFTON_SOURCES.0.url: expected no user or password in it']);
  });

  it('of a file that is not there or no JSON object are one clear error', (t) => {
    const file = join(aFolder(t), 'config.json');
    assert.throws(() => readSettings('serve', { config: file }, {}).settings, /no such file/);
    writeFileSync(file, '[]');
    assert.throws(() => readSettings('serve', { config: file }, {}).settings, /expected a JSON object/);
  });
});
