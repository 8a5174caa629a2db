import { defaultPolicy, fit, MINUTE, parseModel, watts } from '@lefton/core';
import type { Model } from '@lefton/core';
import { DatabaseSync } from 'node:sqlite';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';
import { SystemClock } from '../../../service/src/runtime/clock.ts';
import { ModelStore } from '../../../service/src/fleet/model-store.ts';
import { ModelWriter } from '../../../service/src/fleet/model-writer.ts';
import { StoredModels } from '../../../service/src/fleet/stored-models.ts';
import { Meters } from '../../../service/src/meters/meters.ts';
import { Metrics } from '../../../service/src/telemetry/metrics.ts';
import { Pipeline } from '../../../service/src/pipeline/pipeline.ts';
import type { TopicRecord } from '../../../service/src/ports.ts';
import { aLog } from '../kafka/scorer.ts';
import { aYear } from '../year.ts';

export const meterAt = (i: number): string => `fleet-${i}`;
const START = Date.UTC(2026, 3, 6, 2);
const CODEC = ReadingCodec.embedded();

/** A model fitted on a year of the sample house: what one home of a fleet has. */
export async function aFitted(): Promise<Model> {
  const options = {
    ...{ zone: 'Europe/Amsterdam', meter: 'home', falseAlarmsPerMonth: 1 },
    ...{ fittedOn: 'bench', sha256: null, software: 'bench' },
  };
  // as its file has it: 0 and -0 are the same there
  return parseModel(JSON.parse(JSON.stringify(fit(await aYear(), options))));
}

/** A store in which each of so many meters has that model for its own. */
export function fill(file: string, model: Model, meters: number): void {
  const store = new ModelWriter(file);
  store.write(() => {
    store.put('meter', meterAt(0), 1, model);
  });
  store.close();
  const db = new DatabaseSync(file);
  const copy = db.prepare(
    `INSERT INTO models (owner, name, generation, change, head, numbers, crc)
     SELECT owner, ?, generation, change, head, numbers, crc FROM models WHERE id = 1`,
  );
  db.exec('BEGIN');
  for (let i = 1; i < meters; i++) copy.run(meterAt(i));
  db.exec('COMMIT');
  db.close();
}

/** The service's own pipeline over the models of a store. */
export function aFleet(file: string, mostBytes: number): { pipeline: Pipeline; metrics: Metrics } {
  const clock = new SystemClock();
  const metrics = new Metrics();
  const store = new ModelStore(file);
  const models = new StoredModels(store, { cohort: null, mostBytes }, aLog(), metrics, () => 0);
  const meters = new Meters({ meters: () => [] }, models, aLog(), () => clock.now(), 1e7);
  const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
  return { pipeline: new Pipeline(meters, CODEC, clock, aLog(), metrics, settings), metrics };
}

/** One reading of each meter in a minute, as records of a topic, in pieces that are folded at once. */
export function* minuteOf(minute: number, meters: number, piece: number): Generator<TopicRecord[]> {
  const at = START + minute * MINUTE;
  for (let from = 0; from < meters; from += piece) {
    yield Array.from({ length: Math.min(piece, meters - from) }, (_, i): TopicRecord => {
      const meter = meterAt(from + i);
      const power = watts(150 + ((from + i + minute * 7) % 97));
      const value = CODEC.encode({ meter, at, watts: power, energyWh: null, source: '' });
      return { key: meter, value, headers: {}, appendedAt: at, position: '' };
    });
  }
}
