import { wattHours, watts } from '@lefton/core';
import type { WattHours } from '@lefton/core';
import { lineSettings } from '../meter.ts';
import type { Damage, MeterKind, MeterOptions, MeterParser, Telegram } from '../meter.ts';
import { arcOfLines, x25OfLines } from './crc16.ts';
import { DsmrLines } from './dsmr-lines.ts';
import { UnsignedGuard } from './dsmr-unsigned.ts';
import { FrameCounts } from './frame-counts.ts';
import { latin1 } from './latin1.ts';

const [SLASH, BANG, CR, LF] = [0x2f, 0x21, 0x0d, 0x0a];
/** The longest known has four other meters behind it and a message of 1,024 characters in hexadecimal. */
const LONGEST_FRAME = 8_192;

/** Where in a frame the next byte belongs. */
type Place = 'between' | 'lines' | 'checksum';

/**
 * P1 of meters in the Netherlands, Belgium, Luxembourg, Sweden, Hungary, Estonia.
 *
 * The standard's CRC is over line ends of CR LF, and adapters and log files drop the CR: a bare LF counts as CR LF, which
 * weakens nothing, since values do not change with it. A telegram without CRC is only believed where no line shows that
 * the meter signs, and this stream has never been signed.
 */
export class DsmrParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #frame = new Uint8Array(LONGEST_FRAME);
  readonly #guard = new UnsignedGuard();
  readonly #lines: DsmrLines;
  readonly #sum: (bytes: Uint8Array, to: number) => number;
  #place: Place = 'between';
  #length = 0;
  #digits = 0;
  #checksum = 0;
  #everSigned = false;

  constructor({ winterOffsetMin = 60, checksum }: MeterOptions = {}) {
    this.#lines = new DsmrLines(winterOffsetMin);
    this.#sum = checksum === 'x25' ? x25OfLines : arcOfLines;
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    let at = 0;
    while (at < chunk.length) {
      if (this.#place === 'between') at = this.#seek(chunk, at);
      else if (this.#place === 'lines') at = this.#collect(chunk, at);
      else at = this.#end(chunk, at, emit);
    }
  }

  #seek(chunk: Uint8Array, from: number): number {
    const start = chunk.indexOf(SLASH, from);
    this.quality.skip(chunk, from, start < 0 ? chunk.length : start);
    if (start < 0) return chunk.length;
    this.#begin();
    return start + 1;
  }

  #begin(): void {
    this.#frame[0] = SLASH;
    this.#length = 1;
    this.#place = 'lines';
  }

  #drop(why: Damage): void {
    this.quality.bad[why]++;
    this.#place = 'between';
  }

  /** Neither `/` nor `!` stand inside of a telegram. */
  #collect(chunk: Uint8Array, from: number): number {
    const frame = this.#frame;
    let length = this.#length;
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === SLASH) {
        this.#drop('cut');
        this.#begin();
        return at + 1;
      }
      if (length === LONGEST_FRAME) {
        this.#drop('too_long');
        return at;
      }
      frame[length++] = byte;
      if (byte === BANG) {
        this.#place = 'checksum';
        this.#digits = 0;
        this.#checksum = 0;
        this.#length = length;
        return at + 1;
      }
    }
    this.#length = length;
    return chunk.length;
  }

  /** Four hexadecimal digits, or the end of the line. */
  #end(chunk: Uint8Array, at: number, emit: (telegram: Telegram) => void): number {
    const byte = chunk[at] ?? 0;
    const value = hexValue(byte);
    if (value >= 0) {
      this.#checksum = this.#checksum * 16 + value;
      if (++this.#digits === 4) this.#finish(emit, true);
      return at + 1;
    }
    if (this.#digits === 0 && (byte === CR || byte === LF)) this.#finish(emit, false);
    else this.#drop('shape');
    return at;
  }

  #finish(emit: (telegram: Telegram) => void, signed: boolean): void {
    this.#place = 'between';
    if (signed && this.#sum(this.#frame, this.#length) !== this.#checksum) {
      this.#drop('checksum');
      return;
    }
    const figures = this.#lines.read(this.#frame, this.#length);
    if (signed) this.#everSigned = true;
    else if (figures.signed || this.#everSigned) {
      this.#drop('checksum');
      return;
    } else if (!this.#guard.wellFormed(latin1(this.#frame, 0, this.#length - 1))) {
      this.#drop('shape');
      return;
    } else if (!this.#guard.believes(figures)) {
      this.#drop('implausible');
      return;
    }
    const { importW, exportW } = figures;
    if (Number.isNaN(importW)) {
      this.#drop('shape');
      return;
    }
    this.quality.good++;
    emit({
      meter: figures.meter,
      // a meter that only knows import has no such line
      watts: watts(importW - (Number.isNaN(exportW) ? 0 : exportW)),
      energyWh: total(figures.importWh),
      exportWh: total(figures.exportWh),
      toldAt: figures.toldAt,
      apparentVa: null,
    });
  }
}

/** The total where it is told, else all tariffs; a register whose tariffs are not all readable is not told. */
function total(registers: Float64Array): WattHours | null {
  const all = registers[0] ?? NaN;
  if (!Number.isNaN(all)) return wattHours(all);
  let sum = 0;
  for (let tariff = 1; tariff < registers.length; tariff++) {
    const told = registers[tariff] ?? NaN;
    if (!Number.isNaN(told)) sum += told;
    else if (tariff <= 2) return null;
  }
  return wattHours(sum);
}

function hexValue(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

export const dsmr: MeterKind = {
  name: 'dsmr',
  title: 'P1 port (DSMR 2.2 to 5, ESMR, Fluvius, E.ON Hungary)',
  lines: [lineSettings(115_200, '8N1'), lineSettings(9_600, '7E1')],
  guard: 'crc',
  poll: null,
  create: (options) => new DsmrParser(options),
};
