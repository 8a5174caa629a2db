export type Labels = Readonly<Record<string, string>>;
type MetricType = 'counter' | 'gauge';

/** A family of values that `/metrics` shows, in the Prometheus text format 0.0.4. */
export interface Family {
  readonly name: string;
  render(): string;
}

/** A number with labels, as Prometheus reads it. */
export class Metric implements Family {
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

  /** Over all labels. */
  get total(): number {
    return [...this.#values.values()].reduce((sum, { value }) => sum + value, 0);
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

  render(): string {
    const lines = [...this.#values].map(([key, { value }]) => `${this.name}${key} ${value}\n`);
    return `${head(this.name, this.type, this.help)}${lines.join('')}`;
  }
}

/** How often a duration was how long, in seconds. An observation is two additions: it may stand in a hot loop. */
export class Histogram implements Family {
  readonly name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #counts: number[];
  #sum = 0;

  /** @param bounds upper ends of the buckets, rising; what is above the last counts as well */
  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#counts = [...bounds, Infinity].map(() => 0);
  }

  get count(): number {
    return this.#counts.reduce((sum, n) => sum + n, 0);
  }

  /** @param times so many were as long */
  observe(seconds: number, times = 1): void {
    let bucket = 0;
    while (bucket < this.#bounds.length && seconds > (this.#bounds[bucket] ?? Infinity)) bucket++;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + times;
    this.#sum += seconds * times;
  }

  render(): string {
    let below = 0;
    const buckets = this.#counts.map((count, i) => {
      below += count;
      return `${this.name}_bucket{le="${this.#bounds[i] ?? '+Inf'}"} ${below}\n`;
    });
    const rest = `${this.name}_sum ${this.#sum}\n${this.name}_count ${below}\n`;
    return `${head(this.name, 'histogram', this.#help)}${buckets.join('')}${rest}`;
  }
}

const head = (name: string, type: string, help: string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;

/** Labels as they stand behind a name: `{source="dsmr"}`. */
export function keyOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeValue = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
