import { HOUR } from '@lefton/core';
import type { Server } from 'node:http';
import { tellLinks } from '../capture/capture.ts';
import { forgetterOf } from '../forget/forgetter.ts';
import { StatusLine } from '../notify/status-line.ts';
import type { Pause } from '../ports.ts';
import { refitterOf } from '../refit/refitter.ts';
import { Jobs } from '../runtime/jobs.ts';
import { openEdge } from './edge.ts';
import type { Ground } from './ground.ts';
import { openInputs } from './inputs.ts';
import type { Inputs } from './inputs.ts';
import { openTelling } from './telling.ts';
import type { Telling } from './telling.ts';
import { openUpkeep } from './upkeep.ts';
import type { Upkeep } from './upkeep.ts';
import { openWatching } from './watching.ts';
import type { Watching } from './watching.ts';

const STATUS_MS = HOUR;
const REPLAY_STATUS_MS = 6 * HOUR;
/** What is being told at a stop may end; then it is broken off, well before whoever stops us grows impatient. */
const LAST_WORDS_MS = 5_000;

/** The parts of a service, wired to each other. */
export interface Parts {
  readonly watching: Watching;
  readonly telling: Telling;
  readonly upkeep: Upkeep;
  readonly jobs: Jobs;
  readonly inputs: Inputs;
  readonly server: Server;
  /** What is done from second to second; a replay does it in step with its clock. */
  readonly tick: () => Promise<void>;
}

/**
 * Opens all parts, each on those before it; the last is the address, so that nobody is answered by half a service.
 * @param sources where each setting was written
 * @param stopping aborted once the service is to stop
 * @throws LeftOnError as the parts do
 */
export async function openParts(
  ground: Ground,
  sources: ReadonlyMap<string, string>,
  stopping: AbortSignal,
): Promise<Parts> {
  const { settings, models, system, log } = ground;
  const jobs = new Jobs(settings, { ...ground, clock: system });
  const refitter = refitterOf(settings, models, system, log);
  const holders: ((meter: string) => unknown)[] = [
    (meter) => jobs.letGo(meter),
    (meter) => refitter?.letGo(meter),
  ];
  const letGo = (meter: string): Promise<unknown> => Promise.all(holders.map((each) => each(meter)));
  const watching = await openWatching(ground, letGo);
  const telling = await openTelling(ground, watching);
  holders.push((meter) => {
    telling.letGo(meter);
  });
  const forget = forgetterOf(settings, watching.transport, watching.consumer, models);
  const upkeep = await openUpkeep(ground, watching, refitter, forget);
  const tick = ticking(ground, watching, telling, () => inputs, stopping);
  const inputs = await openInputs(ground, watching, tick);
  const server = await openEdge(ground, { watching, telling, jobs, forget, sources, stopping });
  return { watching, telling, upkeep, jobs, inputs, server, tick };
}

/** @param inputsNow they are opened with this tick, and there once it is called */
function ticking(
  { settings, models, metrics, clock, replayed, print }: Ground,
  watching: Watching,
  telling: Telling,
  inputsNow: () => Inputs,
  stopping: AbortSignal,
): Parts['tick'] {
  const statusMs = replayed === undefined ? STATUS_MS : REPLAY_STATUS_MS;
  const status = new StatusLine(watching.meters, clock, statusMs, print);
  return async () => {
    models.poll();
    watching.meters.settle();
    tellLinks(metrics, inputsNow().reports());
    await watching.hearSilences();
    // a replay is far ahead of the regular delivery, and what it tells is to stand in order of time
    if (replayed !== undefined) await telling.caughtUp(stopping);
    if (!settings.json) status.tick();
  };
}

/**
 * Closes all parts, those last that others need; what was being told may end.
 * @param settled resolves when nothing that was run is still at work; all of it has been told to stop
 */
export async function closeParts(
  { watching, telling, upkeep, jobs, server }: Parts,
  settled: Promise<unknown>,
  pause: Pause,
): Promise<void> {
  server.close();
  server.closeAllConnections();
  const over = new AbortController();
  const ended = settled.then(() => {
    over.abort();
  });
  await Promise.race([ended, pause(LAST_WORDS_MS, over.signal)]);
  jobs.stop();
  await telling.close();
  await ended;
  await watching.tracer?.close();
  await upkeep.close();
  await watching.transport.close();
}
