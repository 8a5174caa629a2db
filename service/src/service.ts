import type { Settings } from './settings/settings.ts';
import { every } from './runtime/every.ts';
import { urlOf } from './http/listen.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { ModelsInUse } from './models/models.ts';
import { openGround } from './running/ground.ts';
import type { Ground, World } from './running/ground.ts';
import { closeParts, openParts } from './running/parts.ts';
import type { Parts } from './running/parts.ts';

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
  const { metrics, models, log } = ground;
  const stopping = new AbortController();
  const parts = await openParts(ground, sources, stopping.signal);
  const url = urlOf(parts.server);
  log.info('listening', { url });
  const asked = Promise.withResolvers<'stopped'>();
  return {
    ...{ url, metrics, models, done: run(ground, parts, stopping, asked.promise) },
    stop: () => {
      stopping.abort();
      asked.resolve('stopped');
    },
  };
}

/** Runs the parts until they have ended, one of them fails, or somebody asks for the stop; then closes them. */
async function run(
  ground: Ground,
  parts: Parts,
  stopping: AbortController,
  asked: Promise<'stopped'>,
): Promise<void> {
  const fed = parts.inputs.run(stopping.signal);
  const loops = loopsOf(ground, parts, stopping.signal);
  let why: unknown;
  try {
    why = await Promise.race([loops, endOf(ground, parts, { fed, loops }, stopping.signal), asked]);
  } finally {
    stopping.abort();
    await closeParts(parts, Promise.allSettled([loops, fed]), ground.pause);
    ground.close();
  }
  // what went wrong on the way down is told as well
  if (why === 'stopped') await loops;
}

/** What goes on until the stop. */
function loopsOf(
  { models, replayed, pause, log }: Ground,
  { watching, telling, upkeep, tick }: Parts,
  signal: AbortSignal,
): Promise<unknown> {
  const takeModels = (): void => {
    models.poll();
  };
  return Promise.all([
    watching.run(signal),
    telling.run(signal),
    // a replay ticks by itself, in step with its clock; models come also when it has ended
    every(TICK_MS, replayed === undefined ? tick : takeModels, pause, log, signal),
    upkeep.run(signal),
  ]);
}

/** Resolves when there is nothing left to do: with `once` when all that came is scored and told, else never before the loops. */
async function endOf(
  { settings }: Ground,
  { watching: { topics, consumer }, telling }: Parts,
  { fed, loops }: { readonly fed: Promise<unknown>; readonly loops: Promise<unknown> },
  signal: AbortSignal,
): Promise<unknown> {
  await fed;
  if (!settings.once) return loops;
  await topics.caughtUp(consumer.group, consumer.topic, signal);
  return telling.caughtUp(signal);
}
