import { defaultLimits, meanPower, wattHours, watts } from '@lefton/core';
import type { Instant, Watts } from '@lefton/core';
import type { Telegram } from './meter.ts';

/** What a register can show. */
export interface RegisterPowerOptions {
  /** A mean over less than this is too coarse: 1 Wh in a minute is 60 W, read at most a frame late. */
  readonly shortestMs?: number;
  /** After so long without a step the power is told from what there is. */
  readonly longestMs?: number;
  /** Longer without a telegram than this is a gap, and nothing is told across it. */
  readonly gapMs?: number;
  /** No fuse passes more. */
  readonly mostW?: number;
}

/**
 * Active power of a meter that tells volt-amperes and a register, as Linky does: the steps of the register over time. A mean
 * runs from one step to another, so it is as exact as the telegrams are close. A total that fell or leapt is passed over and
 * the last good one stays; where it stays strange for as long as a gap, everything begins anew from there.
 */
export class RegisterPower {
  readonly #shortestMs: number;
  readonly #longestMs: number;
  readonly #gapMs: number;
  readonly #mostW: number;
  /** When the register was first seen at what it showed. */
  #from: Instant = NaN;
  #fromWh = NaN;
  #seen: Instant = NaN;
  #lastWh = NaN;

  constructor({
    shortestMs = 60_000,
    longestMs = 300_000,
    gapMs = 60_000,
    mostW = defaultLimits.mainFuseW,
  }: RegisterPowerOptions = {}) {
    this.#shortestMs = shortestMs;
    this.#longestMs = longestMs;
    this.#gapMs = gapMs;
    this.#mostW = mostW;
  }

  /** @param at on arrival; instants only grow. The mean power since the last one told, or null while there is none to tell. */
  push(at: Instant, { energyWh, exportWh }: Telegram): Watts | null {
    if (energyWh === null) return null;
    const total = energyWh - (exportWh ?? 0);
    const sinceSeen = at - this.#seen;
    // also true the first time
    if (!(sinceSeen <= this.#gapMs)) {
      this.#start(at, total, false);
      return null;
    }
    if (!this.#possible(total, sinceSeen, exportWh !== null)) return null;
    this.#seen = at;
    const stepped = total !== this.#lastWh;
    this.#lastWh = total;
    // the first step after a start only tells when the next interval begins
    if (Number.isNaN(this.#from)) {
      if (stepped) this.#start(at, total, true);
      return null;
    }
    const elapsed = at - this.#from;
    if (!(stepped && elapsed >= this.#shortestMs) && elapsed < this.#longestMs) return null;
    const power = meanPower(wattHours(total - this.#fromWh), elapsed);
    this.#from = at;
    this.#fromWh = total;
    return watts(power);
  }

  #start(at: Instant, total: number, onStep: boolean): void {
    this.#from = onStep ? at : NaN;
    this.#fromWh = total;
    this.#seen = at;
    this.#lastWh = total;
  }

  /** One watt-hour more than the fuse passes is the resolution; only with export may the balance fall. */
  #possible(total: number, ms: number, exports: boolean): boolean {
    const most = 1 + (this.#mostW * ms) / 3_600_000;
    const step = total - this.#lastWh;
    return step <= most && step >= (exports ? -most : 0);
  }
}
