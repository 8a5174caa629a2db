import { every } from '../runtime/every.ts';
import type { Forget } from '../forget/forgetter.ts';
import { publishedModelsOf } from '../models/published-models.ts';
import type { Refitter } from '../refit/refitter.ts';
import { Retention } from '../forget/retention.ts';
import type { Ground } from './ground.ts';
import type { Watching } from './watching.ts';

const UPKEEP_MS = 60_000;
const PUBLISH_MS = 1_000;

/** What is done now and then: what is old goes, models are fitted anew and published. */
export interface Upkeep {
  /** Until aborted. */
  run(signal: AbortSignal): Promise<unknown>;
  close(): Promise<void>;
}

/** @throws LeftOnError where models cannot be published */
export async function openUpkeep(
  ground: Ground,
  { transport, meters }: Watching,
  refitter: Refitter | undefined,
  forget: Forget,
): Promise<Upkeep> {
  const { settings, models, db, store, clock, system, pause, log } = ground;
  const retention = new Retention(settings.keep_days, db, {
    ...{ local: transport.local, store, meters, forget, clock, system, pause, log },
  });
  const published = await publishedModelsOf(settings, models, log);
  return {
    run: (signal) =>
      Promise.all([
        every(UPKEEP_MS, () => retention.tick(signal), pause, log, signal),
        ...(published === undefined ? [] : [every(PUBLISH_MS, () => published.tick(), pause, log, signal)]),
        ...(refitter === undefined
          ? []
          : [every(UPKEEP_MS, () => refitter.tick(signal), pause, log, signal)]),
      ]),
    close: async () => {
      await published?.close();
    },
  };
}
