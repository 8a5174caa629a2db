import type { Log } from '../telemetry/log.ts';
import { SOFTWARE } from '../cli/software.ts';
import type { Span, SpanKind } from './span.ts';
import type { SpanSink } from './tracer.ts';

const BATCH = 512;
/** Spans that wait, at most; more are dropped and counted. */
const WAITING = 4_096;
const EVERY_MS = 2_000;
const TIMEOUT_MS = 5_000;
/** A stop has other things to wait for. */
const LAST_MS = 1_000;
const KINDS: Readonly<Record<SpanKind, number>> = { internal: 1, client: 3, producer: 4, consumer: 5 };
const FAULT = 2;
const [NAME = '', VERSION = ''] = SOFTWARE.split(' ');

/**
 * Takes spans to a collector: OTLP over HTTP as JSON (https://opentelemetry.io/docs/specs/otlp/#otlphttp). Traces are to be
 * had and not to be waited for: what a collector does not take is dropped, and memory stays bounded.
 */
export class OtlpSink implements SpanSink {
  readonly #url: string;
  readonly #log: Log;
  readonly #timer: NodeJS.Timeout;
  #waiting: Span[] = [];
  #dropped = 0;
  readonly #closing = new AbortController();
  #sending: Promise<void> = Promise.resolve();

  /** @param url with its path: http://collector:4318/v1/traces */
  constructor(url: string, log: Log) {
    this.#url = url;
    this.#log = log;
    this.#timer = setInterval(() => void this.#flush(), EVERY_MS).unref();
  }

  put(span: Span): void {
    if (this.#waiting.length >= WAITING) this.#dropped++;
    else this.#waiting.push(span);
    if (this.#waiting.length === BATCH) void this.#flush();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    const late = setTimeout(() => {
      this.#closing.abort(new DOMException('the stop does not wait for it', 'TimeoutError'));
    }, LAST_MS);
    await this.#flush();
    clearTimeout(late);
  }

  /** One request after the other. */
  #flush(): Promise<void> {
    this.#sending = this.#sending.then(async () => {
      while (this.#waiting.length > 0) {
        const spans = this.#waiting.slice(0, BATCH);
        this.#waiting = this.#waiting.slice(BATCH);
        const why = await this.#send(spans);
        if (why === undefined) continue;
        this.#log.warn('traces are not taken', { why, dropped: this.#dropped + spans.length });
        this.#dropped = 0;
        return;
      }
    });
    return this.#sending;
  }

  /** Why it was not taken; undefined where it was. */
  async #send(spans: readonly Span[]): Promise<string | undefined> {
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(requestOf(spans)),
        signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), this.#closing.signal]),
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `the collector answered ${response.status}`;
    } catch (error) {
      return whyOf(error);
    }
  }
}

/** A code where there is one: texts may repeat what was asked. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no connection';
  if (error.name === 'TimeoutError') return 'no answer in time';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : 'no connection';
}

const requestOf = (spans: readonly Span[]): unknown => ({
  resourceSpans: [
    {
      resource: { attributes: attributesOf({ 'service.name': NAME, 'service.version': VERSION }) },
      scopeSpans: [{ scope: { name: NAME, version: VERSION }, spans: spans.map(spanOf) }],
    },
  ],
});

const spanOf = ({ kind, begun, ended, attributes, fault, ...rest }: Span): unknown => ({
  ...rest,
  kind: KINDS[kind],
  // as text: they are larger than a number can tell
  startTimeUnixNano: `${begun}000000`,
  endTimeUnixNano: `${ended}000000`,
  attributes: attributesOf(attributes),
  status: fault === undefined ? {} : { code: FAULT, message: fault },
});

const attributesOf = (attributes: Span['attributes']): unknown[] =>
  Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  }));
