import { codecOf, learnWriter } from '../avro/codec-of.ts';
import { captureFor, captureOf, captureTools } from '../capture/capture.ts';
import type { Capture, CaptureParts, CaptureReport } from '../capture/capture.ts';
import { realPause, ReplayClock, SystemClock } from '../runtime/clock.ts';
import { answerPrometheus } from '../capture/capture-metrics.ts';
import { commandLog, say } from '../cli/command.ts';
import { readSettings } from '../settings/read.ts';
import type { Settings } from '../settings/settings.ts';
import { DeadLetters } from '../records/dead-letters.ts';
import { every } from '../runtime/every.ts';
import { tellIdle } from '../settings/idle.ts';
import { neededKafkaSettings } from '../settings/kafka.ts';
import type { Log } from '../telemetry/log.ts';
import { Metrics } from '../telemetry/metrics.ts';
import type { Topics } from '../ports.ts';
import type { Source } from '../sources/source.ts';
import { sourcesOf } from '../sources/sources-of.ts';
import { tracingOf } from '../trace/tracing.ts';
import { printDetected } from './capture-setup.ts';

const LINKS_MS = 600_000;
const LINKS_JSON_MS = 60_000;

/** Captures until the sources have ended or a signal comes; the exit code. */
export async function capture({ detect, ...flags }: Record<string, unknown>): Promise<number> {
  const stopping = new AbortController();
  const { signal } = stopping;
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.once(name, () => {
      stopping.abort();
    });
  }
  if (typeof detect === 'string') {
    const { openPort, probe } = await captureTools();
    return printDetected(detect, probe(await openPort(detect), realPause, signal), flags.json === true);
  }
  const log = commandLog();
  const { settings, sources } = readSettings('capture', flags, process.env);
  tellIdle(settings, sources, 'capture', log);
  const { tellSystemd } = await captureTools();
  void tellSystemd(process.env, realPause, log, signal);
  const parts: CaptureParts = {
    ...{ log, pause: realPause },
    ...(settings.json
      ? {
          spooled: (reading) => {
            say(JSON.stringify({ reading }));
          },
        }
      : {}),
  };
  if (settings.service_url !== null) {
    const captures = await captureFor(settings.service_url, settings, parts);
    await run(captures, captures, settings, new Metrics(), log, signal);
    return 0;
  }
  const { KafkaTopics } = await import('../topics/kafka/kafka.ts');
  const topics = new KafkaTopics(neededKafkaSettings(settings), { apply: () => undefined }, log);
  const tracing = await tracingOf(settings, new SystemClock(), () => Math.random(), log);
  try {
    await onKafka(settings, tracing?.traced(topics) ?? topics, parts, signal);
  } finally {
    await tracing?.tracer.close();
    await topics.close();
  }
  return 0;
}

async function onKafka(
  settings: Settings,
  topics: Topics,
  parts: CaptureParts,
  signal: AbortSignal,
): Promise<void> {
  const { log, pause } = parts;
  const codec = codecOf(settings);
  const captures = await captureOf(settings, topics, codec, parts);
  // nobody scores here, so a replay keeps in step with nobody
  const clock = new ReplayClock(settings.from ?? 0);
  const inStep = { clock, group: null, step: () => Promise.resolve() };
  const metrics = new Metrics();
  const dead = new DeadLetters(log, metrics);
  const read = sourcesOf(settings, { topics, codec, dead, pause, log, stdin: process.stdin }, inStep);
  const written = read.map((source): Source => {
    // meters are heard whether or not a registry answers; what is read can wait where it is
    const bring = (aborted: AbortSignal): Promise<void> =>
      learnWriter(codec, log, aborted).then(() => source.run(aborted));
    return { name: source.name, run: bring };
  });
  await run([...written, ...captures], captures, settings, metrics, log, signal);
}

async function run(
  sources: readonly Source[],
  captures: readonly Capture[],
  settings: Settings,
  metrics: Metrics,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const reports = (): CaptureReport[] => captures.map((each) => each.report());
  const server = await answerPrometheus(settings, reports, metrics, log);
  log.info('capturing', { sources: sources.map(({ name }) => name).join('; ') });
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const telling = every(
    settings.json ? LINKS_JSON_MS : LINKS_MS,
    () => {
      for (const each of captures) tell(each, settings.json, log);
    },
    realPause,
    log,
    either,
  );
  try {
    await Promise.all(sources.map((source) => source.run(either)));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    over.abort();
    server?.close();
    server?.closeAllConnections();
    await telling;
  }
  for (const each of captures) tell(each, settings.json, log);
  log.info('the sources have ended');
}

function tell(capturing: Capture, json: boolean, log: Log): void {
  const { links, ...counts } = capturing.report();
  if (json) say(JSON.stringify({ links, ...counts }));
  else {
    for (const link of links) log.info('a link', { ...link });
    log.info('readings so far', counts);
  }
}
