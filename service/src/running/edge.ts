import type { Server } from 'node:http';
import { settingRows } from '../settings/rows.ts';
import type { Forget } from '../forget/forgetter.ts';
import { createApp, guardOf } from '../http/http.ts';
import { listen } from '../http/listen.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { Ground } from './ground.ts';
import type { Telling } from './telling.ts';
import type { Watching } from './watching.ts';

/** What is asked over HTTP, besides the parts that answer. */
interface EdgeParts {
  readonly watching: Watching;
  readonly telling: Telling;
  readonly jobs: Jobs;
  readonly forget: Forget;
  /** Where each setting was written. */
  readonly sources: ReadonlyMap<string, string>;
  /** Ends the event streams. */
  readonly stopping: AbortSignal;
}

/** Listens for people and programs. @throws LeftOnError `token_needed`, `cannot_listen` */
export function openEdge(ground: Ground, parts: EdgeParts): Promise<Server> {
  const { settings, scores, store } = ground;
  const { watching, telling, jobs, forget, sources, stopping } = parts;
  const { transport, meters, topics, consumer, committed } = watching;
  const guard = guardOf(settings);
  const app = createApp({
    ...{ clock: ground.clock, system: ground.system, log: ground.log, metrics: ground.metrics },
    ...{ models: ground.models, meters, store, topics, local: transport.local, codec: transport.codec },
    ...{ consumer, meter: settings.meter, database: settings.db },
    ...{ deliveries: store.deliveries, channels: telling.channels, troubleOf: telling.troubleOf },
    ...{ needsModel: scores, trouble: () => transport.trouble(scores) },
    ...{ forget, jobs, committed, names: settings.meter_names, simulated: ground.replayed !== undefined },
    ...{ refit: settings.refit, alertAt: settings.alert_at, settings: settingRows(settings, sources) },
    ...{ limits: ground.policy.limits, guard, stopping },
  });
  return listen(app, settings.host, settings.port, guard);
}
