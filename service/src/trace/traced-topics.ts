import type { Consumer, NewRecord, Outcome, Progress, Topic, TopicRecord, Topics } from '../ports.ts';
import type { Tracer } from './tracer.ts';

const HEADER = 'traceparent';

/** Topics whose readings each begin a trace, which goes on in the header of the record. */
export class TracedTopics implements Topics {
  readonly #topics: Topics;
  readonly #tracer: Tracer;

  constructor(topics: Topics, tracer: Tracer) {
    this.#topics = topics;
    this.#tracer = tracer;
  }

  async produce(records: readonly NewRecord[], progress?: Progress): Promise<void> {
    const spans = records.map(({ topic, headers }) =>
      topic === 'raw_power' && headers?.[HEADER] === undefined
        ? this.#tracer.root('capture', 'producer')
        : undefined,
    );
    const traced = records.map((record, i): NewRecord => {
      const span = spans[i];
      if (span === undefined) return record;
      return { ...record, headers: { ...record.headers, [HEADER]: this.#tracer.headerOf(span) } };
    });
    await this.#topics.produce(traced, progress);
    // what was refused is produced again, and is another trace
    for (const span of spans) if (span !== undefined) this.#tracer.end(span);
  }

  room(signal: AbortSignal): Promise<void> {
    return this.#topics.room(signal);
  }

  progress(source: string): Promise<string | undefined> {
    return this.#topics.progress(source);
  }

  consume(consumer: Consumer, signal: AbortSignal): Promise<void> {
    return this.#topics.consume(consumer, signal);
  }

  commit(consumer: Consumer, outcomes: readonly Outcome[]): Promise<void> {
    return this.#topics.commit(consumer, outcomes);
  }

  follow(
    topic: Topic,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<readonly TopicRecord[]> {
    return this.#topics.follow(topic, after, signal);
  }

  caughtUp(group: string, topic: Topic, signal: AbortSignal): Promise<void> {
    return this.#topics.caughtUp(group, topic, signal);
  }

  lag(group: string, topic: Topic): Promise<number> {
    return this.#topics.lag(group, topic);
  }

  trouble(): string | undefined {
    return this.#topics.trouble();
  }
}
