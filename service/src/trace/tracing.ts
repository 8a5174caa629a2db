import type { Settings } from '../settings/settings.ts';
import type { Log } from '../telemetry/log.ts';
import type { Clock, Topics } from '../ports.ts';
import type { Tracer } from './tracer.ts';

/** What traces, where the settings ask for it. */
interface Tracing {
  readonly tracer: Tracer;
  /** These topics, with a trace begun by each reading that is produced. */
  traced(topics: Topics): Topics;
}

/** Loaded when asked for: who does not trace pays nothing. */
export async function tracingOf(
  { traces_url, traces_ratio }: Settings,
  clock: Clock,
  random: () => number,
  log: Log,
): Promise<Tracing | undefined> {
  if (traces_url === null) return undefined;
  const { OtlpSink } = await import('./otlp.ts');
  const { Tracer } = await import('./tracer.ts');
  const { TracedTopics } = await import('./traced-topics.ts');
  const tracer = new Tracer(new OtlpSink(traces_url, log), traces_ratio, clock, random);
  return { tracer, traced: (topics) => new TracedTopics(topics, tracer) };
}
