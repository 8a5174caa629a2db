import { DAY, HOUR } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Forget } from './forgetter.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, Pause } from '../ports.ts';
import type { Database } from '../sqlite/database.ts';
import { OwnDays } from '../sqlite/own-days.ts';
import type { SqliteStore } from '../store/store.ts';
import { defaultLogLimits } from '../topics/log-limits.ts';
import type { SqliteTopics } from '../topics/sqlite.ts';

/** All tables are looked through for meters with days of their own: not every minute. */
const OWN_MS = HOUR;
/** What has come while the service was away is read first: a meter may be among it. */
const CATCH_UP_MS = HOUR;

/** What is asked about the meters that are scored. */
interface Heard {
  find(
    name: string,
  ): { readonly heardAt: Instant; readonly state: { readonly newestReading: Instant } } | undefined;
}

interface RetentionDeps {
  readonly local: Pick<SqliteTopics, 'expire'>;
  readonly store: Pick<SqliteStore, 'expire'>;
  readonly meters: Heard;
  readonly forget: Forget;
  /** By which readings are noted. */
  readonly clock: Clock;
  /** Of the machine. */
  readonly system: Clock;
  readonly pause: Pause;
  readonly log: Log;
}

/** Lets go of what is older than the settings say, and of meters that were not heard for all of their own days. */
export class Retention {
  readonly #days: readonly (readonly [meter: string, days: number])[];
  readonly #own: OwnDays;
  readonly #deps: RetentionDeps;
  /** Meters that are being forgotten. */
  readonly #asked = new Set<string>();
  #ownAt = -Infinity;
  #beganAt: Instant | undefined;

  /** @param keepDays of meters that have days of their own */
  constructor(keepDays: Readonly<Record<string, number>>, db: Database, deps: RetentionDeps) {
    this.#days = Object.entries(keepDays);
    this.#own = new OwnDays(db, keepDays, defaultLogLimits.retentionDays.anomaly_power);
    this.#deps = deps;
  }

  async tick(signal: AbortSignal): Promise<void> {
    const { local, store, system, clock, pause } = this.#deps;
    const now = system.now();
    while (!signal.aborted) {
      const isMore = [local.expire(now) > 0, store.expire(now, clock.now())];
      if (!isMore.includes(true)) break;
      await pause(0, signal);
    }
    if (this.#days.length === 0) return;
    this.#beganAt ??= now;
    if (now >= this.#beganAt + CATCH_UP_MS) await this.#forget(clock.now());
    if (now < this.#ownAt + OWN_MS) return;
    this.#ownAt = now;
    while (this.#own.expire(now, clock.now()) > 0) await pause(0, signal);
  }

  /** Newest good reading of a meter; of a past that is sent now, the clock when it came; undefined while it is not scored. */
  #heardAt(name: string, now: Instant): Instant | undefined {
    const meter = this.#deps.meters.find(name);
    if (meter === undefined) return undefined;
    return now < meter.heardAt + HOUR ? meter.heardAt : meter.state.newestReading;
  }

  /** All that is kept of such a meter is older than it may be: also its state, and its models in a store. */
  async #forget(now: Instant): Promise<void> {
    const { forget, log } = this.#deps;
    for (const [meter, days] of this.#days) {
      const newest = this.#heardAt(meter, now);
      if (newest === undefined || !(newest < now - days * DAY)) {
        this.#asked.delete(meter);
        continue;
      }
      // on Kafka it is known until the request comes with the readings
      if (this.#asked.has(meter)) continue;
      log.info('a meter that is no longer heard is forgotten', { days });
      try {
        await forget(meter);
        this.#asked.add(meter);
      } catch (error) {
        // what cannot be erased now, as on a disk that is read only, must not end the watching
        log.error('a meter could not be forgotten, which is tried again', { why: String(error) });
      }
    }
  }
}
