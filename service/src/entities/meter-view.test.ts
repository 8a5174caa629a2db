import { compileModel, createState, defaultPolicy, DAY, detect, MINUTE, silence, watts } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aTable, START } from '../a-service.test-data.ts';
import { viewOf } from './meter-view.ts';

const types = (events: readonly AnomalyEvent[]): string[] => events.map(({ type }) => type);

test('a meter is shown as it stands: not heard yet, heard, and silent', () => {
  const compiled = compileModel(aTable());
  const state = createState(compiled, 'home');
  const meter = { name: 'home', model: { resident: compiled }, state };
  assert.deepEqual(viewOf(meter, null), {
    meter: 'home',
    score: { known: false, why: 'no reading yet' },
    watts: null,
    usualWatts: null,
    phase: 'quiet',
    silentSince: null,
    lastEpisode: null,
  });
  for (let minute = 0; minute < 5; minute++) {
    const reading = {
      meter: 'home',
      at: START + minute * MINUTE,
      watts: watts(150),
      energyWh: null,
      source: 'test',
    };
    detect(compiled, defaultPolicy, state, reading, Infinity);
  }
  const heard = viewOf(meter, null);
  assert.ok(heard.score.known);
  assert.equal(heard.watts, 150);
  assert.deepEqual(types(silence(compiled, defaultPolicy, state, START + DAY)), ['meter_silent']);
  const silent = viewOf(meter, null);
  assert.equal(silent.silentSince, START + 4 * MINUTE);
  // the newest reading is old by now, and says nothing of the present
  assert.deepEqual(silent.score, { known: false, why: 'the meter is silent' });
  assert.deepEqual([silent.watts, silent.usualWatts], [null, null]);
});
