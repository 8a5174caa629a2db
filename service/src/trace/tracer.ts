import { randomBytes } from 'node:crypto';
import type { Clock } from '../ports.ts';
import type { Span, SpanKind } from './span.ts';
import { contextOf, traceparentOf } from './traceparent.ts';
import type { Context } from './traceparent.ts';

/** A span that is not over. */
export interface OpenSpan {
  readonly name: string;
  readonly kind: SpanKind;
  readonly context: Context;
  readonly parentSpanId: string | undefined;
  readonly begun: number;
}

/** How a span ended. */
interface SpanEnd {
  readonly attributes?: Span['attributes'];
  readonly fault?: string;
}

/** Where spans go. */
export interface SpanSink {
  put(span: Span): void;
  close(): Promise<void>;
}

/** Begins and ends spans. Nobody has one while traces are off: whoever might trace asks for it with `?.`. */
export class Tracer {
  readonly #sink: SpanSink;
  readonly #ratio: number;
  readonly #clock: Clock;
  readonly #random: () => number;

  /**
   * @param ratio share of readings whose trace is recorded from the beginning, 0..1
   * @param clock the system's
   */
  constructor(sink: SpanSink, ratio: number, clock: Clock, random: () => number) {
    this.#sink = sink;
    this.#ratio = ratio;
    this.#clock = clock;
    this.#random = random;
  }

  /** The first span of a trace. */
  root(name: string, kind: SpanKind): OpenSpan {
    const context = { traceId: id(16), spanId: id(8), sampled: this.#random() < this.#ratio };
    return { name, kind, context, parentSpanId: undefined, begun: this.#clock.now() };
  }

  /**
   * A span that follows from another; the first of a trace where there is none.
   * @param sampled record it, also where what was before is not
   */
  after(traceparent: string | null | undefined, name: string, kind: SpanKind, sampled: boolean): OpenSpan {
    const parent = contextOf(traceparent);
    const context = {
      traceId: parent?.traceId ?? id(16),
      spanId: id(8),
      sampled: sampled || parent?.sampled === true,
    };
    return { name, kind, context, parentSpanId: parent?.spanId, begun: this.#clock.now() };
  }

  /** What a span is known by in the headers of a record. */
  headerOf({ context }: OpenSpan): string {
    return traceparentOf(context);
  }

  end(
    { name, kind, context, parentSpanId, begun }: OpenSpan,
    { attributes = {}, fault }: SpanEnd = {},
  ): void {
    if (!context.sampled) return;
    const { traceId, spanId } = context;
    const ended = this.#clock.now();
    this.#sink.put({ name, kind, traceId, spanId, parentSpanId, begun, ended, attributes, fault });
  }

  /** Sends what waits, and no more after that. */
  close(): Promise<void> {
    return this.#sink.close();
  }
}

const id = (bytes: number): string => randomBytes(bytes).toString('hex');
