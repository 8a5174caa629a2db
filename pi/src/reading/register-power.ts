import { defaultLimits, HOUR, watts } from '@lefton/core';
import type { Instant, Watts } from '@lefton/core';
import type { Telegram } from '../meter.ts';
import { Resolution } from './resolution.ts';

/** What a register can show. */
interface RegisterPowerOptions {
  /** A mean over less than this is too coarse: 1 Wh in a minute is 60 W, read at most a frame late. Nothing is told more often. */
  readonly shortestMs?: number;
  /** Power that still holds is told again after so long: told each minute it would look like a meter that is frozen. */
  readonly longestMs?: number;
  /** Longer without a telegram than this is a gap, and nothing is told across it. */
  readonly gapMs?: number;
  /** No fuse passes more. */
  readonly mostW?: number;
}

/** A home that draws less is rare: before a first mean is known, no more than this is told of a register that stands still. */
const LEAST_W = 10;
/** A register that is refreshed in its own time may be late by a quarter of it. */
const PATIENCE = 1.25;
/** Differences of kilowatt-hours are not exact; registers count in no smaller parts. */
const MILLI = 1_000;

/**
 * Active power of a meter that tells no watts but a register, in steps of 1 Wh as Linky or of 1 kWh: the steps over time. A
 * mean runs from one step to another, so it is as exact as the telegrams are close. While no step comes the mean before holds,
 * within what the register may hide, which is its resolution; when a step is late the power falls with the square of the
 * time, so that what is told until the step comes, whenever that is, has the mean that the step then shows.
 *
 * A total that fell or leapt is passed over and the last good one stays; where it stays strange for as long as a gap,
 * everything begins anew from there.
 */
export class RegisterPower {
  readonly #shortestMs: number;
  readonly #longestMs: number;
  readonly #gapMs: number;
  readonly #mostW: number;
  readonly #resolution = new Resolution();
  /** The last telegram that could be true. */
  #seen: Instant = NaN;
  #lastWh = NaN;
  /** Where the mean begins: at a step, or where the register was first seen. */
  #from: Instant = NaN;
  #fromWh = NaN;
  /** The last step; NaN before the first one after a start. */
  #stepAt: Instant = NaN;
  /** The mean before and how long it ran; NaN before the first one. */
  #power = NaN;
  #ranMs = NaN;
  /** How far apart steps come where not the energy but the register's own clock decides; else 0. */
  #refreshMs = 0;
  #toldAt: Instant = -Infinity;
  #toldW = NaN;

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

  /**
   * The mean power since the last steps, or null while there is none to tell.
   * @param at what came before the last telegram is late and says nothing
   */
  push(at: Instant, { energyWh, exportWh }: Telegram): Watts | null {
    if (energyWh === null) return null;
    const total = energyWh - (exportWh ?? 0);
    const exports = exportWh !== null;
    const sinceSeen = at - this.#seen;
    // also true the first time
    if (!(Math.abs(sinceSeen) <= this.#gapMs)) {
      if (!this.#possible(total, Math.abs(sinceSeen), exports)) this.#resolution.forget();
      this.#start(at, total);
      return null;
    }
    const hiddenMs = this.#refreshMs > 0 ? at - this.#stepAt : sinceSeen;
    if (sinceSeen <= 0 || !this.#possible(total, hiddenMs, exports)) return null;
    const step = Math.round((total - this.#lastWh) * MILLI) / MILLI;
    this.#seen = at;
    if (step === 0) return this.#waiting(at);
    this.#lastWh = total;
    return this.#stepped(at, step, sinceSeen);
  }

  #start(at: Instant, total: number): void {
    this.#seen = at;
    this.#lastWh = total;
    this.#begin(at);
    this.#stepAt = NaN;
    this.#power = NaN;
    this.#ranMs = NaN;
    this.#refreshMs = 0;
    this.#toldAt = -Infinity;
    this.#toldW = NaN;
  }

  #begin(at: Instant): void {
    this.#from = at;
    this.#fromWh = this.#lastWh;
  }

  #stepped(at: Instant, step: number, sinceSeen: number): Watts | null {
    const sinceStep = at - this.#stepAt;
    this.#stepAt = at;
    this.#resolution.take(step);
    // it rose by several at once although it had just been seen to stand still
    const inItsOwnTime = sinceStep > sinceSeen && Math.abs(step) >= 2 * this.#resolution.wh;
    this.#refreshMs = inItsOwnTime ? sinceStep : 0;
    // the first step after a start only tells when the next interval begins
    if (Number.isNaN(sinceStep)) {
      this.#begin(at);
      return null;
    }
    return at - this.#from < this.#shortestMs ? null : this.#mean(at);
  }

  /** What has risen since the mean began; the next one begins at the last step. */
  #mean(at: Instant): Watts | null {
    this.#ranMs = at - this.#from;
    this.#power = ((this.#lastWh - this.#fromWh) * HOUR) / this.#ranMs;
    this.#begin(this.#stepAt);
    return this.#told(at, this.#power);
  }

  /** The register stands where it stood. */
  #waiting(at: Instant): Watts | null {
    if (at - this.#from < this.#shortestMs) return null;
    const sinceTold = at - this.#toldAt;
    // steps that were too close for a mean; no more come
    if (this.#lastWh !== this.#fromWh)
      return this.#isLate(at) && sinceTold >= this.#shortestMs ? this.#mean(at) : null;
    const power = this.#held(at);
    const again = power === this.#toldW ? this.#longestMs : this.#shortestMs;
    return sinceTold < again ? null : this.#told(at, power);
  }

  /** Whether power that is the same would have made a step by now. */
  #isLate(at: Instant): boolean {
    const dueMs = (this.#resolution.wh * HOUR) / Math.abs(this.#power);
    const sinceStep = at - this.#stepAt;
    return !this.#isBetween(at) && (sinceStep >= dueMs || sinceStep >= this.#shortestMs);
  }

  /** Whether the register may not have been refreshed since the last step. */
  #isBetween(at: Instant): boolean {
    return at - this.#stepAt <= PATIENCE * this.#refreshMs;
  }

  /** The mean before, within what the register may hide; NaN while there is none and much may be hidden. */
  #held(at: Instant): number {
    if (this.#isBetween(at)) return this.#power;
    const elapsed = at - this.#from;
    const hidden = (this.#resolution.wh * HOUR) / elapsed;
    if (Number.isNaN(this.#power)) return hidden <= LEAST_W ? hidden : NaN;
    const most = hidden * Math.min(1, this.#ranMs / elapsed);
    return Math.max(-most, Math.min(most, this.#power));
  }

  #told(at: Instant, power: number): Watts | null {
    if (Number.isNaN(power)) return null;
    this.#toldAt = at;
    this.#toldW = power;
    return watts(power);
  }

  /** One resolution more than the fuse passes; only with export may the balance fall. */
  #possible(total: number, ms: number, exports: boolean): boolean {
    const most = this.#resolution.most + (this.#mostW * ms) / HOUR;
    const step = total - this.#lastWh;
    return step <= most && step >= (exports ? -most : 0);
  }
}
