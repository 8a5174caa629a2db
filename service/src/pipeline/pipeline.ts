import { detect, LeftOnError, silence, silentFrom } from '@lefton/core';
import type { Instant, Policy, Reading } from '@lefton/core';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import { DeadLetters } from '../records/dead-letters.ts';
import { asksToForget } from '../forget/forget-record.ts';
import { Gathered } from './gathered.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meter, Meters } from '../meters/meters.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Clock, Consumer, MeterRow, Outcome, TopicRecord } from '../ports.ts';
import { deadLetter } from '../records/raw-record.ts';
import { Seldom } from '../meters/seldom.ts';
import type { Tracer } from '../trace/tracer.ts';

/** What the pipeline is set to. */
interface PipelineSettings {
  readonly policy: Policy;
  /** Readings before this instant are folded without telling. */
  readonly tellFrom: Instant;
  /** Good readings are kept for the page. */
  readonly keepReadings: boolean;
  /** Called when a batch has committed. */
  readonly committed?: () => void;
  /** The clock by which topics note when a record came; undefined where nobody asks how long scoring takes. */
  readonly arrivals?: Clock;
  /** undefined: nothing is traced. */
  readonly tracer?: Tracer | undefined;
}

/** raw_power -> decode -> verdict -> detect -> anomaly_power, and the readings to look at on the way. */
export class Pipeline implements Consumer {
  readonly group = 'scorer';
  readonly topic = 'raw_power';
  /** A batch lives through a young collection; larger ones cost memory and gain little. */
  readonly batch = 500;
  readonly #meters: Meters;
  readonly #codec: ReadingCodec;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #metrics: Metrics;
  readonly #dead: DeadLetters;
  readonly #settings: PipelineSettings;
  readonly #seldom: Seldom;

  constructor(
    meters: Meters,
    codec: ReadingCodec,
    clock: Clock,
    log: Log,
    metrics: Metrics,
    settings: PipelineSettings,
  ) {
    this.#meters = meters;
    this.#codec = codec;
    this.#clock = clock;
    this.#log = log;
    this.#metrics = metrics;
    this.#dead = new DeadLetters(log, metrics);
    this.#seldom = new Seldom(log);
    this.#settings = settings;
  }

  prepare(records: readonly TopicRecord[]): Promise<void> | undefined {
    const asked = this.#codec.prepare(records);
    const read = this.#meters.prepare(records);
    if (asked === undefined || read === undefined) return asked ?? read;
    return Promise.all([asked, read]).then(() => undefined);
  }

  fold(records: readonly TopicRecord[]): Outcome {
    const out = new Gathered(this.#settings.tracer);
    const now = this.#clock.now();
    for (const record of records) {
      const { appendedAt } = record;
      if (record.value.length === 0 && asksToForget(record)) {
        this.#forgetMeter(record.key, out);
        continue;
      }
      out.next(record);
      const reading = this.#decode(record, appendedAt, out);
      if (reading !== undefined) this.#take(reading, appendedAt, now, out);
    }
    return this.#outcome(out);
  }

  /** The meters that have become silent, each to be committed by who has it. */
  silences(): Outcome[] {
    const outcomes: Outcome[] = [];
    const now = this.#clock.now();
    for (const meter of this.#meters.all) {
      this.#seldom.look(meter);
      // a file of old readings is not silent while it is read: what counts is for how long nothing was heard
      // a clock that was set back begins anew
      meter.heardAt = Math.min(meter.heardAt, now);
      const heard = meter.state.newestReading + (now - meter.heardAt);
      if (!this.#isSilent(meter, Math.min(now, heard))) continue;
      const out = new Gathered(this.#settings.tracer);
      this.#silenceUntil(meter, Math.min(now, heard), out);
      if (out.told.length > 0) outcomes.push(this.#outcome(out));
    }
    return outcomes;
  }

  newcomers(): readonly string[] {
    return this.#meters.newcomers();
  }

  save(meters?: Iterable<string>): MeterRow[] {
    return this.#meters.save(meters);
  }

  forget(): void {
    this.#meters.reload();
  }

  restore(meters: Iterable<string>, rows: readonly MeterRow[]): void {
    this.#meters.restore(meters, rows);
  }

  #forgetMeter(name: string, out: Gathered): void {
    this.#meters.restore([name], []);
    out.forget(name);
    this.#log.info('a meter was forgotten');
  }

  #decode(record: TopicRecord, appendedAt: Instant, out: Gathered): Reading | undefined {
    try {
      if (record.unreadable !== undefined) throw record.unreadable;
      return this.#codec.decode(record.value, record.key, appendedAt);
    } catch (error) {
      if (!(error instanceof LeftOnError)) throw error;
      out.dead.push({ fault: error, from: { position: record.position } });
      out.produce.push(deadLetter(record, error.message));
      return undefined;
    }
  }

  /** The verdict must not depend on when it is folded, so what counts as now is when the topic took the reading. */
  #take(reading: Reading, appendedAt: Instant, now: Instant, out: Gathered): void {
    const meter = this.#meters.take(reading.meter);
    if (typeof meter === 'string') {
      out.counts.add(meter);
      return;
    }
    const { policy } = this.#settings;
    const { state, model } = meter;
    // as in a backtest: a gap is told before what ends it, whether or not the tick came in time
    if (reading.at <= appendedAt + policy.limits.futureMs) this.#silenceUntil(meter, reading.at - 1, out);
    const before = state.newestReading;
    const events = detect(model.compiled, policy, state, reading, appendedAt);
    meter.touched = true;
    out.counts.add(state.verdict);
    if (state.verdict !== 'ok') return;
    meter.heardAt = now;
    if (this.#settings.keepReadings)
      out.readings.push({ meter: meter.name, at: reading.at, watts: reading.watts });
    if (model.generation !== null) out.watch(model.generation, reading.at - before, events);
    const early = reading.at < this.#settings.tellFrom;
    for (const event of events) {
      if (event.type === 'opened') meter.untold = early;
      // an episode that opened before telling began is not told at its end either
      const followsUntold = meter.untold && (event.type === 'still_on' || event.type === 'closed');
      if (!early && !followsUntold) out.tell(event, model);
    }
  }

  /** Events are placed at the instant they became due, so that they do not depend on when somebody looked. */
  #silenceUntil(meter: Meter, now: Instant, out: Gathered): void {
    const { policy, tellFrom } = this.#settings;
    const { state, model } = meter;
    if (!this.#isSilent(meter, now)) return;
    const due = silentFrom(policy, state);
    for (const event of silence(model.compiled, policy, state, due)) {
      meter.touched = true;
      if (due >= tellFrom) out.tell(event, model);
    }
  }

  /** And it was not told yet. */
  #isSilent({ state }: Meter, now: Instant): boolean {
    return silentFrom(this.#settings.policy, state) <= now && Number.isNaN(state.silentSince);
  }

  #outcome(out: Gathered): Outcome {
    const { produce, readings, forgotten } = out;
    return {
      produce,
      changes: { readings, events: [], alerts: [] },
      forgotten,
      committed: () => {
        out.count(this.#metrics, this.#dead, this.#settings.arrivals);
        this.#settings.committed?.();
      },
    };
  }
}
