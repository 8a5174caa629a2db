import type { MeterParser, Telegram } from '../meter.ts';
import type { FrameCounts } from './frame-counts.ts';
import { LineReader } from './line-reader.ts';
import type { PulseMeter } from './pulse.ts';

const LONGEST_LINE = 256;
/** As gpiomon of libgpiod 1 writes an edge, its seconds on the kernel's clock. */
const EDGE_1 = /^event: +(?:RISING|FALLING) EDGE offset: \d+ timestamp: \[ *(\d+\.\d{9})\]$/;
/** The same of libgpiod 2. */
const EDGE_2 = /^(\d+\.\d{9})\t(?:rising|falling)\t/;
const PRINTABLE = /^[\x20-\x7e\t]+$/;
/** An edge is heard this long after it was at most; otherwise the clock that stamps edges was set. */
const LATE_MS = 10_000;

/**
 * Lines to pulses: an edge as gpiomon tells it, with the kernel's instant; any other text is a pulse at its arrival, and
 * several that arrive together were spread over the time before them.
 */
export class PulseLines implements MeterParser {
  readonly quality: FrameCounts;
  readonly #meter: PulseMeter;
  readonly #now: () => number;
  readonly #lines: LineReader;
  /** From the kernel's clock to ours. */
  #aheadMs = NaN;
  #heldUp = 0;

  /** @param now monotonic ms */
  constructor(meter: PulseMeter, now: () => number) {
    this.#meter = meter;
    this.#now = now;
    this.quality = meter.quality;
    this.#lines = new LineReader(LONGEST_LINE, meter.quality);
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    const told = (telegram: Telegram | null): void => {
      if (telegram !== null) emit(telegram);
    };
    let untimed = 0;
    this.#lines.push(chunk, (text) => {
      const seconds = (EDGE_1.exec(text) ?? EDGE_2.exec(text))?.[1];
      if (seconds !== undefined) told(this.#meter.pulse(this.#ours(Number(seconds) * 1_000)));
      else if (PRINTABLE.test(text)) untimed++;
      else this.quality.bad.shape++;
    });
    if (untimed === 0) return;
    // what follows too soon was held up on its way: it counts with the next
    const telegram = this.#meter.pulse(this.#now(), untimed + this.#heldUp);
    this.#heldUp = telegram === null ? untimed : 0;
    told(telegram);
  }

  #ours(edgeMs: number): number {
    const now = this.#now();
    const at = edgeMs + this.#aheadMs;
    // also true the first time
    if (!(Math.abs(now - at) <= LATE_MS)) {
      this.#meter.interrupted();
      this.#aheadMs = now - edgeMs;
      return now;
    }
    return at;
  }
}
