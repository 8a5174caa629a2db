import type { QualityLimits } from '@lefton/core';
import express from 'express';
import type { Express } from 'express';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { Attempts } from './access/attempts.ts';
import { alertsRoutes } from './routes/alerts.ts';
import type { AlertsDeps } from './routes/alerts.ts';
import { contentsRoutes } from './contract/contents.ts';
import { episodesRoutes } from './routes/episodes.ts';
import { erasureRoutes } from './routes/erasure.ts';
import { EventStreams } from './page/event-streams.ts';
import { eventsRoutes } from './routes/events.ts';
import { Guard } from './access/guard.ts';
import { isLoopback } from '../settings/listening.ts';
import type { GuardSettings } from './access/guard.ts';
import { healthRoutes } from './routes/health.ts';
import type { HealthDeps } from './routes/health.ts';
import { historyRoutes } from './routes/history.ts';
import { liveRoutes } from './page/live.ts';
import type { LiveDeps } from './page/live.ts';
import { loginRoutes } from './access/login.ts';
import { ownNames } from './access/origin.ts';
import { modelsRoutes } from './routes/models.ts';
import { pageRoutes } from './page/page.ts';
import { notFound, problems } from './problem.ts';
import { readingsRoutes } from './routes/readings.ts';
import { Sessions } from './access/sessions.ts';
import { stateRoutes } from './page/state.ts';
import type { Forget } from '../forget/forgetter.ts';
import { tryRoutes } from './routes/try.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, Topics } from '../ports.ts';
import type { Store } from '../store-ports.ts';
import { WebFiles } from './page/web-files.ts';

/** What the HTTP edge stands on. */
interface HttpDeps extends HealthDeps, AlertsDeps, LiveDeps {
  /** How readings stand in raw_power. */
  readonly codec: ReadingCodec;
  /** Events are followed here. */
  readonly local: Topics;
  readonly store: Store;
  readonly clock: Clock;
  /** The system's, also while a replay simulates another. */
  readonly system: Clock;
  readonly log: Log;
  readonly forget: Forget;
  readonly limits: QualityLimits;
  readonly guard: GuardSettings;
  /** Meter of requests that name none. */
  readonly meter: string;
  /** What is done beside the watching. */
  readonly jobs: Jobs;
  /** Ends the event streams. */
  readonly stopping: AbortSignal;
}

/** The application: guard, routes by noun, problems. */
export function createApp(deps: HttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const sessions = new Sessions(deps.store.sessions, deps.guard.token ?? '', deps.system);
  const guard = new Guard(deps.guard, sessions, new Attempts(deps.system), deps.log);
  app.use(guard.handle);
  const streams = new EventStreams(deps.stopping);
  const nouns = [
    healthRoutes(deps),
    readingsRoutes(deps),
    modelsRoutes(deps),
    episodesRoutes(deps),
    alertsRoutes(deps),
    erasureRoutes(deps),
    eventsRoutes(deps.local, streams),
    stateRoutes(deps),
    liveRoutes(deps, streams),
    pageRoutes(new WebFiles()),
    loginRoutes(guard, sessions),
    tryRoutes(deps, deps.jobs),
    historyRoutes(deps.jobs, streams),
  ];
  for (const { router } of nouns) app.use(router);
  app.use(contentsRoutes(nouns.flatMap(({ operations }) => operations)).router);
  app.use(notFound);
  app.use(problems(deps.log));
  return app;
}

/** Who may call, as the settings say. A machine is known by its own name, in its network also with `.local`. */
export function guardOf(settings: {
  readonly token: string | null;
  readonly host: string;
  readonly allow_host: readonly string[];
  readonly ingress_from: readonly string[];
}): GuardSettings {
  const { token, host, allow_host, ingress_from: ingress } = settings;
  return { token, ingress, hosts: ownNames(allow_host), isLocal: isLoopback(host) };
}
