import { toRecord } from '@lefton/core';
import type { AnomalyEvent, Instant } from '@lefton/core';
import type { Histogram } from './metric.ts';
import type { Metrics } from './metrics.ts';
import type { Clock, KeptReading, NewRecord, TopicRecord } from './ports.ts';
import type { OpenSpan, Tracer } from './trace/tracer.ts';

/** Readings by verdict, or by why there is none. Most are like the one before, and cost an addition. */
class Counts {
  readonly #counts = new Map<string, number>();
  #last = 'ok';
  #run = 0;

  add(verdict: string): void {
    if (verdict !== this.#last) this.#flush(verdict);
    this.#run++;
  }

  all(): ReadonlyMap<string, number> {
    this.#flush(this.#last);
    return this.#counts;
  }

  #flush(next: string): void {
    if (this.#run > 0) this.#counts.set(this.#last, (this.#counts.get(this.#last) ?? 0) + this.#run);
    this.#last = next;
    this.#run = 0;
  }
}

/** When records came, and how many at once: runs of the same instant, as most of a batch are. */
class Arrivals {
  readonly #at: Instant[] = [];
  readonly #times: number[] = [];

  add(at: Instant): void {
    const last = this.#at.length - 1;
    if (last >= 0 && this.#at[last] === at) this.#times[last] = (this.#times[last] ?? 0) + 1;
    else {
      this.#at.push(at);
      this.#times.push(1);
    }
  }

  tell(latency: Histogram, now: Instant): void {
    for (const [i, at] of this.#at.entries()) latency.observe(Math.max(0, now - at) / 1_000, this.#times[i]);
  }
}

/** Fields that a record may be wrong in; whatever else it says of itself is no label. */
const REASONS = ['record', 'reading', 'schema', 'meter', 'at', 'watts', 'energy_wh', 'source', 'hour', 'kwh'];

/** What a fold gathers. */
export class Gathered {
  produce: NewRecord[] = [];
  readings: KeptReading[] = [];
  readonly told: AnomalyEvent[] = [];
  readonly forgotten: string[] = [];
  readonly counts = new Counts();
  readonly arrivals = new Arrivals();
  /** What was wrong with records that are no readings. */
  readonly dead: string[] = [];
  readonly #tracer: Tracer | undefined;
  readonly #spans: OpenSpan[] = [];

  /** @param tracer undefined: nothing is traced, and no header looked at */
  constructor(tracer: Tracer | undefined) {
    this.#tracer = tracer;
  }

  /** The next record is folded. */
  next(record: TopicRecord): void {
    this.arrivals.add(record.appendedAt);
    if (this.#tracer === undefined) return;
    this.#spans.push(this.#tracer.after(record.headers.traceparent, 'score', 'consumer', false));
  }

  tell(event: AnomalyEvent): void {
    this.told.push(event);
    const value = Buffer.from(JSON.stringify(toRecord(event)));
    this.produce.push({ topic: 'anomaly_power', key: event.meter, value, ...this.#traced() });
  }

  /** Nothing of a meter is told any more, also of what came just before. */
  forget(name: string): void {
    this.forgotten.push(name);
    this.readings = this.readings.filter(({ meter }) => meter !== name);
    this.produce = this.produce.filter(({ key }) => key !== name);
  }

  /** It has committed. */
  count(metrics: Metrics, clock: Clock | undefined): void {
    for (const [verdict, amount] of this.counts.all()) metrics.readings.add(amount, { verdict });
    for (const { type } of this.told) metrics.events.add(1, { type });
    for (const place of this.dead)
      metrics.deadLetters.add(1, { reason: REASONS.includes(place) ? place : 'other' });
    if (clock !== undefined) this.arrivals.tell(metrics.latency, clock.now());
    for (const span of this.#spans) this.#tracer?.end(span);
  }

  /** An event is always recorded, whatever was decided of its reading. A silence follows from no record. */
  #traced(): { headers?: Record<string, string> } {
    const tracer = this.#tracer;
    if (tracer === undefined) return {};
    const span = this.#spans.pop() ?? tracer.after(undefined, 'score', 'internal', true);
    const recorded = { ...span, context: { ...span.context, sampled: true } };
    this.#spans.push(recorded);
    return { headers: { traceparent: tracer.headerOf(recorded) } };
  }
}
