import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { backtest, defaultPolicy, fit, parseInstant, sentence, toRecord, wordsIn, Zone } from '@lefton/core';
import { importHistory } from '@lefton/history';
import { eventOf } from '../service/src/records/event-format.ts';
import { readWindows } from '../service/src/cli/windows-file.ts';

const GOLDEN = new URL('golden/sample-house.jsonl', import.meta.url);
const HOUSE = new URL('../data/sample-house/', import.meta.url);
const FROM = parseInstant('2026-03-24T00:00:00+01:00') ?? NaN;

async function replay(): Promise<string[]> {
  const bytes = gunzipSync(readFileSync(new URL('readings.csv.gz', HOUSE)));
  const history = await importHistory([bytes], { place: 'sample house' });
  const model = fit(history, {
    zone: 'Europe/Amsterdam',
    meter: 'home',
    until: FROM,
    falseAlarmsPerMonth: 0.5,
    fittedOn: 'sample house',
    sha256: null,
    software: 'test',
  });
  const zone = new Zone(model.zone);
  const events = [
    ...backtest(history, model, {
      meter: 'home',
      policy: { ...defaultPolicy, pricePerKwh: 0.3 },
      from: FROM,
    }),
  ];
  return events.map((event) => JSON.stringify({ ...toRecord(event), sentence: sentence(event, zone) }));
}

test('the days of the demo tell what they have always told, from the import to the sentence', async () => {
  const told = await replay();
  if (process.env.LEFTON_GOLDEN === 'write') writeFileSync(GOLDEN, `${told.join('\n')}\n`);
  assert.deepEqual(told, readFileSync(GOLDEN, 'utf8').trimEnd().split('\n'));
});

test('it finds both things that were left on, while they were on, and nothing else', async () => {
  const windows = readWindows(new URL('windows.json', HOUSE).pathname);
  const opened = (await replay()).filter((line) => line.includes('"type":"opened"'));
  const at = opened.map((line) => parseInstant(/"at":"([^"]+)"/.exec(line)?.[1] ?? '') ?? NaN);
  assert.deepEqual(
    at.map((instant) => windows.findIndex(({ from, to }) => instant > from && instant < to)),
    [0, 1],
  );
});

test('the message that docs/webhook.md shows is the first alert of the sample house', async () => {
  const page = readFileSync(new URL('../docs/webhook.md', import.meta.url), 'utf8');
  const shown = JSON.parse(/```json\n(.*?)```/s.exec(page)?.[1] ?? '') as Record<string, unknown>;
  const [first = ''] = await replay();
  const { cost, sentence: told, ...record } = JSON.parse(first) as Record<string, unknown>;
  assert.ok(cost !== undefined && told !== undefined);
  const events = [eventOf(record)];
  const { title, text, speech } = wordsIn('en');
  const zone = Zone.named('Europe/Amsterdam');
  assert.deepEqual(
    { ...shown, id: '' },
    {
      ...{ v: 1, id: '', severity: 'warning', title: title(events), text: text(events, zone) },
      ...{ speech: speech(events, zone), zone: zone.name, events: [record] },
    },
  );
});
