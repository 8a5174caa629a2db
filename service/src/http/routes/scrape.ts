import { parseInstant } from '@lefton/core';
import { lookAt } from '../../telemetry/look.ts';
import type { Meters } from '../../meters/meters.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ModelsInUse } from '../../models/models.ts';
import { VERSION } from '../../cli/software.ts';
import type { Deliveries } from '../../outbox-ports.ts';
import { targetOf } from '../../models/whole-file.ts';

/** What is looked at when somebody asks for metrics, and counted nowhere else. */
export interface ScrapeDeps {
  readonly models: ModelsInUse;
  readonly meters: Meters;
  readonly deliveries: Deliveries;
  readonly metrics: Metrics;
  /** The SQLite file. */
  readonly database: string;
}

/** Sets the gauges to how things stand now. */
export function scrape(deps: ScrapeDeps, lag: number | null, ready: boolean, now: number): void {
  const { models, meters, deliveries, metrics } = deps;
  metrics.lag.clear();
  if (lag !== null) metrics.lag.set(lag);
  metrics.ready.set(ready ? 1 : 0);
  metrics.meters.set(meters.size);
  let [open, silent] = [0, 0];
  const ofFleet = new Map<string, number>();
  for (const { state, model } of meters.all) {
    const { generation, cohort } = model;
    if (generation !== null) {
      const kind = `${generation} ${cohort === null ? 'own' : 'cohort'}`;
      ofFleet.set(kind, (ofFleet.get(kind) ?? 0) + 1);
    }
    if (state.phase === 'open') open++;
    if (Number.isFinite(state.silentSince)) silent++;
  }
  metrics.generationMeters.clear();
  for (const [kind, count] of ofFleet) {
    const [generation = '', model = ''] = kind.split(' ');
    metrics.generationMeters.set(count, { generation, model });
  }
  metrics.openEpisodes.set(open);
  metrics.silentMeters.set(silent);
  metrics.refusedModels.set(models.refusals.length);
  metrics.oldestFit.clear();
  const oldest = oldestFit(models);
  if (Number.isFinite(oldest)) metrics.oldestFit.set(oldest / 1_000);
  metrics.deliveries.clear();
  for (const { channel, state, count } of deliveries.counts())
    metrics.deliveries.set(count, { channel, state });
  metrics.oldestAlert.clear();
  for (const { channel, since } of deliveries.oldestWaiting())
    metrics.oldestAlert.set(Math.max(0, now - since) / 1_000, { channel });
  const database = targetOf(deps.database);
  metrics.database.set(sizeOf(database) + sizeOf(`${database}-wal`));
  tellProcess(metrics, now);
}

/** What a process says of itself, whatever it does. @param now ms since epoch */
export function tellProcess(metrics: Metrics, now: number): void {
  const { user, system } = process.cpuUsage();
  metrics.processor.set((user + system) / 1e6);
  metrics.memory.set(process.memoryUsage.rss());
  metrics.started.set(Math.round(now / 1_000 - process.uptime()));
  metrics.build.set(1, { version: VERSION });
}

/** Infinity where no model learns: a table that a person chose is not old. */
function oldestFit(models: ModelsInUse): number {
  let oldest = Infinity;
  for (const { compiled } of models.loaded) {
    const { kind, until } = compiled.packed.facts;
    if (kind === 'left-on') oldest = Math.min(oldest, parseInstant(until) ?? Infinity);
  }
  return oldest;
}

function sizeOf(file: string): number {
  const look = lookAt(file);
  return 'stat' in look ? look.stat.size : 0;
}
