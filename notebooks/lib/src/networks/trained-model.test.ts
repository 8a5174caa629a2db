import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { compileModel, DAY, fit, MINUTE, parseModel, watts, WEEK_BUCKETS } from '@lefton/core';
import type { History, LeftOnModel } from '@lefton/core';
import { aTensorFlow } from './a-tensorflow.test-data.ts';
import { lessonsOf } from './lessons.ts';
import { readNetwork } from './network-file.ts';
import { trainRange } from './range-network.ts';
import type { RangeNetwork } from './range-network.ts';
import { quantileTable, rangeQuality } from './range-quality.ts';
import { networkFolder, parity, withNetwork, writeTrained } from './trained-model.ts';

const tf = await aTensorFlow();

/** Ten days of up to 400 W, and 2 kW more at six in the evening. */
function aHistory(): History {
  const at = Float64Array.from({ length: (10 * DAY) / MINUTE }, (_, i) => Date.UTC(2026, 0, 5) + i * MINUTE);
  return {
    at,
    watts: at.map((instant, i) => ((i * 7) % 401) + (new Date(instant).getUTCHours() === 18 ? 2000 : 0)),
  };
}

const history = aHistory();
const lessons = lessonsOf(history, { zone: 'UTC' });
const fitted: LeftOnModel = fit(history, {
  zone: 'UTC',
  meter: 'main',
  falseAlarmsPerMonth: 1,
  fittedOn: 'ten days',
  sha256: 'abc',
  software: 'test',
});
const network: RangeNetwork = await trainRange(tf, lessons, { seed: 5, rounds: 2 });
const model = withNetwork(tf, fitted, network, { seed: 5, lessons, measured: ['held out: so much'] });

function aFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-trained-'));
  t.after(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

test('the network becomes the expected range, everything else stays as fitted, and the provenance tells how', () => {
  const { notes } = model.provenance;
  const provenance = { ...model.provenance, notes: fitted.provenance.notes };
  assert.deepEqual({ ...model, expected: fitted.expected, provenance }, fitted);
  assert.notDeepEqual(model.expected, fitted.expected);
  assert.match(
    notes.join('\n'),
    /^expected range by network: seed 5, TensorFlow\.js 4\.22\.0 on cpu, quantiles 0\.05 0\.5 0\.95, 2880 values of 240 hours, as in December to February\nheld out: so much$/,
  );
});

test('table and network, read from their files, say the same of every bucket', async (t) => {
  const file = join(aFolder(t), 'home.json');
  await writeTrained(tf, file, model, network);
  assert.ok((await parity(tf, file)) <= 1e-6);
  assert.deepEqual(readdirSync(networkFolder(file)).sort(), ['model.json', 'weights.bin']);
  assert.deepEqual(readdirSync(join(file, '..')).sort(), ['home.json', 'home.network']);
  const again = await readNetwork(tf, networkFolder(file));
  assert.deepEqual(again.range(), network.range());
  again.dispose();
});

test('a table that is not the one of its network is seen', async (t) => {
  const file = join(aFolder(t), 'home.json');
  const high = model.expected.high.map((value, bucket) => (value ?? 0) * (bucket === 100 ? 1.00001 : 1));
  await writeTrained(tf, file, { ...model, expected: { ...model.expected, high } }, network);
  assert.ok((await parity(tf, file)) > 5e-6);
});

test('the file is a model like any other: each bucket has a range and scores', async (t) => {
  const file = join(aFolder(t), 'home.json');
  await writeTrained(tf, file, model, network);
  const read = parseModel(JSON.parse(readFileSync(file, 'utf8')), file);
  assert.deepEqual(read, model);
  const compiled = compileModel(read);
  for (let bucket = 0; bucket < WEEK_BUCKETS; bucket++) {
    const range = compiled.expectedIn(bucket);
    assert.ok(range.known && range.low <= range.usual && range.usual <= range.high);
    assert.deepEqual(compiled.scoreIn(bucket, range.high), { known: true, score: 1 });
    assert.ok(compiled.scoreIn(bucket, watts(99_999)).known);
  }
});

test('the model that was there before stays beside it', async (t) => {
  const file = join(aFolder(t), 'home.json');
  writeFileSync(file, JSON.stringify(fitted));
  await writeTrained(tf, file, model, network);
  assert.equal(readFileSync(`${file}.previous`, 'utf8'), JSON.stringify(fitted));
});

test('however often it is trained, the model from before stays beside it', async (t) => {
  const file = join(aFolder(t), 'home.json');
  const software = 'lefton';
  const before = JSON.stringify({ ...fitted, provenance: { ...fitted.provenance, software } });
  writeFileSync(file, before);
  for (let time = 0; time < 2; time++) await writeTrained(tf, file, model, network);
  assert.equal(readFileSync(`${file}.previous`, 'utf8'), before);
  // one that was fitted since takes its place
  const since = before.replace('"test"', '"later"');
  writeFileSync(file, since);
  await writeTrained(tf, file, model, network);
  assert.equal(readFileSync(`${file}.previous`, 'utf8'), since);
});

test('a model of another version is written over like any other', async (t) => {
  const file = join(aFolder(t), 'home.json');
  const { left_on } = fitted;
  const before = { ...fitted, left_on: left_on && { ...left_on, watchers: left_on.watchers.slice(1) } };
  writeFileSync(file, JSON.stringify(before));
  await writeTrained(tf, file, model, network);
  assert.equal(readFileSync(`${file}.previous`, 'utf8'), JSON.stringify(before));
});

test('a file that is no model is not written over', async (t) => {
  const file = join(aFolder(t), 'home.json');
  for (const text of ['{"my":"diary"}', 'my diary']) {
    writeFileSync(file, text);
    await assert.rejects(writeTrained(tf, file, model, network), /home\.json/);
    assert.equal(readFileSync(file, 'utf8'), text);
  }
});

test('what is no network is refused by name', async (t) => {
  const folder = aFolder(t);
  writeFileSync(join(folder, 'model.json'), '{}');
  await assert.rejects(readNetwork(tf, folder), /model\.json is no network/);
});

test('the quantiles of the buckets leave as much outside as they say, and what is off loses', () => {
  const table = quantileTable(lessons);
  const quality = rangeQuality(table, lessons);
  assert.ok(quality.below <= 0.05 && quality.above <= 0.06, JSON.stringify(quality));
  const off = { ...table, usual: table.usual.map((value) => (value ?? 0) + 500) };
  assert.ok(rangeQuality(off, lessons).lossW > quality.lossW + 50);
  assert.throws(
    () => rangeQuality({ ...table, low: table.low.map(() => null) }, lessons),
    /says nothing of bucket/,
  );
});
