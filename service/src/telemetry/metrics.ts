import { Histogram, Metric } from './metric.ts';
import type { Family } from './metric.ts';

const counter = (name: string, help: string): Metric => new Metric(`lefton_${name}`, 'counter', help);
const gauge = (name: string, help: string): Metric => new Metric(`lefton_${name}`, 'gauge', help);
/** Without a label it is there from the start, so that the first one counts as a rise. */
const single = (name: string, help: string): Metric => {
  const made = counter(name, help);
  made.set(0);
  return made;
};

/** From a broker next door to a broker that was away. */
const LATENCY_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const TAKEOVER_S = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300];

/**
 * What the service counts of itself; docs/operations.md says what to do about each. Labels never carry meter ids: their
 * number has no bound. Names and units as https://prometheus.io/docs/practices/naming/ has them.
 */
export class Metrics {
  readonly readings = counter('readings_total', 'Readings folded, by verdict.');
  readonly deadLetters = counter(
    'dead_letters_total',
    'Records and lines that were no readings, by what was wrong.',
  );
  readonly events = counter('events_total', 'Events written to anomaly_power, by type.');
  readonly latency = new Histogram(
    'lefton_scoring_latency_seconds',
    'From when the topic took a reading to the commit of what came of it.',
    LATENCY_S,
  );
  readonly ready = gauge('ready', 'Whether it can score, as /readyz answers.');
  readonly lag = gauge('lag_readings', 'Readings not yet scored.');
  readonly meters = gauge('meters', 'Meters heard so far.');
  readonly silentMeters = gauge('silent_meters', 'Meters that have fallen silent.');
  readonly openEpisodes = gauge('open_episodes', 'Meters with an episode that is not over.');
  readonly models = gauge('models', 'Models in use.');
  readonly modelBytes = gauge('model_memory_bytes', 'Memory of the models of a fleet.');
  readonly modelLoads = single('model_loads_total', 'Models read from the store of a fleet.');
  readonly modelEvictions = single('model_evictions_total', 'Models that left the memory to make room.');
  readonly unknownMeters = gauge(
    'unknown_meters',
    'Meters heard of whom a fleet has no model, nor a cohort.',
  );
  readonly generationMeters = gauge(
    'generation_meters',
    'Meters scored, by generation of their model, and whether it is their own or of a cohort.',
  );
  readonly rolloutShare = gauge('rollout_share_ratio', 'Share of the meters that try new models.');
  readonly rolloutGeneration = gauge(
    'rollout_generation',
    'Generation of models by role: stable is the one in use, candidate the one that is tried.',
  );
  readonly generationAlarms = counter(
    'generation_alarms_total',
    'Episodes opened, by generation of the model.',
  );
  readonly generationWatched = counter(
    'generation_watched_meter_seconds_total',
    'Time of all meters that was scored, by generation of the model.',
  );
  readonly refusedModels = gauge('refused_models', 'Model files that are not in use.');
  readonly refusals = single('model_refusals_total', 'Model files that were refused.');
  readonly oldestFit = gauge(
    'model_oldest_fit_timestamp_seconds',
    'End of the history that the oldest model in use has learned from.',
  );
  readonly deliveries = gauge('deliveries', 'Alerts in the outbox, by channel and state.');
  readonly attempts = counter('delivery_attempts_total', 'Messages to channels, by channel and how it went.');
  readonly oldestAlert = gauge(
    'outbox_oldest_alert_seconds',
    'Age of the oldest alert that is not told and not held for a better moment, by channel.',
  );
  readonly frames = counter('meter_frames_total', 'Frames heard from meters, by source and quality.');
  readonly reopened = counter('meter_reopened_total', 'Lines to meters that were opened again, by source.');
  readonly lastGood = gauge('meter_last_good_seconds', 'Age of the last good frame, by source.');
  readonly spooled = gauge('spooled_readings', 'Captured readings that wait to be delivered.');
  readonly letGo = counter('let_go_readings_total', 'Captured readings that had to go: the spool was full.');
  readonly database = gauge('database_bytes', 'Size of the SQLite file with its write-ahead log.');
  readonly partitions = gauge('kafka_partitions', 'Partitions of raw_power that this process scores.');
  readonly rebalances = counter('kafka_rebalances_total', 'Times that the partitions were shared out anew.');
  readonly takeover = new Histogram(
    'lefton_kafka_takeover_seconds',
    'From when a partition was assigned to when it is scored, with the states of its meters.',
    TAKEOVER_S,
  );
  readonly rebalance = new Histogram(
    'lefton_kafka_rebalance_seconds',
    'How long this process waited until the partitions were shared out anew.',
    TAKEOVER_S,
  );
  readonly rebuild = new Histogram(
    'lefton_kafka_rebuild_seconds',
    'From when a partition was assigned to when its states are as before, with what is folded again.',
    TAKEOVER_S,
  );
  readonly unfinished = gauge('kafka_unfinished_takeovers', 'Partitions whose states are not as before yet.');
  readonly partitionLag = gauge(
    'consumer_lag_readings',
    'Readings not yet scored, of each partition that this process has.',
  );
  readonly takeoverStates = counter('kafka_takeover_states_total', 'States of meters read for takeovers.');
  readonly foldedAgain = counter(
    'kafka_folded_again_readings_total',
    'Readings told before, folded for the states alone after a takeover.',
  );
  readonly build = gauge('build_info', 'Always 1; the version is the label.');
  readonly memory = new Metric('process_resident_memory_bytes', 'gauge', 'Resident memory.');
  readonly processor = new Metric('process_cpu_seconds_total', 'counter', 'Processor time, user and system.');
  readonly started = new Metric('process_start_time_seconds', 'gauge', 'When the process started.');

  get families(): Family[] {
    return Object.values(this).filter((value) => value instanceof Metric || value instanceof Histogram);
  }

  /** Prometheus text format 0.0.4. */
  render(): string {
    return this.families.map((family) => family.render()).join('');
  }
}
