import { MINUTE, wallClockMs } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { latin1 } from './latin1.ts';

const [LF, CR, OPEN, CLOSE, STAR, DASH, DOT, ZERO, COLON] = [
  0x0a, 0x0d, 0x28, 0x29, 0x2a, 0x2d, 0x2e, 0x30, 0x3a,
];
const [SMALL_K, BIG_W, SMALL_H, SUMMER, WINTER] = [0x6b, 0x57, 0x68, 0x53, 0x57];
const TARIFFS = 4;
/** A register of ten digits and three decimals in Wh stays exact. */
const MOST_DIGITS = 15;

/** What the lines of a P1 telegram say, as told; NaN or null where they do not. */
export interface DsmrFigures {
  importW: number;
  exportW: number;
  /** Index 0 is the total, 1 to 4 are tariffs; Wh. */
  readonly importWh: Float64Array;
  readonly exportWh: Float64Array;
  toldAt: Instant | null;
  meter: string | null;
  /** True where only meters that sign their telegrams have such a line. */
  signed: boolean;
}

/** What a value's unit makes of it: kW and W are powers, kWh and Wh energies. */
type Quantity = 'power' | 'energy';

/**
 * Reads the lines of whole telegrams, from `/` to `!`. Lines of other meters behind it (gas, water, heat), of phases and of
 * maxima are passed over.
 */
export class DsmrLines {
  readonly #winterOffsetMin: number;
  /** The same meter tells the same name each time. */
  readonly #name = new KeptName();

  /** @param winterOffsetMin the meter's clock in winter, ahead of UTC */
  constructor(winterOffsetMin: number) {
    this.#winterOffsetMin = winterOffsetMin;
  }

  read(frame: Uint8Array, length: number): DsmrFigures {
    const figures: DsmrFigures = {
      importW: NaN,
      exportW: NaN,
      importWh: new Float64Array(1 + TARIFFS).fill(NaN),
      exportWh: new Float64Array(1 + TARIFFS).fill(NaN),
      toldAt: null,
      meter: null,
      signed: false,
    };
    // where the line begins, and where its value does
    let [at, open] = [0, 0];
    for (let i = 0; i < length; i++) {
      const byte = frame[i];
      if (byte === OPEN) {
        if (open === 0) open = i;
      } else if (byte === LF) {
        if (open > 0) this.#line(frame, at, open, frame[i - 1] === CR ? i - 1 : i, figures);
        at = i + 1;
        open = 0;
      }
    }
    return figures;
  }

  /** `A-B:C.D.E(value)`, one digit each for A and B in the lines that matter. */
  #line(frame: Uint8Array, at: number, open: number, end: number, figures: DsmrFigures): void {
    if (frame[at + 1] !== DASH || frame[at + 3] !== COLON) return;
    const medium = digit(frame, at);
    if (digit(frame, at + 2) !== 0) {
      // 1-3:0.2.8, the version of the standard
      if (medium === 1 && isCode(frame, at + 4, open, '0.2.8')) figures.signed = true;
      return;
    }
    if (medium === 1) {
      const [kind, value, tariff] = [frame[at + 4], frame[at + 6], digit(frame, at + 8)];
      if (open !== at + 9 || frame[at + 5] !== DOT || frame[at + 7] !== DOT) return;
      if (kind !== 0x31 && kind !== 0x32) return;
      if (value === 0x37 && tariff === 0) {
        const watts = readValue(frame, open, end, 'power');
        if (kind === 0x31) figures.importW = watts;
        else figures.exportW = watts;
      } else if (value === 0x38 && tariff >= 0 && tariff <= TARIFFS) {
        (kind === 0x31 ? figures.importWh : figures.exportWh)[tariff] = readValue(frame, open, end, 'energy');
      }
    } else if (medium === 0) {
      if (isCode(frame, at + 4, open, '1.0.0')) {
        figures.signed = true;
        figures.toldAt = readClock(frame, open, end, this.#winterOffsetMin);
      } else if (isCode(frame, at + 4, open, '96.1.4')) figures.signed = true;
      else if (isCode(frame, at + 4, open, '96.1.1')) figures.meter = this.#name.read(frame, open, end);
      else if (isCode(frame, at + 4, open, '96.1.0')) figures.meter ??= this.#name.read(frame, open, end);
    }
  }
}

