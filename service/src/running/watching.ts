import { Bell } from '../runtime/bell.ts';
import { Meters } from '../meters/meters.ts';
import { Pipeline } from '../pipeline/pipeline.ts';
import type { Topics } from '../ports.ts';
import type { Tracer } from '../trace/tracer.ts';
import { tracingOf } from '../trace/tracing.ts';
import { openTransport } from '../transport.ts';
import type { LetGo, Transport } from '../transport.ts';
import type { Ground } from './ground.ts';

/** From readings to events. */
export interface Watching {
  readonly transport: Transport;
  /** Those of the transport, with a trace begun by each reading where traces are asked for. */
  readonly topics: Topics;
  readonly tracer: Tracer | undefined;
  readonly meters: Meters;
  readonly consumer: Pipeline;
  /** Rings when readings have been committed. */
  readonly committed: Bell;
  /** Notes what has become of meters that say nothing; nothing where others score. */
  hearSilences(): Promise<void>;
  /** Folds what comes, until aborted. */
  run(signal: AbortSignal): Promise<unknown>;
}

/**
 * @param letGo called for a meter that is to be erased
 * @throws LeftOnError as the transport and the sink of traces do
 */
export async function openWatching(ground: Ground, letGo: LetGo): Promise<Watching> {
  const { settings, system, clock, store, db, log, metrics, models, policy, keepReadings, scores } = ground;
  const transport = await openTransport({ settings, db, store, clock: system, log, metrics, letGo });
  const tracing = await tracingOf(settings, system, ground.random, log);
  const topics = tracing?.traced(transport.topics) ?? transport.topics;
  const tracer = tracing?.tracer;
  const meters = new Meters(transport.states, models, log, () => clock.now(), transport.mostMeters);
  const committed = new Bell();
  const consumer = new Pipeline(meters, transport.codec, clock, log, metrics, {
    ...{ policy, keepReadings, arrivals: system, tracer },
    tellFrom: settings.from ?? -Infinity,
    committed: () => {
      committed.ring();
    },
  });
  // that none has come is to be seen as well
  if (scores) metrics.readings.add(0, { verdict: 'ok' });
  return {
    ...{ transport, topics, tracer, meters, consumer, committed },
    hearSilences: async () => {
      const silences = scores ? consumer.silences() : [];
      if (silences.length > 0) await topics.commit(consumer, silences);
    },
    run: async (signal) => {
      await transport.begin(signal);
      await Promise.all([...(scores ? [topics.consume(consumer, signal)] : []), transport.run(signal)]);
    },
  };
}
