import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { descriptionOf } from '../../service/src/settings/description.ts';
import { variable } from '../../service/src/settings/problem.ts';
import { settingFields, settingGroups } from '../../service/src/settings/settings.ts';
import { PAGE, settingsPage } from './settings-page.ts';

const page = readFileSync(PAGE, 'utf8');

describe('docs/settings.md', () => {
  it('is what npm run docs:settings writes', async () => {
    assert.equal(page, await settingsPage(), 'run npm run docs:settings and commit docs/settings.md');
  });

  it('has each setting once, with what it takes and one plain line of what it does', () => {
    const grouped = settingGroups.flatMap(([, fields]) => Object.keys(fields));
    assert.deepEqual(grouped.toSorted(), Object.keys(settingFields).toSorted());
    for (const [key, field] of Object.entries(settingFields)) {
      const { does, takes } = descriptionOf(field);
      assert.match(does, /^\S.{8,139}$/, key);
      assert.notEqual(takes, '', key);
      const row = new RegExp(`^\\| \`${key}\` +\\| \`${variable(key)}\` +\\|`, 'gm');
      assert.equal(page.match(row)?.length, 1, key);
    }
  });

  it('names the option where there is one, and none of a secret', () => {
    assert.match(page, /^\| `price_per_kwh` +\| `LEFTON_PRICE_PER_KWH` +\| `--price-per-kwh` /m);
    assert.match(
      page,
      /^\| `metrics_port` +\| `LEFTON_METRICS_PORT` +\| `--metrics-port` of `lefton capture` /m,
    );
    assert.match(page, /^\| `schema_registry_password` +\| `LEFTON_SCHEMA_REGISTRY_PASSWORD` +\| secret /m);
    assert.match(page, /^\| `mqtt_discovery_prefix` +\| `LEFTON_MQTT_DISCOVERY_PREFIX` +\|  +\|/m);
  });
});