const digit = (frame: Uint8Array, at: number): number => (frame[at] ?? 0) - ZERO;

function isCode(frame: Uint8Array, at: number, end: number, code: string): boolean {
  if (end - at !== code.length) return false;
  for (let i = 0; i < code.length; i++) if (frame[at + i] !== code.charCodeAt(i)) return false;
  return true;
}

/** `(00.378*kW)`, `(000000286*W)`, `(003432.827*kWh)`, `(006545766*Wh)`: W or Wh, or NaN. Whole numbers stay exact. */
function readValue(frame: Uint8Array, open: number, end: number, quantity: Quantity): number {
  let [value, decimals, digits] = [0, -1, 0];
  let at = open + 1;
  for (; at < end && frame[at] !== STAR; at++) {
    const byte = frame[at] ?? 0;
    if (byte === DOT && decimals < 0) decimals = 0;
    else if (byte >= ZERO && byte <= ZERO + 9) {
      value = value * 10 + (byte - ZERO);
      digits++;
      if (decimals >= 0) decimals++;
    } else return NaN;
  }
  if (digits === 0 || digits > MOST_DIGITS) return NaN;
  at++;
  const thousand = frame[at] === SMALL_K;
  if (thousand) at++;
  if (frame[at++] !== BIG_W) return NaN;
  if (quantity === 'energy' && frame[at++] !== SMALL_H) return NaN;
  if (frame[at] !== CLOSE || at >= end) return NaN;
  const shift = (thousand ? 3 : 0) - Math.max(0, decimals);
  return shift >= 0 ? value * 10 ** shift : value / 10 ** -shift;
}

/** `(190324150519W)`: the letter tells which of the two hours of autumn it is. */
function readClock(frame: Uint8Array, open: number, end: number, winterOffsetMin: number): Instant | null {
  const season = frame[open + 13];
  if (open + 15 > end || frame[open + 14] !== CLOSE || (season !== SUMMER && season !== WINTER)) return null;
  const two = (at: number): number => {
    const [tens, ones] = [digit(frame, open + at), digit(frame, open + at + 1)];
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : NaN;
  };
  const [year, month, day] = [2000 + two(1), two(3), two(5)];
  const [hour, minute, second] = [two(7), two(9), two(11)];
  if (!Number.isFinite(year + month + day + hour + minute + second)) return null;
  const wall = wallClockMs({ year, month, day, hour, minute, second });
  if (wall === undefined) return null;
  return wall - (winterOffsetMin + (season === SUMMER ? 60 : 0)) * MINUTE;
}

/** `(3031…)`: characters written as hexadecimal, where they are; else as told. */
function readName(told: string): string {
  if (!/^(?:[2-7][0-9A-Fa-f])+$/.test(told)) return told;
  return told.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16)));
}

/** The last name that was read, which is made a string only when it changes. */
class KeptName {
  #told = new Uint8Array();
  #name = '';

  /** @param open where its bracket opens; null where nothing is in it */
  read(frame: Uint8Array, open: number, end: number): string | null {
    const length = end - open - 2;
    if (length < 1 || frame[end - 1] !== CLOSE) return null;
    if (!this.#isTold(frame, open + 1, length)) {
      this.#told = frame.slice(open + 1, open + 1 + length);
      this.#name = readName(latin1(this.#told, 0, length));
    }
    return this.#name;
  }

  #isTold(frame: Uint8Array, from: number, length: number): boolean {
    if (length !== this.#told.length) return false;
    for (let i = 0; i < length; i++) if (frame[from + i] !== this.#told[i]) return false;
    return true;
  }
}
