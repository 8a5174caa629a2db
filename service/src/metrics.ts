import type { Takeover, WorkObserver } from './ports.ts';

type Labels = Readonly<Record<string, string>>;
type MetricType = 'counter' | 'gauge';

/** A number with labels, as Prometheus reads it. */
export class Metric {
  readonly name: string;
  readonly help: string;
  readonly type: MetricType;
  readonly #values = new Map<string, { readonly labels: Labels; readonly value: number }>();

  constructor(name: string, type: MetricType, help: string) {
    this.name = name;
    this.type = type;
    this.help = help;
  }

  add(amount: number, labels: Labels = {}): void {
    this.set(this.get(labels) + amount, labels);
  }

  set(value: number, labels: Labels = {}): void {
    this.#values.set(keyOf(labels), { labels, value });
  }

  get(labels: Labels = {}): number {
    return this.#values.get(keyOf(labels))?.value ?? 0;
  }

  /** Forgets all values: for what is counted anew each time it is asked for. */
  clear(): void {
    this.#values.clear();
  }

  /** The values by one of their labels. */
  by(label: string): Record<string, number> {
    return Object.fromEntries(
      [...this.#values.values()].map(({ labels, value }) => [labels[label] ?? '', value]),
    );
  }

  /** Prometheus text format 0.0.4. */
  render(): string {
    const lines = [...this.#values].map(([key, { value }]) => `${this.name}${key} ${value}\n`);
    return `# HELP ${this.name} ${this.help}\n# TYPE ${this.name} ${this.type}\n${lines.join('')}`;
  }
}

function keyOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeValue = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');

const counter = (name: string, help: string): Metric => new Metric(`lefton_${name}`, 'counter', help);
const gauge = (name: string, help: string): Metric => new Metric(`lefton_${name}`, 'gauge', help);

/** What the service counts of itself. Labels never carry meter ids: their number has no bound. */
export class Metrics implements WorkObserver {
  readonly readings = counter('readings_total', 'Readings folded, by verdict.');
  readonly deadLetters = counter('dead_letters_total', 'Records that were no readings.');
  readonly events = counter('events_total', 'Events written to anomaly_power, by type.');
  readonly refusals = counter('model_refusals_total', 'Model files that were refused.');
  readonly lag = gauge('lag_readings', 'Readings not yet scored.');
  readonly meters = gauge('meters', 'Meters heard so far.');
  readonly models = gauge('models', 'Models in use.');
  readonly modelBytes = gauge('model_memory_bytes', 'Memory of the models of a fleet.');
  readonly modelLoads = counter('model_loads_total', 'Models read from the store of a fleet.');
  readonly modelEvictions = gauge(
    'model_evictions',
    'Models that left the memory to make room, since start.',
  );
  readonly generationAlarms = counter(
    'generation_alarms_total',
    'Episodes opened, by generation of the model.',
  );
  readonly generationWatched = counter(
    'generation_watched_meter_seconds_total',
    'Time of all meters that was scored, by generation of the model.',
  );
  readonly openEpisodes = gauge('open_episodes', 'Meters with an episode that is not over.');
  readonly deliveries = gauge('deliveries', 'Alerts in the outbox, by channel and state.');
  readonly frames = counter('meter_frames_total', 'Frames heard from meters, by source and quality.');
  readonly reopened = counter('meter_reopened_total', 'Lines to meters that were opened again, by source.');
  readonly lastGood = gauge('meter_last_good_seconds', 'Age of the last good frame, by source.');
  readonly spooled = gauge('spooled_readings', 'Captured readings that wait to be delivered.');
  readonly letGo = counter('let_go_readings_total', 'Captured readings that had to go: the spool was full.');
  readonly takeovers = counter('partition_takeovers_total', 'Partitions that this process has taken over.');
  readonly takeoverSeconds = counter(
    'partition_takeover_seconds_total',
    'Time from being given a partition until it was read, states included; of all takeovers.',
  );
  readonly takeoverLongest = gauge('partition_takeover_longest_seconds', 'The longest of them.');
  readonly takeoverStates = counter('partition_takeover_states_total', 'States of meters read for them.');
  readonly foldedAgain = counter(
    'readings_folded_again_total',
    'Readings told before, folded for the states alone after a takeover.',
  );
  readonly rebalances = counter('rebalances_total', 'Times that the group shared its partitions anew.');
  readonly rebalanceSeconds = counter('rebalance_seconds_total', 'Time that this process waited for that.');
  readonly memory = gauge('process_resident_memory_bytes', 'Resident memory.');
  readonly uptime = gauge('process_uptime_seconds', 'Seconds since start.');

  takenOver({ seconds, states, foldedAgain }: Takeover): void {
    this.takeovers.add(1);
    this.takeoverSeconds.add(seconds);
    this.takeoverLongest.set(Math.max(seconds, this.takeoverLongest.get()));
    this.takeoverStates.add(states);
    this.foldedAgain.add(foldedAgain);
  }

  rebalanced(seconds: number): void {
    this.rebalances.add(1);
    this.rebalanceSeconds.add(seconds);
  }

  render(): string {
    return Object.values(this)
      .filter((value) => value instanceof Metric)
      .map((metric) => metric.render())
      .join('');
  }
}
