import { HOUR } from '@lefton/core';
import { tellLinks } from './capture/capture.ts';
import type { Settings } from './settings/settings.ts';
import { every } from './runtime/every.ts';
import { forgetterOf } from './forget/forgetter.ts';
import { urlOf } from './http/listen.ts';
import { Jobs } from './runtime/jobs.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { ModelsInUse } from './models/models.ts';
import { StatusLine } from './notify/status-line.ts';
import { refitterOf } from './refit/refitter.ts';
import { openEdge } from './running/edge.ts';
import { openGround } from './running/ground.ts';
import type { Ground, World } from './running/ground.ts';
import { openInputs } from './running/inputs.ts';
import { openTelling } from './running/telling.ts';
import { openUpkeep } from './running/upkeep.ts';
import { openWatching } from './running/watching.ts';

/** A running service. */
export interface Service {
  readonly url: string;
  readonly metrics: Metrics;
  readonly models: ModelsInUse;
  /** Resolves when stopped, or with `once` when its sources have ended; rejects when it cannot go on. */
  readonly done: Promise<void>;
  stop(): void;
}

const TICK_MS = 1_000;
const STATUS_MS = HOUR;
const REPLAY_STATUS_MS = 6 * HOUR;
/** What is being told at a stop may end; then it is broken off, well before whoever stops us grows impatient. */
const LAST_WORDS_MS = 5_000;

/**
 * Wires the service and starts it; its parts are in `running`.
 * @param sources where each setting was written
 * @throws LeftOnError when the database, the zone or the address cannot be used
 */
export async function startService(
  settings: Settings,
  world: World,
  sources: ReadonlyMap<string, string> = new Map(),
): Promise<Service> {
  const ground = openGround(settings, world);
  try {
    return await start(ground, sources);
  } catch (error) {
    ground.close();
    throw error;
  }
}

async function start(ground: Ground, sources: ReadonlyMap<string, string>): Promise<Service> {
  const { settings, models, metrics, clock, system, replayed, pause, log } = ground;
  const stopping = new AbortController();
  const { signal } = stopping;

  const jobs = new Jobs(settings, { ...ground, clock: system });
  const refitter = refitterOf(settings, models, system, log);
  const holders: ((meter: string) => unknown)[] = [
    (meter) => jobs.letGo(meter),
    (meter) => refitter?.letGo(meter),
  ];
  const letGo = (meter: string): Promise<unknown> => Promise.all(holders.map((each) => each(meter)));
  const watching = await openWatching(ground, letGo);
  const { transport, topics, meters, consumer, tracer } = watching;
  const telling = await openTelling(ground, watching);
  holders.push((meter) => {
    telling.letGo(meter);
  });
  const forget = forgetterOf(settings, transport, consumer, models);
  const upkeep = await openUpkeep(ground, watching, refitter, forget);
  const statusMs = replayed === undefined ? STATUS_MS : REPLAY_STATUS_MS;
  const status = new StatusLine(meters, clock, statusMs, ground.print);

  const takeModels = (): void => {
    models.poll();
  };
  const tick = async (): Promise<void> => {
    takeModels();
    meters.settle();
    tellLinks(metrics, inputs.reports());
    await watching.hearSilences();
    // a replay is far ahead of the regular delivery, and what it tells is to stand in order of time
    if (replayed !== undefined) await telling.caughtUp(signal);
    if (!settings.json) status.tick();
  };
  const inputs = await openInputs(ground, watching, tick);
  const parts = { watching, telling, jobs, forget, sources, stopping: signal };
  const server = await openEdge(ground, parts);
  const url = urlOf(server);
  log.info('listening', { url });

  const fed = inputs.run(signal);
  const loops = Promise.all([
    watching.run(signal),
    telling.run(signal),
    // a replay ticks by itself, in step with its clock; models come also when it has ended
    every(TICK_MS, replayed === undefined ? tick : takeModels, pause, log, signal),
    upkeep.run(signal),
  ]);
  const ended = async (): Promise<unknown> => {
    await fed;
    if (!settings.once) return loops;
    await topics.caughtUp(consumer.group, consumer.topic, signal);
    return telling.caughtUp(signal);
  };
  const asked = Promise.withResolvers<'stopped'>();
  const run = async (): Promise<void> => {
    let why: unknown;
    try {
      why = await Promise.race([loops, ended(), asked.promise]);
    } finally {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      const over = new AbortController();
      const settled = Promise.allSettled([loops, fed]).then(() => {
        over.abort();
      });
      await Promise.race([settled, pause(LAST_WORDS_MS, over.signal)]);
      jobs.stop();
      await telling.close();
      await settled;
      await tracer?.close();
      await upkeep.close();
      await transport.close();
      ground.close();
    }
    // what went wrong on the way down is told as well
    if (why === 'stopped') await loops;
  };
  return {
    ...{ url, metrics, models, done: run() },
    stop: () => {
      stopping.abort();
      asked.resolve('stopped');
    },
  };
}
