import { setImmediate } from 'node:timers/promises';
import type { ReadingCodec } from './avro/reading-codec.ts';
import { embeddedTransport } from './embedded-transport.ts';
import type { Settings } from './settings/settings.ts';
import { kafkaSettings } from './settings/kafka.ts';
import type { Log } from './telemetry/log.ts';
import type { Metrics } from './telemetry/metrics.ts';
import type { Clock, Topics } from './ports.ts';
import type { Store } from './store-ports.ts';
import type { Database } from './sqlite/database.ts';
import { Erasure } from './sqlite/erasure.ts';
import type { RowCounts } from './sqlite/erasure.ts';
import { limitsFor } from './topics/log-limits.ts';
import { SqliteTopics } from './topics/sqlite.ts';

/** Where readings go and events come from. */
export interface Transport {
  /** Readings are produced and scored here. */
  readonly topics: Topics;
  /** People are told from here: this process's own file. */
  readonly local: SqliteTopics;
  /** How readings stand in raw_power. */
  readonly codec: ReadingCodec;
  /** The states that a meter may begin with. */
  readonly states: Pick<Store, 'meters'>;
  /** Meters that a process takes at most. */
  readonly mostMeters: number;
  /** Notes where `run` begins; before anything is scored. */
  begin(signal: AbortSignal): Promise<void>;
  /** Brings events into the local file, until aborted. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when the events told so far are in the local file. */
  arrived(signal: AbortSignal): Promise<void>;
  /**
   * Forgets a meter: what was deleted here, or null where it was asked for on Kafka and is done by each process.
   * @param committed called before anything is read again
   */
  forget(meter: string, committed: () => void): Promise<RowCounts | null>;
  /** Why nothing is scored or told now; undefined while all is well. */
  trouble(scores: boolean): string | undefined;
  close(): Promise<void>;
}

/** What works on a meter ends; resolves when it can write nothing of it any more. */
export type LetGo = (meter: string) => Promise<unknown>;

/** What a transport stands on. */
export interface TransportDeps {
  readonly settings: Settings;
  readonly db: Database;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Called before a meter is forgotten or erased here, and again with the last of its rows. */
  readonly letGo: LetGo;
}

/** This process's own file, which each transport has. */
export interface OwnFile {
  readonly local: SqliteTopics;
  /** Deletes a meter from it. @param committed called before anything is read again */
  readonly erase: (meter: string, committed?: () => void) => Promise<RowCounts>;
}

/** The embedded transport, or Kafka where the settings name brokers. */
export async function openTransport(deps: TransportDeps): Promise<Transport> {
  const own = ownFileOf(deps);
  const kafka = kafkaSettings(deps.settings);
  if (kafka === undefined) return embeddedTransport(deps, own);
  // loaded when asked for: a home without Kafka does not pay for its client
  const { kafkaTransport } = await import('./kafka-transport.ts');
  return kafkaTransport(kafka, deps, own);
}

function ownFileOf({ settings, db, store, clock, log, letGo }: TransportDeps): OwnFile {
  const erasure = new Erasure(db);
  return {
    local: new SqliteTopics(db, store, clock, log, limitsFor(settings.keep_days)),
    erase: async (meter, committed = () => undefined) => {
      await letGo(meter);
      return erasure.erase(meter, setImmediate, () => {
        // what was begun in the meantime: it ends in the same breath
        void letGo(meter);
        committed();
      });
    },
  };
}
