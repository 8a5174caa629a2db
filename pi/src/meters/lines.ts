import { defaultLimits, isInstant, parseInstant, watts } from '@lefton/core';
import { lineSettings } from '../meter.ts';
import type { MeterKind, MeterParser, Telegram } from '../meter.ts';
import { FrameCounts } from './frame-counts.ts';
import { LineReader } from './line-reader.ts';

const LONGEST_LINE = 256;
const NUMBER = /^[-+]?\d+(?:\.\d+)?$/;

/** One reading a line: `watts`, or `at,watts[,meter]` with an ISO instant, as a microcontroller or another program writes. */
export class LinesParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #lines = new LineReader(LONGEST_LINE, this.quality);

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    this.#lines.push(chunk, (text, length) => {
      this.#read(text, length, emit);
    });
  }

  #read(text: string, length: number, emit: (telegram: Telegram) => void): void {
    const { quality } = this;
    const cells = text.split(',');
    const [at, power = at, meter = ''] = cells;
    const toldAt = cells.length === 1 ? null : parseInstant(at ?? '');
    if (cells.length > 3 || !NUMBER.test(power ?? '') || (toldAt !== null && !isInstant(toldAt ?? NaN))) {
      quality.skippedBytes += length;
      return;
    }
    const value = Number(power);
    if (Math.abs(value) > defaultLimits.mainFuseW) {
      quality.bad.implausible++;
      return;
    }
    quality.good++;
    emit({
      meter: meter === '' ? null : meter,
      watts: watts(value),
      energyWh: null,
      exportWh: null,
      toldAt: toldAt ?? null,
      apparentVa: null,
    });
  }
}

export const lines: MeterKind = {
  name: 'lines',
  title: 'Lines of text: watts, or at,watts',
  lines: [lineSettings(115_200, '8N1'), lineSettings(9_600, '8N1')],
  guard: 'shape',
  poll: null,
  create: () => new LinesParser(),
};
