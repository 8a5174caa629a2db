import { LeftOnError } from '@lefton/core';
import type { QualityLimits } from '@lefton/core';
import express from 'express';
import type { Express } from 'express';
import type { ReadingCodec } from './avro/reading-codec.ts';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { alertsOperations, alertsRoutes } from './http/alerts.ts';
import type { AlertsDeps } from './http/alerts.ts';
import { contentsRoutes } from './http/contents.ts';
import { episodesOperations, episodesRoutes } from './http/episodes.ts';
import { erasureOperations, erasureRoutes } from './http/erasure.ts';
import { eventsOperations, eventsRoutes } from './http/events.ts';
import { guard, isLoopback } from './http/guard.ts';
import type { GuardSettings } from './http/guard.ts';
import { healthOperations, healthRoutes } from './http/health.ts';
import type { HealthDeps } from './http/health.ts';
import { modelsOperations, modelsRoutes } from './http/models.ts';
import { notFound, problems } from './http/problem.ts';
import { readingsOperations, readingsRoutes } from './http/readings.ts';
import type { Forget } from './forgetter.ts';
import type { Log } from './log.ts';
import type { Clock, Topics } from './ports.ts';
import type { Store } from './store-ports.ts';

/** What the HTTP edge stands on. */
export interface HttpDeps extends HealthDeps, AlertsDeps {
  /** How readings stand in raw_power. */
  readonly codec: ReadingCodec;
  /** Events are followed here. */
  readonly local: Topics;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly forget: Forget;
  readonly limits: QualityLimits;
  readonly guard: GuardSettings;
  /** Meter of requests that name none. */
  readonly meter: string;
  /** Ends the event streams. */
  readonly stopping: AbortSignal;
}

/** The application: guard, routes by noun, problems. */
export function createApp(deps: HttpDeps): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(guard(deps.guard));
  app.use(healthRoutes(deps));
  app.use(readingsRoutes(deps));
  app.use(modelsRoutes(deps));
  app.use(episodesRoutes(deps.store, deps.clock));
  app.use(alertsRoutes(deps));
  app.use(erasureRoutes(deps));
  app.use(eventsRoutes(deps.local, deps.stopping));
  app.use(
    contentsRoutes([
      ...healthOperations,
      ...readingsOperations,
      ...modelsOperations,
      ...episodesOperations,
      ...alertsOperations,
      ...erasureOperations,
      ...eventsOperations,
    ]),
  );
  app.use(notFound);
  app.use(problems(deps.log));
  return app;
}

/**
 * Listens, with limits on how long a client may take. Beyond loopback only with a token.
 * @param port 0: any free one
 * @throws LeftOnError `token_needed`, `cannot_listen`
 */
export async function listen(
  app: Express,
  host: string,
  port: number,
  token: string | null,
): Promise<Server> {
  if (token === null && !isLoopback(host)) {
    throw fault(
      'token_needed',
      host,
      'a token (LEFTON_TOKEN) when others than this machine may connect',
      'none',
    );
  }
  const server = createServer(
    { requestTimeout: 30_000, headersTimeout: 10_000, keepAliveTimeout: 5_000, maxHeaderSize: 16_384 },
    app,
  );
  server.maxConnections = 200;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(fault('cannot_listen', `${host}:${port}`, 'a free address of this machine', error.message));
    });
    server.listen(port, host, resolve);
  });
  return server;
}

/** `http://127.0.0.1:7420` */
export function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

const fault = (code: string, place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code, place, expected, found, faultClass: 'fatal' });
