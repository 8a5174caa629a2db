import { LeftOnError } from '@lefton/core';
import type { Pause } from '../capture-log.ts';
import { detectMeter, settingsToTry } from './detect.ts';
import type { Guess } from './detect.ts';
import { isSameLine } from '../meter.ts';
import type { LineSettings, Poll, Telegram } from '../meter.ts';
import { meterKinds } from '../meters/index.ts';
import type { Port, Wire } from '../wire.ts';

/** The slowest meters speak every ten seconds. */
const LISTEN_MS = 13_000;
const LOOK_MS = 250;
/** More than two of the longest telegrams. */
const KEPT_BYTES = 32 * 1_024;
/** How often a meter that only answers is asked. */
const ASKED = 2;

/** What was heard on a line. */
export interface Tried {
  readonly line: LineSettings;
  readonly bytes: number;
  readonly heard: Heard | undefined;
}

/** A meter, and what it said last. */
export interface Heard extends Guess {
  readonly last: Telegram;
}

/** What came over a line, the newest of it kept. */
class Bytes {
  count = 0;
  #kept: Buffer = Buffer.alloc(0);

  take(chunk: Uint8Array): void {
    this.count += chunk.length;
    this.#kept = Buffer.concat([this.#kept, chunk]).subarray(-KEPT_BYTES);
  }

  /** Whether one frame without a checksum was heard, which a second one would confirm. */
  maybe(line: LineSettings): boolean {
    return detectMeter(this.#kept, line, 1).length > 0;
  }

  guess(line: LineSettings): Heard | undefined {
    for (const { kind, options, good } of detectMeter(this.#kept, line)) {
      let last: Telegram | undefined;
      kind.create(options).push(this.#kept, (telegram) => {
        last = telegram;
      });
      if (last !== undefined) return { kind, options, good, last };
    }
    return undefined;
  }
}

/**
 * Tries the ways to open a line, listens on each, asks the meters that only answer, and ends with the first meter that is
 * heard.
 * @throws LeftOnError `no_device` (fatal) where the port cannot be opened, or goes away
 */
export async function* probe(port: Port, pause: Pause, signal: AbortSignal): AsyncGenerator<Tried> {
  for (const line of settingsToTry()) {
    const tried = await listen(port, line, pause, signal).catch((error: unknown) => {
      throw noDevice(port.path, error);
    });
    yield tried;
    if (tried.heard !== undefined || signal.aborted) return;
  }
}

const noDevice = (place: string, error: unknown): LeftOnError =>
  new LeftOnError({
    code: 'no_device',
    place,
    expected: 'a device that opens for this process alone',
    found: error instanceof Error ? error.message : 'none',
    faultClass: 'fatal',
  });

async function listen(port: Port, line: LineSettings, pause: Pause, signal: AbortSignal): Promise<Tried> {
  const bytes = new Bytes();
  const wire = await port.open(line, (chunk) => {
    bytes.take(chunk);
  });
  try {
    // who only answers is asked first: who speaks by itself does not mind
    for (const poll of pollsOn(line)) {
      for (let n = 0; n < ASKED; n++) {
        wire.write(poll.request);
        const heard = await heardWithin(poll.timeoutMs + LOOK_MS, bytes, line, wire, pause, signal);
        if (heard !== undefined) return { line, bytes: bytes.count, heard };
      }
    }
    let heard = await heardWithin(LISTEN_MS, bytes, line, wire, pause, signal);
    if (heard === undefined && bytes.maybe(line))
      heard = await heardWithin(LISTEN_MS, bytes, line, wire, pause, signal);
    return { line, bytes: bytes.count, heard };
  } finally {
    await wire.close();
  }
}

const pollsOn = (line: LineSettings): Poll[] =>
  meterKinds
    .filter(({ lines }) => lines.some((own) => isSameLine(own, line)))
    .flatMap(({ poll }) => (poll === null ? [] : [poll()]));

async function heardWithin(
  ms: number,
  bytes: Bytes,
  line: LineSettings,
  wire: Wire,
  pause: Pause,
  signal: AbortSignal,
): Promise<Heard | undefined> {
  for (let passed = 0; passed < ms && !signal.aborted; passed += LOOK_MS) {
    const before = bytes.count;
    const closed = await Promise.race([wire.closed, pause(LOOK_MS, signal)]);
    if (closed !== undefined) throw new Error(closed);
    const heard = bytes.count === before ? undefined : bytes.guess(line);
    if (heard !== undefined) return heard;
  }
  return undefined;
}
