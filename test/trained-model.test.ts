import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fit, HOUR, MINUTE } from '@lefton/core';
import { lessonsOf, trainRange, withNetwork, writeTrained } from '@lefton/notebook-lib';
import { aTensorFlow } from '../notebooks/lib/src/networks/a-tensorflow.test-data.ts';
import { aFolder, aService, START, until } from '../service/src/a-service.test-data.ts';

test('a service that runs takes up what a network has learned', async (t) => {
  const at = Float64Array.from({ length: (48 * HOUR) / MINUTE }, (_, i) => START + i * MINUTE);
  const history = { at, watts: at.map((_, i) => 200 + ((i * 7) % 101)) };
  const options = {
    zone: 'UTC',
    meter: null,
    falseAlarmsPerMonth: 1,
    fittedOn: 'two days',
    sha256: null,
    software: 'test',
  };
  const fitted = fit(history, options);
  const file = join(aFolder(t), 'home.json');
  writeFileSync(file, JSON.stringify(fitted));
  const { url } = await aService(t, { model: file });
  const served = async (): Promise<string> => (await fetch(`${url}/api/model`)).text();
  assert.doesNotMatch(await served(), /by network/);

  const tf = await aTensorFlow();
  const lessons = lessonsOf(history, options);
  const network = await trainRange(tf, lessons, { seed: 1, rounds: 1 });
  const trained = withNetwork(tf, fitted, network, { seed: 1, lessons, measured: [] });
  await writeTrained(tf, file, trained, network);
  await until('the service shows the new model', async () => /by network: seed 1/.test(await served()));
});
