import { defaultLimits, wattHours, watts } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Telegram } from '../meter.ts';
import { FrameCounts } from './frame-counts.ts';

/** A kilowatt-hour, in watt-milliseconds. */
const KWH_WMS = 3_600_000_000;
const SHORTEST_PATIENCE_MS = 600_000;
/** A home that draws less is rare; what cannot be heard for longer is not worth waiting for. */
const LEAST_W = 10;

/** What a person says about an S0 output or a blinking LED. */
export interface PulseOptions {
  /** As printed on the meter. */
  readonly impulsesPerKwh: number;
  /** Edges closer together than this are one pulse that bounced; 20 by default. */
  readonly debounceMs?: number;
  /**
   * Longer without a pulse than this, and nothing can be said about the power. By default as long as 10 W need for a
   * pulse, and ten minutes at least.
   */
  readonly longestMs?: number;
  /** The register before the first pulse, Wh. */
  readonly startWh?: number;
}

/**
 * Pulses to power and energy. The power between two pulses is the mean of that time; while none comes, the power is at most
 * that of a pulse that would come now.
 */
export class PulseMeter {
  readonly quality = new FrameCounts();
  readonly #whPerPulse: number;
  readonly #debounceMs: number;
  readonly #longestMs: number;
  readonly #startWh: number;
  #last: Instant | null = null;
  #intervalMs = NaN;
  #count = 0;

  constructor({ impulsesPerKwh, debounceMs = 20, longestMs, startWh = 0 }: PulseOptions) {
    this.#whPerPulse = 1_000 / impulsesPerKwh;
    this.#debounceMs = debounceMs;
    this.#longestMs = longestMs ?? Math.max(SHORTEST_PATIENCE_MS, KWH_WMS / impulsesPerKwh / LEAST_W);
    this.#startWh = startWh;
  }

  /**
   * An edge, or so many pulses since the last one. Null where it is none: a bounce, or faster than any home draws.
   * @param at ms on any clock that only grows
   */
  pulse(at: Instant, pulses = 1): Telegram | null {
    const last = this.#last;
    const interval = last === null ? NaN : at - last;
    if (interval < this.#debounceMs) {
      this.quality.other++;
      return null;
    }
    const power = this.#power(interval / pulses);
    if (power > defaultLimits.mainFuseW) {
      this.quality.bad.implausible++;
      return null;
    }
    this.#last = at;
    this.#count += pulses;
    this.#intervalMs = interval / pulses;
    this.quality.good++;
    return this.#telegram(interval <= this.#longestMs ? power : NaN);
  }

  /** To be asked now and then: while no pulse comes the power falls. Null where there is nothing new to say. */
  silence(at: Instant): Telegram | null {
    if (this.#last === null) return null;
    const elapsed = at - this.#last;
    if (!(elapsed > this.#intervalMs) || elapsed > this.#longestMs) return null;
    return this.#telegram(this.#power(elapsed));
  }

  /** Pulses may have been missed: the time since the last one says nothing. */
  interrupted(): void {
    this.#last = null;
    this.#intervalMs = NaN;
  }

  #power(ms: number): number {
    return (this.#whPerPulse / 1_000) * (KWH_WMS / ms);
  }

  #telegram(power: number): Telegram {
    return {
      meter: null,
      watts: Number.isNaN(power) ? null : watts(power),
      energyWh: wattHours(this.#startWh + this.#count * this.#whPerPulse),
      exportWh: null,
      toldAt: null,
      apparentVa: null,
    };
  }
}
