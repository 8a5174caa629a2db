/** As https://opentelemetry.io/docs/specs/otel/trace/api/#spankind has them. */
export type SpanKind = 'internal' | 'producer' | 'consumer' | 'client';

/** What was done, from when to when. Names no meter: traces go to other systems. */
export interface Span {
  readonly name: string;
  readonly kind: SpanKind;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  /** In ms since 1970. */
  readonly begun: number;
  readonly ended: number;
  readonly attributes: Readonly<Record<string, string | number>>;
  /** Why it did not succeed; undefined where it did. */
  readonly fault: string | undefined;
}
