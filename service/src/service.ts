import { HOUR, Zone } from '@lefton/core';
import type { Readable } from 'node:stream';
import { ReplayClock, SystemClock } from './clock.ts';
import { Announcer } from './announcer.ts';
import { Bell } from './bell.ts';
import { captureOf, tellLinks } from './capture.ts';
import { settingRows } from './config.ts';
import type { Settings } from './config.ts';
import { entitiesOf, viewsOf } from './entities-of.ts';
import { every } from './every.ts';
import { forgetterOf } from './forgetter.ts';
import { createApp, guardOf } from './http.ts';
import { listen, urlOf } from './http/listen.ts';
import { Jobs } from './jobs.ts';
import type { Log } from './log.ts';
import { Meters } from './meters.ts';
import { Metrics } from './metrics.ts';
import { modelsOf } from './models-of.ts';
import { mustHaveModel, type ModelsInUse } from './models.ts';
import { openNotifier } from './notifier.ts';
import { StatusLine } from './notify/status-line.ts';
import { policyOf } from './detection-policy.ts';
import { Pipeline } from './pipeline.ts';
import type { Pause } from './ports.ts';
import { publishedModelsOf } from './published-models.ts';
import { refitterOf } from './refitter.ts';
import { Retention } from './retention.ts';
import type { Source } from './sources/source.ts';
import { sourcesOf } from './sources/sources-of.ts';
import { Database } from './sqlite/database.ts';
import { SqliteStore } from './store.ts';
import { tracingOf } from './tracing.ts';
import { readWindows } from './windows-file.ts';
import { openTransport } from './transport.ts';

/** The world around the service. */
export interface World {
  /** Text for people. */
  readonly print: (text: string) => void;
  readonly log: Log;
  readonly stdin: Readable;
  readonly pause: Pause;
  /** 0 <= value < 1 */
  readonly random: () => number;
}

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
const UPKEEP_MS = 60_000;
const STATUS_MS = HOUR;
const REPLAY_STATUS_MS = 6 * HOUR;

/**
 * Wires the embedded service and starts it: the one place that knows every adapter.
 * @param sources where each setting was written
 * @throws LeftOnError when the database, the zone or the address cannot be used
 */
