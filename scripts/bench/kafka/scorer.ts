import { defaultPolicy, parseModel } from '@lefton/core';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';
import { SystemClock } from '../../../service/src/runtime/clock.ts';
import { Log } from '../../../service/src/telemetry/log.ts';
import { Meters } from '../../../service/src/meters/meters.ts';
import { Metrics } from '../../../service/src/telemetry/metrics.ts';
import { ModelFiles } from '../../../service/src/models/model-files.ts';
import { Pipeline } from '../../../service/src/pipeline/pipeline.ts';
import { KafkaTopics } from '../../../service/src/topics/kafka/kafka.ts';
import type { Outcome } from '../../../service/src/ports.ts';
import type { KafkaSettings } from '../../../service/src/topics/kafka/settings.ts';
import { takenSince } from './bare.ts';
import type { Taken } from './bare.ts';

const TABLE = fileURLToPath(new URL('../../../models/august-2018.json', import.meta.url));

/** The service's own pipeline with the table of August 2018, without a page. */
export function aPipeline(): Pipeline {
  const folder = mkdtempSync(join(tmpdir(), 'lefton-bench-'));
  const model = join(folder, 'model.json');
  writeFileSync(model, JSON.stringify(parseModel(JSON.parse(readFileSync(TABLE, 'utf8')))));
  const clock = new SystemClock();
  const log = aLog();
  const metrics = new Metrics();
  const models = new ModelFiles(model, null, log, metrics, () => clock.now());
  rmSync(folder, { recursive: true });
  const meters = new Meters({ meters: () => [] }, models, log, () => clock.now(), 1_000_000);
  const settings = { policy: defaultPolicy, tellFrom: -Infinity, keepReadings: false };
  return new Pipeline(meters, ReadingCodec.embedded(), clock, log, metrics, settings);
}

export function aLog(): Log {
  const show = process.env.BENCH_LOG !== undefined;
  return new Log(
    (line) => {
      if (show) process.stderr.write(line);
    },
    () => Date.now(),
  );
}

/** Consume, detect, produce and commit exactly once, with the product's transport; from the first record to the last commit. */
export async function exactlyOnce(settings: KafkaSettings, count: number): Promise<Taken> {
  const pipeline = aPipeline();
  const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog());
  const stop = new AbortController();
  let [began, committed] = [0, 0];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const fold = pipeline.fold.bind(pipeline);
  pipeline.fold = (records): Outcome => {
    began ||= performance.now();
    const outcome = fold(records);
    return {
      ...outcome,
      committed: () => {
        outcome.committed?.();
        committed += records.length;
        if (committed >= count) resolve(undefined);
      },
    };
  };
  const consuming = topics.consume(pipeline, stop.signal);
  await Promise.race([promise, consuming]);
  const taken = takenSince(began);
  stop.abort();
  await consuming;
  await topics.close();
  return taken;
}
