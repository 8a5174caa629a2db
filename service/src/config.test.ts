import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, START } from './a-service.test-data.ts';
import { readSettings, tellable } from './config.ts';
import { SettingsError } from './settings-error.ts';

const TOKEN = 'a-secret-of-some-length';

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
    const settings = readSettings({ meter: 'flag', pricePerKwh: '0.31' }, env);
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
      () => readSettings(flags, { LEFTON_TOKN: TOKEN, LEFTON_TOKEN: 'short' }),
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
      () => readSettings({ config: file, pricePerKwh: 'much', stdinn: true }, env),
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
    assert.throws(() => readSettings({}, { LEFTON_TOKEN: 'short' }), /LEFTON_TOKEN: expected at least 16/);
    assert.throws(() => readSettings({}, {}), /--model: expected a model file/);
    for (const meter of ['Haus, unten', 'a "barn"', 'x\n', ''])
      assert.throws(() => readSettings({ model: 'm.json', meter }, {}), /--meter: /, meter);
  });

  it('go together', () => {
    const model = 'm.json';
    assert.throws(() => readSettings({ model, replay: 'a.csv', tail: 'b.csv' }, {}), /has its own clock/);
    assert.throws(() => readSettings({ model, from: '2026-01-05T00:00:00Z' }, {}), /is for a replay/);
    assert.throws(() => readSettings({ model, once: true }, {}), /once/);
    assert.throws(
      () => readSettings({ model, refit: 'weekly', replay: 'a.csv' }, {}),
      /--refit: learns from/,
    );
    assert.equal(readSettings({ model, refitHour: '3' }, {}).refit_hour, 3);
    const { from, speed } = readSettings(
      { model, replay: 'a', from: '2026-01-05T00:00:00Z', speed: 'max' },
      {},
    );
    assert.deepEqual([from, speed], [START, Infinity]);
  });

  it('of a fleet need no model file, and say what cannot stand beside a store', () => {
    assert.equal(readSettings({ modelStore: 'fleet.db', cohort: 'flats' }, {}).model, undefined);
    assert.throws(() => readSettings({ cohort: 'flats', model: 'm.json' }, {}), /--cohort: .*model_store/);
    assert.throws(() => readSettings({ modelStore: 'f.db', model: 'm.json' }, {}), /not together with model/);
    assert.throws(() => readSettings({ modelStore: 'f.db', refit: 'weekly' }, {}), /lefton fleet import/);
  });

  it('are told without the token', () => {
    const settings = readSettings({ model: 'm.json' }, { LEFTON_TOKEN: TOKEN });
    assert.ok(!JSON.stringify(tellable(settings)).includes(TOKEN));
  });

  it('of a file that is not there or no JSON object are one clear error', (t) => {
    const file = join(aFolder(t), 'config.json');
    assert.throws(() => readSettings({ config: file }, {}), /no such file/);
    writeFileSync(file, '[]');
    assert.throws(() => readSettings({ config: file }, {}), /expected a JSON object/);
  });
});