export async function startService(
  settings: Settings,
  world: World,
  sources: ReadonlyMap<string, string> = new Map(),
): Promise<Service> {
  const { log, pause, print } = world;
  const stopping = new AbortController();
  const { signal } = stopping;
  const system = new SystemClock();
  const replayed = settings.replay === null ? undefined : new ReplayClock(settings.from ?? 0);
  const clock = replayed ?? system;
  const zone = settings.zone === null ? null : new Zone(settings.zone).name;
  const metrics = new Metrics();
  const models = modelsOf(settings, zone, log, metrics, () => system.now());
  mustHaveModel(models);
  const db = new Database(settings.db);
  const giveUp = (error: unknown): never => {
    models.close();
    db.close();
    throw error;
  };
  const store = new SqliteStore(db, system, settings.retention_days, settings.keep_days);
  const windows = settings.windows === null ? [] : readWindows(settings.windows);
  const policy = policyOf(settings, windows);
  const keepReadings = settings.keep_readings ?? settings.kafka_brokers === null;
  const jobs = new Jobs(settings, { policy, windows, keepReadings, store, models, clock: system, log });
  const refitter = refitterOf(settings, models, system, log);
  const letGo = (meter: string): Promise<unknown> => Promise.all([jobs.letGo(meter), refitter?.letGo(meter)]);
  const transport = await openTransport(settings, db, store, system, log, metrics, letGo).catch(giveUp);
  const { local, codec } = transport;
  const tracing = await tracingOf(settings, system, world.random, log);
  const topics = tracing?.traced(transport.topics) ?? transport.topics;
  const tracer = tracing?.tracer;
  const meters = new Meters(transport.states, models, log, () => clock.now(), transport.mostMeters);
  const notifier = await openNotifier(settings, {
    ...{ store, policy, clock, system, print, pause, random: world.random, log, metrics, tracer },
  }).catch(giveUp);
  const committed = new Bell();
  const consumer = new Pipeline(meters, codec, clock, log, metrics, {
    ...{ policy, keepReadings, arrivals: system, tracer },
    tellFrom: settings.from ?? -Infinity,
    committed: () => {
      committed.ring();
    },
  });
  const announcer = new Announcer(models, notifier.channels, zone ?? 'UTC', log);
  const entities = await entitiesOf(settings, () => viewsOf(meters, store), pause, log).catch(giveUp);
  const forget = forgetterOf(settings, transport, consumer);
  const retention = new Retention(settings.keep_days, db, {
    ...{ local, store, meters, forget, clock, system, pause, log },
  });
  const published = await publishedModelsOf(settings, models, log).catch(giveUp);
  const status = new StatusLine(meters, clock, replayed === undefined ? STATUS_MS : REPLAY_STATUS_MS, print);

  const announced = async (): Promise<void> => {
    await transport.arrived(signal);
    await local.caughtUp(announcer.group, announcer.topic, signal);
    await notifier.deliver();
  };
  const tick = async (): Promise<void> => {
    models.poll();
    meters.settle();
    const links = captures.map((each) => each.report());
    tellLinks(metrics, links);
    const outcome = scores ? consumer.silences() : undefined;
    if (outcome !== undefined) await topics.commit(consumer, outcome);
    // a replay is far ahead of the regular delivery, and what it tells is to stand in order of time
    if (replayed !== undefined) await announced();
    if (!settings.json) status.tick();
  };
  const start = async (source: Source): Promise<void> => {
    try {
      await source.run(signal);
      log.info('a source has ended', { source: source.name });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
  const { meter, once } = settings;
  const scores = settings.role !== 'notify';
  // that none has come is to be seen as well
  if (scores) metrics.readings.add(0, { verdict: 'ok' });
  const inStep = replayed === undefined ? undefined : { clock: replayed, group: consumer.group, step: tick };
  const captures = await captureOf(settings, topics, codec, { log, pause }).catch(giveUp);
  const inputs: Source[] = [
    ...sourcesOf(settings, { topics, codec, pause, log, stdin: world.stdin }, inStep),
    ...captures,
  ];

  const guard = guardOf(settings);
  const app = createApp({
    ...{ clock, system, log, metrics, models, meters, store, topics, local, codec, consumer, meter },
    database: settings.db,
    ...{ deliveries: store.deliveries, channels: notifier.channels, troubleOf: notifier.troubleOf },
    ...{ needsModel: scores, trouble: () => transport.trouble(scores) },
    ...{ forget, jobs },
    ...{ committed, names: settings.meter_names, simulated: replayed !== undefined, refit: settings.refit },
    settings: settingRows(settings, sources),
    ...{ limits: policy.limits, guard, stopping: signal },
  });
  const server = await listen(app, settings.host, settings.port, guard).catch(giveUp);
  const url = urlOf(server);
  log.info('listening', { url });

  const fed = Promise.all(inputs.map(start));
  const loops = Promise.all([
    transport
      .begin(signal)
      .then(() =>
        Promise.all([...(scores ? [topics.consume(consumer, signal)] : []), transport.run(signal)]),
      ),
    local.consume(announcer, signal),
    // a replay ticks by itself, in step with its clock
    ...(replayed === undefined ? [every(TICK_MS, tick, pause, log, signal)] : []),
    notifier.run(signal),
    ...(entities === undefined ? [] : [entities.run(signal)]),
    every(UPKEEP_MS, () => retention.tick(signal), pause, log, signal),
    ...(published === undefined ? [] : [every(TICK_MS, () => published.tick(), pause, log, signal)]),
    ...(refitter === undefined ? [] : [every(UPKEEP_MS, () => refitter.tick(signal), pause, log, signal)]),
  ]);
  const ended = async (): Promise<unknown> => {
    await fed;
    if (!once) return loops;
    await topics.caughtUp(consumer.group, consumer.topic, signal);
    return announced();
  };
  const run = async (): Promise<void> => {
    try {
      await Promise.race([loops, ended()]);
    } finally {
      stopping.abort();
      server.close();
      server.closeAllConnections();
      await Promise.allSettled([loops, fed]);
      jobs.stop();
      await notifier.close();
      await tracer?.close();
      await published?.close();
      await transport.close();
      models.close();
      db.close();
    }
  };
  const done = run();
  return {
    url,
    metrics,
    models,
    done,
    stop: () => {
      stopping.abort();
    },
  };
}
