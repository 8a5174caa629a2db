import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { HOUR, watts, wattHours } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { aFolder, START } from '../a-service.test-data.ts';
import { holidayDays } from './holidays.ts';
import { readLabels } from './labels-input.ts';
import { Database } from '../sqlite/database.ts';
import { EpisodesTable } from '../store/episodes-table.ts';
import { readWindows } from './windows-file.ts';

function event(type: AnomalyEvent['type'], since: number, at: number, meter = 'home'): AnomalyEvent {
  return {
    type,
    episode: `${meter}@${since}`,
    meter,
    at,
    hour: 3,
    day: 1,
    watts: watts(2000),
    meanWatts: null,
    usualWatts: watts(200),
    score: 1,
    since,
    until: type === 'closed' ? at : null,
    longestMs: null,
    excessWh: wattHours(10),
    cost: null,
    why: '',
  };
}

test('what people answered to alerts becomes windows for the next fit, also while the service runs', (t) => {
  const file = join(aFolder(t), 'lefton.db');
  const db = new Database(file);
  t.after(() => {
    db.close();
  });
  const episodes = new EpisodesTable(db);
  for (const [since, meter] of [
    [START, 'home'],
    [START + 5 * HOUR, 'home'],
    [START, 'shed'],
  ] as const) {
    episodes.apply(event('opened', since, since + HOUR, meter));
    episodes.apply(event('closed', since, since + 2 * HOUR, meter));
    episodes.label(`${meter}@${since}`, since === START ? 'fine' : 'left_on', START);
  }
  episodes.apply(event('opened', START + 9 * HOUR, START + 10 * HOUR));
  episodes.label(`home@${START + 9 * HOUR}`, 'fine', START);
  episodes.apply(event('opened', START + 20 * HOUR, START + 21 * HOUR));
  episodes.label(`home@${START + 20 * HOUR}`, 'left_on', START);
  assert.deepEqual(readLabels(file, 'home'), [
    { from: START, to: START + 2 * HOUR, label: 'fine' },
    { from: START + 5 * HOUR, to: START + 7 * HOUR, label: 'left_on' },
    { from: START + 20 * HOUR, to: Infinity, label: 'left_on' },
  ]);
});

test('a file that is no database of the service is one clear error', (t) => {
  const folder = aFolder(t);
  const file = join(folder, 'other.db');
  writeFileSync(file, 'not a database, for sure');
  assert.throws(() => readLabels(file, 'home'), /other\.db: expected the database of lefton serve/);
  assert.throws(() => readLabels(join(folder, 'none.db'), 'home'), /none\.db/);
});

test('windows are read with their labels, and a wrong one is named by its place', (t) => {
  const file = join(aFolder(t), 'windows.json');
  writeFileSync(
    file,
    '[{"from":"2026-01-01T00:00Z","to":"2026-01-02T00:00Z","label":"away"},{"from":"2026-01-03T00:00Z","to":"2026-01-04T00:00Z"}]',
  );
  assert.deepEqual(
    readWindows(file).map(({ label }) => label),
    ['away', 'left_on'],
  );
  writeFileSync(file, '[{"from":"2026-01-01","to":"2026-01-02T00:00Z"}]');
  assert.throws(() => readWindows(file), /windows\.json\[0\]\.from: expected an instant with offset or Z/);
  writeFileSync(file, '[{"from":"2026-01-01T00:00Z","to":"2026-01-02T00:00Z","label":"gone"}]');
  assert.throws(() => readWindows(file), /windows\.json\[0\]\.label: expected "fine" or .*, found "gone"/);
  writeFileSync(file, '[{"from":"2026-01-02T00:00Z","to":"2026-01-01T00:00Z","label":"away"}]');
  assert.throws(
    () => readWindows(file),
    /windows\.json\[0\]\.to: expected an instant after its from, found "2026/,
  );
  writeFileSync(file, '[{"to":"2026-01-02T00:00Z"}]');
  assert.throws(() => readWindows(file), /windows\.json\[0\]\.from: expected a text, found nothing/);
  writeFileSync(file, '{');
  assert.throws(() => readWindows(file), /expected a JSON list/);
});

test('holidays are dates, and anything else is refused', () => {
  assert.deepEqual(holidayDays('2025-12-25, 2026-01-01'), [20_447, 20_454]);
  assert.throws(() => holidayDays('25 December'), /--holidays: expected dates like/);
});
