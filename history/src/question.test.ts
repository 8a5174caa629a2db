import assert from 'node:assert/strict';
import { LeftOnError } from '@lefton/core';
import { test } from 'node:test';
import { importHistory } from './import.ts';
import type { ImportOptions } from './options.ts';

/** What the importer asks of a file: its code, and what there is to choose from. */
async function asked(
  lines: readonly string[],
  options: Partial<ImportOptions> = {},
): Promise<[code: string, choices: readonly string[]]> {
  const text = Buffer.from(lines.join('\n'));
  const refused = await importHistory([text], { place: 'f.csv', ...options }).catch(
    (error: unknown) => error,
  );
  assert.ok(refused instanceof LeftOnError);
  return [refused.code, refused.choices];
}

const meters = (...names: readonly string[]): string[] => [
  'at,watts,meter',
  ...names.map((name, i) => `2024-01-01T00:0${i}:00Z,1,${name}`),
];
const states = (...names: readonly string[]): string[] => [
  'entity_id,state,last_changed',
  ...names.map((name, i) => `${name},4${i},2024-01-01T00:0${i}:00Z`),
];

test('a file of several meters asks for one, with their names as the file has them', async () => {
  const long = 'a'.repeat(150);
  assert.deepEqual(await asked(meters('house', long)), ['meter_choice_needed', ['house', long]]);
});

test('a name that is not in the file is not among those to choose from', async () => {
  const both = ['house', 'shed'];
  assert.deepEqual(await asked(meters(...both), { meter: 'barn' }), ['meter_choice_needed', both]);
});

test('an entity is asked for as one, whatever the person calls it', async () => {
  const both = ['sensor.a_power', 'sensor.b_power'];
  const question = await asked(states(...both), { entity: 'x --meter' });
  assert.deepEqual(question, ['entity_choice_needed', both]);
});

test('where the whole and its parts were chosen, each is there to choose from', async () => {
  const sense = [
    'x',
    'DateTime,Device ID,Name,Device Type,Device Make,Device Model,Device Location,Avg Wattage,kWh',
    '2024-01-01 00:00:00,1,Total Usage,,,,,100,0.1',
    '2024-01-01 00:00:00,2,Dryer,,,,,100,0.1',
  ];
  const zone = 'Europe/Paris';
  const names = ['Total Usage', 'Dryer'];
  assert.deepEqual(await asked(sense, { zone, entity: names.join() }), ['entity_choice_needed', names]);
  const energy = [
    'entity_id,type,unit,2024-01-01T00:00:00.000Z,2024-01-01T01:00:00.000Z',
    'sensor.grid,grid_consumption,kWh,1,1',
    'sensor.dryer,device_consumption,kWh,0.5,0.5',
  ];
  const entities = ['sensor.grid', 'sensor.dryer'];
  assert.deepEqual(await asked(energy, { entity: entities.join() }), ['entity_choice_needed', entities]);
});

test('a unit that the file does not say is asked for with those that it can be', async () => {
  const all = ['W', 'kW', 'Wh', 'kWh', 'MWh'];
  assert.deepEqual(await asked(['entity_id,state,last_changed', 'sensor.x,4,2024-01-01T00:00:00Z']), [
    'unit_needed',
    all,
  ]);
  const feed = ['1704067200,400', '1704067210,380', '1704067220,410'];
  assert.deepEqual(await asked(feed), ['unit_needed', ['W', 'kWh']]);
});

test('names beyond twenty, and those that nobody can have meant, are left out', async () => {
  const many = Array.from({ length: 30 }, (_, i) => `m${i}`);
  const lines = [
    'at,watts,meter',
    ...['x'.repeat(300), ...many].map((name) => `2024-01-01T00:00:00Z,1,${name}`),
  ];
  const [code, choices] = await asked(lines);
  assert.deepEqual([code, choices], ['meter_choice_needed', many.slice(0, 19)]);
});
