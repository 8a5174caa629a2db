import { DAY } from '@lefton/core';
import type { Instant, QualityLimits } from '@lefton/core';
import { setImmediate } from 'node:timers/promises';
import type { HistoryStore, PastReading } from '../store-ports.ts';
import type { HistoryJob } from './history-job.ts';
import { readPacked } from './packed-file.ts';

/** In one transaction: some milliseconds, so that live readings never wait for longer. */
export const ROWS_AT_ONCE = 1_000;

/** What readings have to keep to. */
interface StoringLimits extends Pick<QualityLimits, 'mainFuseW' | 'futureMs'> {
  readonly now: Instant;
  readonly kept: { readonly days: number; readonly byClock: boolean };
}

/** What is to be stored, and how. */
interface Storing {
  /** Packed readings, ascending. */
  readonly file: string;
  readonly meter: string;
  readonly readings: number;
  readonly newest: Instant;
  /** How long a reading stands for the power after it. */
  readonly holdMs: number;
  readonly limits: StoringLimits;
}

/**
 * Brings the past of a meter into the store, a little at a time. It is looked at and learned from; it is not scored, and
 * tells nobody anything.
 * @param signal ends it; what is stored by then stays
 */
export async function storePast(
  store: HistoryStore,
  { file, meter, readings, newest, holdMs, limits }: Storing,
  progress: (share: number) => void,
  signal: AbortSignal,
): Promise<NonNullable<HistoryJob['stored']>> {
  const last = Math.min(newest, limits.now + limits.futureMs);
  const { days, byClock } = limits.kept;
  const newestKept = Math.max(
    store.newestReading(meter) ?? -Infinity,
    last,
    byClock ? limits.now : -Infinity,
  );
  const oldest = newestKept - days * DAY;
  const stored = { added: 0, known: 0, too_old: 0, unusable: 0 };
  let done = 0;
  let held: PastReading | undefined;
  const put = (rows: readonly PastReading[]): void => {
    const added = store.takeIn(meter, rows);
    stored.added += added;
    stored.known += rows.length - added;
  };
  for await (const rows of readPacked(file, ROWS_AT_ONCE)) {
    signal.throwIfAborted();
    const batch: PastReading[] = [];
    for (let i = 0; i < rows.length; i += 2) {
      const at = Math.round(rows[i] ?? NaN);
      const watts = rows[i + 1] ?? NaN;
      done++;
      if (at > limits.now + limits.futureMs || Math.abs(watts) > limits.mainFuseW) stored.unusable++;
      else if (at < oldest) stored.too_old++;
      else {
        // a reading stands until the next one, as far as that is known
        if (held !== undefined) batch.push({ ...held, until: Math.min(held.until, at) });
        held = { at, watts, until: at + holdMs };
      }
    }
    put(batch);
    progress(done / readings);
    // whatever else wants the loop has its turn
    await setImmediate();
  }
  signal.throwIfAborted();
  if (held !== undefined) put([held]);
  return stored;
}
