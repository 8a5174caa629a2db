import { DAY, HOUR, LeftOnError, MADE_BEFORE, parseInstant } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Log } from '../telemetry/log.ts';
import type { LoadedModel, ModelsInUse } from '../models/models.ts';
import type { Clock } from '../ports.ts';
import { keepsHistory } from '../settings/settings.ts';
import type { Settings } from '../settings/settings.ts';
import { refitInProcess } from './refit-process.ts';
import type { Refit } from './refit-process.ts';
import { readRefits } from './refit-record.ts';

/** Weekly at the hour that was set; where the machine is off at that hour, a day later at any. */
const WEEK_MS = 6.5 * DAY;
const LATE_MS = 8 * DAY;
/** After a failure, not again before the next day's hour. */
const AGAIN_MS = 20 * HOUR;

/**
 * Lets the models in use be fitted anew: those of another version as soon as there is enough to learn from, and where it is asked
 * for all of them once a week. One at a time; a failure is logged and changes nothing.
 */
export class Refitter {
  readonly #models: ModelsInUse;
  readonly #refit: Refit;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #meter: string;
  readonly #hour: number | null;
  /** The refit on its way. */
  #running:
    { readonly meter: string; readonly stop: AbortController; readonly over: Promise<void> } | undefined;
  readonly #tried = new Map<string, Instant>();

  /**
   * @param meter of a model for any meter
   * @param hour local hour of the home, 0..23, at which it is done weekly; null where it is not
   */
  constructor(models: ModelsInUse, refit: Refit, clock: Clock, log: Log, meter: string, hour: number | null) {
    this.#models = models;
    this.#refit = refit;
    this.#clock = clock;
    this.#log = log;
    this.#meter = meter;
    this.#hour = hour;
  }

  /** Fits what is due. */
  async tick(signal: AbortSignal): Promise<void> {
    for (const model of this.#models.loaded) {
      if (signal.aborted) return;
      if (this.#isDue(model)) await this.#begin(model, signal);
    }
  }

  /** Ends a refit of a meter that is to be forgotten; resolves when no model of it can come any more. */
  async letGo(meter: string): Promise<void> {
    if (this.#running?.meter !== meter) return;
    this.#running.stop.abort();
    await this.#running.over;
  }

  async #begin({ file, compiled }: LoadedModel, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    const meter = compiled.meter ?? this.#meter;
    const over = this.#run(file, meter, AbortSignal.any([signal, stop.signal]));
    this.#running = { meter, stop, over };
    await over;
    this.#running = undefined;
  }

  #isDue({ file, compiled }: LoadedModel): boolean {
    // a table of lowest and highest was chosen by a person and stays as it is
    if (compiled.kind !== 'left-on') return false;
    const now = this.#clock.now();
    // what was done later than now was done before the clock was set back, and is no reason to wait
    const before = (at: Instant | undefined): Instant | undefined =>
      at !== undefined && at <= now ? at : undefined;
    if (now - (before(this.#tried.get(file)) ?? -Infinity) < AGAIN_MS) return false;
    if (compiled.why === MADE_BEFORE) return true;
    if (this.#hour === null) return false;
    const last = before(parseInstant(readRefits(file).at(-1)?.at ?? ''));
    if (compiled.zone.hour(now) === this.#hour) return now - (last ?? -Infinity) >= WEEK_MS;
    // before the first there is the fit that the model came from
    const fitted = before(parseInstant(compiled.packed.facts.until));
    return now - (last ?? fitted ?? Infinity) >= LATE_MS;
  }

  async #run(file: string, of: string, signal: AbortSignal): Promise<void> {
    this.#tried.set(file, this.#clock.now());
    try {
      const { promoted, mode, why, meter, days } = await this.#refit(file, of, signal);
      this.#log.info(promoted ? 'a refit was promoted' : 'a refit was not promoted', {
        ...{ file, meter, mode, days, why },
      });
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      if (signal.aborted) return;
      this.#log.warn('a refit failed, the model in use stays', { file, why: error.message });
    }
  }
}

/** What fits the models anew, where there is something to learn from. */
export function refitterOf(
  settings: Settings,
  models: ModelsInUse,
  clock: Clock,
  log: Log,
): Refitter | undefined {
  const { refit, refit_hour, db, windows, meter, model_store } = settings;
  // the models of a fleet are not looked through: they come by `lefton fleet import`
  if (model_store !== null || !keepsHistory(settings)) return undefined;
  const hour = refit === 'weekly' ? refit_hour : null;
  return new Refitter(models, refitInProcess(db, windows), clock, log, meter, hour);
}
