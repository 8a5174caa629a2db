import { captureOf } from '../capture/capture.ts';
import type { CaptureReport } from '../capture/capture.ts';
import { DeadLetters } from '../records/dead-letters.ts';
import type { Source } from '../sources/source.ts';
import { sourcesOf } from '../sources/sources-of.ts';
import type { Ground } from './ground.ts';
import type { Watching } from './watching.ts';

/** Where readings come from, besides HTTP. */
export interface Inputs {
  /** How well meters are heard. */
  reports(): CaptureReport[];
  /** Resolves when all have ended. */
  run(signal: AbortSignal): Promise<unknown>;
}

/**
 * @param step what a replay does at each step of its clock
 * @throws LeftOnError as `captureOf` does
 */
export async function openInputs(
  { settings, replayed, pause, log, stdin, metrics }: Ground,
  { topics, transport, consumer }: Watching,
  step: () => Promise<void>,
): Promise<Inputs> {
  const { codec } = transport;
  const captures = await captureOf(settings, topics, codec, { log, pause });
  const dead = new DeadLetters(log, metrics);
  const inStep = replayed === undefined ? undefined : { clock: replayed, group: consumer.group, step };
  const all: Source[] = [
    ...sourcesOf(settings, { topics, codec, dead, pause, log, stdin }, inStep),
    ...captures,
  ];
  const begin = async (source: Source, signal: AbortSignal): Promise<void> => {
    try {
      await source.run(signal);
      log.info('a source has ended', { source: source.name });
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  };
  return {
    reports: () => captures.map((each) => each.report()),
    run: (signal) => Promise.all(all.map((source) => begin(source, signal))),
  };
}
