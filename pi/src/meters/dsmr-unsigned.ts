import { defaultLimits } from '@lefton/core';
import type { DsmrFigures } from './dsmr-lines.ts';

/** An outage of a few minutes at full power. */
const MOST_STEP_WH = 20_000;

const LINE =
  /^\d-\d{1,2}:\d{1,3}\.\d{1,3}\.\d{1,3}(?:\.\d{1,3})?(?:\([0-9A-Za-z.:*_ -]*\))+$|^\(\d+(?:\.\d+)?\)$|^$/;
const POWERS = /^1-0:[12]\.7\.0\((\d+\.\d+)\*kW\)$/gm;
const REGISTERS = /^1-0:[12]\.8\.[12]\((\d+\.\d+)\*kWh\)$/gm;

/**
 * What can be asked of a DSMR 2 or 3 telegram, which has no CRC: every line is built as it must be, the four registers and
 * the two powers stand in it once each and alike in width (a lost character shows), the power is possible, and the
 * registers go on from where they were. A digit that became another digit is not seen: the parity of a 7E1 line sees it.
 */
export class UnsignedGuard {
  #believed: number | null = null;
  #candidate = NaN;

  /** @param text from `/` up to `!` */
  wellFormed(text: string): boolean {
    const [id = '', ...lines] = text.split(/\r?\n/);
    if (!/^\/[A-Za-z]{3}[0-9A-Za-z][\x20-\x7e]{1,40}$/.test(id)) return false;
    if (!lines.every((line) => LINE.test(line))) return false;
    return alike(text, POWERS, '1-0:1.7.0', [1, 2]) && alike(text, REGISTERS, '1-0:1.8.1', [2, 4]);
  }

  /** A register that fell or leapt is believed once the next telegram goes on from there. */
  believes({ importW, exportW, importWh, exportWh }: DsmrFigures): boolean {
    if (!(Math.abs(importW) <= defaultLimits.mainFuseW) || Math.abs(exportW) > defaultLimits.mainFuseW)
      return false;
    // a meter that only knows import has no export registers
    const told = [importWh[1], importWh[2], exportWh[1], exportWh[2]].map((wh) => wh ?? NaN);
    const total = told.reduce((sum, wh) => sum + (Number.isNaN(wh) ? 0 : wh), 0);
    const from = this.#believed;
    if (from === null || follows(from, total) || follows(this.#candidate, total)) {
      this.#believed = total;
      this.#candidate = NaN;
      return true;
    }
    this.#candidate = total;
    return false;
  }
}

const follows = (from: number, to: number): boolean => to >= from && to - from <= MOST_STEP_WH;

/** True where the lines occur as often as they may, the first among them, each once, with fields of one width. */
function alike(text: string, lines: RegExp, first: string, counts: readonly number[]): boolean {
  const found = [...text.replaceAll('\r', '').matchAll(lines)];
  const names = new Set(found.map(([line]) => line.slice(0, line.indexOf('('))));
  const widths = new Set(found.map(([, field = '']) => `${field.length}.${field.indexOf('.')}`));
  return (
    counts.includes(found.length) && names.has(first) && names.size === found.length && widths.size === 1
  );
}
