import type { Readable } from 'node:stream';
import type { ReplayClock } from '../runtime/clock.ts';
import type { Settings } from '../settings/settings.ts';
import type { Log } from '../telemetry/log.ts';
import type { Pause } from '../ports.ts';
import { Replay } from './replay.ts';
import type { Destination, Source } from './source.ts';
import { Stdin } from './stdin.ts';
import { Tail } from './tail.ts';

/** What sources stand on. */
export interface SourceParts extends Destination {
  readonly pause: Pause;
  readonly log: Log;
  readonly stdin: Readable;
}

/** What a replay keeps in step with; see Replay. */
interface InStep {
  readonly clock: ReplayClock;
  readonly group: string | null;
  readonly step: () => Promise<void>;
}

/** The sources that the settings ask for. */
export function sourcesOf(
  { meter, tail, stdin, replay, speed, from, once }: Omit<Settings, 'model'>,
  { pause, log, stdin: stream, ...to }: SourceParts,
  inStep: InStep | undefined,
): Source[] {
  const sources: Source[] = [];
  if (tail !== null) sources.push(new Tail({ file: tail, meter, once }, to, pause, log));
  if (stdin) sources.push(new Stdin(stream, meter, to));
  if (replay !== null && inStep !== undefined) {
    const play = { file: replay, meter, speed, from: from ?? -Infinity };
    sources.push(new Replay(play, to, inStep.clock, pause, inStep.group, inStep.step));
  }
  return sources;
}
