import type { Readable } from 'node:stream';
import type { ReadingCodec } from '../avro/reading-codec.ts';
import type { ReplayClock } from '../clock.ts';
import type { Settings } from '../config.ts';
import type { Log } from '../log.ts';
import type { Pause, Topics } from '../ports.ts';
import { Replay } from './replay.ts';
import type { Source } from './source.ts';
import { Stdin } from './stdin.ts';
import { Tail } from './tail.ts';

/** What sources stand on. */
export interface SourceParts {
  readonly topics: Topics;
  readonly codec: ReadingCodec;
  readonly pause: Pause;
  readonly log: Log;
  readonly stdin: Readable;
}

/** What a replay keeps in step with; see Replay. */
export interface InStep {
  readonly clock: ReplayClock;
  readonly group: string | null;
  readonly step: () => Promise<void>;
}

/** The sources that the settings ask for. */
export function sourcesOf(
  { meter, tail, stdin, replay, speed, from, once }: Omit<Settings, 'model'>,
  { topics, codec, pause, log, stdin: stream }: SourceParts,
  inStep: InStep | undefined,
): Source[] {
  const sources: Source[] = [];
  if (tail !== null) sources.push(new Tail({ file: tail, meter, once }, topics, codec, pause, log));
  if (stdin) sources.push(new Stdin(stream, meter, topics, codec));
  if (replay !== null && inStep !== undefined) {
    const play = { file: replay, meter, speed, from: from ?? -Infinity };
    sources.push(new Replay(play, topics, codec, inStep.clock, pause, inStep.group, inStep.step));
  }
  return sources;
}
