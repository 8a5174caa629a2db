import { HOUR } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { Arrivals, Counts } from './counts.ts';
import type { Dead, DeadLetters } from '../records/dead-letters.ts';
import { recordOf } from '../records/event-record.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { LoadedModel } from '../models/models.ts';
import type { Clock, KeptReading, NewRecord, TopicRecord } from '../ports.ts';
import type { OpenSpan, Tracer } from '../trace/tracer.ts';

/** What one generation of models has watched, to hold it against another. */
interface Watched {
  ms: number;
  alarms: number;
}

/** Longer than this between two readings nothing was watched. */
const WATCHED_MS = HOUR;

/** What a fold gathers. */
export class Gathered {
  produce: NewRecord[] = [];
  readings: KeptReading[] = [];
  readonly told: AnomalyEvent[] = [];
  readonly forgotten: string[] = [];
  readonly counts = new Counts();
  readonly arrivals = new Arrivals();
  /** Records that are no readings. */
  readonly dead: Dead[] = [];
  /** Of each generation of a fleet's models. */
  readonly #watched = new Map<number, Watched>();
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

  tell(event: AnomalyEvent, model: LoadedModel): void {
    this.told.push(event);
    const value = Buffer.from(JSON.stringify(recordOf(event, model)));
    this.produce.push({ topic: 'anomaly_power', key: event.meter, value, ...this.#traced() });
  }

  /** Notes what a reading adds to what a generation has watched. */
  watch(generation: number, ms: number, events: readonly AnomalyEvent[]): void {
    let watched = this.#watched.get(generation);
    if (watched === undefined) this.#watched.set(generation, (watched = { ms: 0, alarms: 0 }));
    if (ms > 0 && ms <= WATCHED_MS) watched.ms += ms;
    for (const { type } of events) if (type === 'opened') watched.alarms++;
  }

  /** Nothing of a meter is told any more, also of what came just before. */
  forget(name: string): void {
    this.forgotten.push(name);
    this.readings = this.readings.filter(({ meter }) => meter !== name);
    this.produce = this.produce.filter(({ key }) => key !== name);
  }

  /** It has committed. */
  count(metrics: Metrics, dead: DeadLetters, clock: Clock | undefined): void {
    for (const [verdict, amount] of this.counts.all()) metrics.readings.add(amount, { verdict });
    for (const { type } of this.told) metrics.events.add(1, { type });
    dead.tell(this.dead);
    for (const [key, { ms, alarms }] of this.#watched) {
      const generation = String(key);
      metrics.generationWatched.add(ms / 1_000, { generation });
      metrics.generationAlarms.add(alarms, { generation });
    }
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
