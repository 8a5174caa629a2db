import { isSameLine } from '../meter.ts';
import type { LineSettings, MeterKind, MeterOptions } from '../meter.ts';
import { meterKinds } from '../meters/index.ts';

/** Where a frame has no checksum, text of another kind may look like one by chance: so many are asked for. */
const ENOUGH_UNGUARDED = 2;
/** And most of what was heard must make sense. */
const MOST_SKIPPED = 0.5;
const GUARDS: readonly MeterKind['guard'][] = ['crc', 'checksum', 'shape'];
/** Settings that some meters of a kind need, which their frames show. */
const VARIANTS: Readonly<Record<string, readonly MeterOptions[]>> = {
  dsmr: [{ checksum: 'x25' }],
  sml: [{ checksum: 'kermit' }],
};

/** A kind that the bytes may be of. */
export interface Guess {
  readonly kind: MeterKind;
  readonly options: MeterOptions;
  /** Telegrams that it found. */
  readonly good: number;
}

/**
 * Which kinds of meter bytes are from, likeliest first; empty where none fits.
 * @param heard what came from the line, a few frames of it; of a kind that is polled, the answers
 * @param settings how the line was open; null tries every kind
 * @param unguarded frames that suffice where they have no checksum
 */
export function detectMeter(
  heard: Uint8Array,
  settings: LineSettings | null,
  unguarded = ENOUGH_UNGUARDED,
): Guess[] {
  return meterKinds
    .filter(({ lines }) => settings === null || lines.some((line) => isSameLine(line, settings)))
    .flatMap((kind) =>
      best([{}, ...(VARIANTS[kind.name] ?? [])].map((one) => guess(kind, one, heard, unguarded))),
    )
    .sort((a, b) => GUARDS.indexOf(a.kind.guard) - GUARDS.indexOf(b.kind.guard) || b.good - a.good);
}

/** Every way to open a line, each once, in the order in which to try them. */
export function settingsToTry(): LineSettings[] {
  const all = meterKinds.flatMap(({ lines }) => lines);
  return all.filter((line, i) => all.findIndex((other) => isSameLine(line, other)) === i);
}

function guess(kind: MeterKind, options: MeterOptions, heard: Uint8Array, unguarded: number): Guess | null {
  const parser = kind.create(options);
  parser.push(heard, () => undefined);
  const { good, skippedBytes } = parser.quality;
  const needed = kind.guard === 'shape' ? unguarded : 1;
  if (good < needed) return null;
  if (kind.guard === 'shape' && skippedBytes > heard.length * MOST_SKIPPED) return null;
  return { kind, options, good };
}

/** The variant that found most; the standard's own, where others found no more. */
function best(guesses: readonly (Guess | null)[]): Guess[] {
  const found = guesses.filter((one) => one !== null);
  return found.sort((a, b) => b.good - a.good).slice(0, 1);
}
