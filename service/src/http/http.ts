import type { QualityLimits } from '@lefton/core';
import express from 'express';
import type { Express } from 'express';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { Attempts } from './attempts.ts';
import { alertsOperations, alertsRoutes } from './alerts.ts';
import type { AlertsDeps } from './alerts.ts';
import { contentsRoutes } from './contents.ts';
import { episodesOperations, episodesRoutes } from './episodes.ts';
import { erasureOperations, erasureRoutes } from './erasure.ts';
import { EventStreams } from './event-streams.ts';
import { eventsOperations, eventsRoutes } from './events.ts';
import { Guard, isLoopback } from './guard.ts';
import type { GuardSettings } from './guard.ts';
import { healthOperations, healthRoutes } from './health.ts';
import type { HealthDeps } from './health.ts';
import { historyOperations, historyRoutes } from './history.ts';
import { liveOperations, liveRoutes } from './live.ts';
import type { LiveDeps } from './live.ts';
import { loginOperations, loginRoutes } from './login.ts';
import { ownNames } from './origin.ts';
import { modelsOperations, modelsRoutes } from './models.ts';
import { pageOperations, pageRoutes } from './page.ts';
import { notFound, problems } from './problem.ts';
import { readingsOperations, readingsRoutes } from './readings.ts';
import { Sessions } from './sessions.ts';
import { stateOperations, stateRoutes } from './state.ts';
import type { Forget } from '../forget/forgetter.ts';
import { tryOperations, tryRoutes } from './try.ts';
import type { Jobs } from '../runtime/jobs.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, Topics } from '../ports.ts';
import type { Store } from '../store-ports.ts';
import { WebFiles } from './web-files.ts';

/** What the HTTP edge stands on. */
export interface HttpDeps extends HealthDeps, AlertsDeps, LiveDeps {
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
  app.use(loginRoutes(guard, sessions));
  app.use(healthRoutes(deps));
  app.use(readingsRoutes(deps));
  app.use(modelsRoutes(deps));
  app.use(episodesRoutes(deps));
  app.use(alertsRoutes(deps));
  app.use(erasureRoutes(deps));
  const streams = new EventStreams(deps.stopping);
  app.use(eventsRoutes(deps.local, streams));
  app.use(stateRoutes(deps));
  app.use(liveRoutes(deps, streams));
  app.use(pageRoutes(new WebFiles()));
  app.use(tryRoutes(deps, deps.jobs));
  app.use(historyRoutes(deps.jobs, streams));
  app.use(
    contentsRoutes([
      ...healthOperations,
      ...readingsOperations,
      ...modelsOperations,
      ...episodesOperations,
      ...alertsOperations,
      ...erasureOperations,
      ...eventsOperations,
      ...stateOperations,
      ...liveOperations,
      ...pageOperations,
      ...loginOperations,
      ...tryOperations,
      ...historyOperations,
    ]),
  );
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
