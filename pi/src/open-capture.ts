import type { Reading } from '@lefton/core';
import { Capture } from './capture.ts';
import type { CaptureLog, Pause } from './capture-log.ts';
import type { Reach, SourceSettings } from './capture-settings.ts';
import type { Destination } from './destination.ts';
import { Drain } from './spool/drain.ts';
import type { Pace } from './spool/drain.ts';
import { Interpreter } from './reading/interpreter.ts';
import { meaningOf } from './reading/meaning.ts';
import { openSource } from './open-source.ts';
import { Spool } from './spool/spool.ts';
import type { SpoolSettings } from './spool/spool.ts';
import { Stamp } from './reading/stamp.ts';

/** A whole capture. */
interface CaptureSettings {
  readonly sources: readonly SourceSettings[];
  readonly reach: Reach;
  readonly spool: SpoolSettings;
  readonly pace: Pace;
  /** What the mains can give, in W. */
  readonly mostW: number;
}

/** The world around a capture. */
interface CaptureWorld {
  readonly destination: Destination;
  readonly log: CaptureLog;
  readonly pause: Pause;
  /** Told of each reading once it is in the spool. */
  readonly spooled: (reading: Reading) => void;
}

/**
 * Wires a capture; `run` starts it.
 * @throws LeftOnError as `openSource` and `Spool` do
 */
export async function openCapture(settings: CaptureSettings, world: CaptureWorld): Promise<Capture> {
  const { log, pause, destination, spooled } = world;
  const monotonic = (): number => performance.now();
  const spool = new Spool(settings.spool);
  if (spool.broken !== undefined)
    log.warn('the spool could not be read and was put aside', {
      file: spool.broken,
      carried_over: spool.size,
    });
  const counted = (meter: string): number | undefined => spool.register(meter);
  const parts = { log, pause, monotonic, counted };
  const sources = await Promise.all(
    settings.sources.map((each) => openSource(each, settings.reach, parts)),
  ).catch((error: unknown) => {
    spool.close();
    throw error;
  });
  const stamp = new Stamp(() => Date.now(), monotonic, spool.newest);
  const listened = sources.flatMap((source, index) => {
    const given = settings.sources[index];
    if (given === undefined) return [];
    const meaning = meaningOf(given, source.name, settings.mostW);
    return [{ source, interpreter: new Interpreter(meaning, () => stamp.now(), log) }];
  });
  const drain = new Drain(spool, destination, settings.pace, pause, log);
  return new Capture({ listened, spool, drain, stamp, pause, log, spooled });
}
