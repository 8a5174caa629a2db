import { defaultLimits, watts } from '@lefton/core';
import { lineSettings } from '../meter.ts';
import type { MeterKind, MeterOptions, MeterParser, Telegram } from '../meter.ts';
import { FrameCounts } from './frame-counts.ts';
import { latin1 } from './latin1.ts';

/** A history message has up to 10,000 bytes. */
const LONGEST_MESSAGE = 16_384;
const GREATER = 0x3e;
const [BEGIN, FINISH] = ['<msg>', '</msg>'];
const [LESS, SMALL_M] = [0x3c, 0x6d];

const LIVE =
  /^<msg><src>[^<]*<\/src><dsb>\d+<\/dsb><time>\d\d:\d\d:\d\d<\/time><tmprF?> *-?\d+(?:\.\d+)?<\/tmprF?><sensor>(\d)<\/sensor><id>(\d+)<\/id><type>1<\/type>((?:<ch[1-3]><watts>[-+]?\d{1,6}<\/watts><\/ch[1-3]>){1,3})<\/msg>$/;
const CHANNEL = /<ch([1-3])><watts>([-+]?\d+)<\/watts><\/ch\1>/g;

/**
 * CurrentCost EnviR and CC128: one XML message a line, without any checksum, so a message must fit as a whole. Its clock has
 * no date and is not told. The history that comes at every odd hour is no live reading; nor is another sensor than the home's.
 */
export class CurrentCostParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #message = new Uint8Array(LONGEST_MESSAGE);
  readonly #sensor: number;
  #length = 0;
  #inside = false;

  constructor({ sensor = 0 }: MeterOptions = {}) {
    this.#sensor = sensor;
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    const message = this.#message;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (!this.#inside) this.#seek(byte);
      else if (this.#length === LONGEST_MESSAGE) {
        this.quality.bad.too_long++;
        this.#inside = false;
        this.#length = 0;
      } else {
        message[this.#length++] = byte;
        if (byte !== GREATER) continue;
        if (this.#endsWith(FINISH)) this.#finish(emit);
        else if (this.#endsWith(BEGIN)) {
          this.quality.bad.cut++;
          this.#begin();
        }
      }
    }
  }

  /** The opening tag, letter by letter. */
  #seek(byte: number): void {
    const length = this.#length;
    if (byte === BEGIN.charCodeAt(length)) {
      this.#message[this.#length++] = byte;
      if (length + 1 === BEGIN.length) this.#begin();
      return;
    }
    this.quality.skip(this.#message, 0, length);
    this.#length = 0;
    if (byte === LESS && length > 0) this.#seek(byte);
    else if (byte !== 0x0a && byte !== 0x0d) this.quality.skippedBytes++;
  }

  #begin(): void {
    for (let i = 0; i < BEGIN.length; i++) this.#message[i] = BEGIN.charCodeAt(i);
    this.#length = BEGIN.length;
    this.#inside = true;
  }

  #endsWith(tag: string): boolean {
    const from = this.#length - tag.length;
    if (this.#message[this.#length - tag.length + tag.indexOf('m')] !== SMALL_M) return false;
    for (let i = 0; i < tag.length; i++) if (this.#message[from + i] !== tag.charCodeAt(i)) return false;
    return true;
  }

  #finish(emit: (telegram: Telegram) => void): void {
    const { quality } = this;
    const text = latin1(this.#message, 0, this.#length).replace(/>\s+</g, '><');
    this.#inside = false;
    this.#length = 0;
    if (text.includes('<hist>')) {
      quality.other++;
      return;
    }
    const [, sensor, id, channels = ''] = LIVE.exec(text) ?? [];
    const powers = new Map(
      [...channels.matchAll(CHANNEL)].map(([, channel, value]) => [channel, Number(value)]),
    );
    if (id === undefined || powers.size !== channels.split('<watts>').length - 1) {
      quality.bad.shape++;
    } else if (Number(sensor) !== this.#sensor) {
      quality.other++;
    } else {
      const sum = [...powers.values()].reduce((total, value) => total + value, 0);
      if (Math.abs(sum) > defaultLimits.mainFuseW) {
        quality.bad.implausible++;
        return;
      }
      quality.good++;
      emit({
        meter: id,
        watts: watts(sum),
        energyWh: null,
        exportWh: null,
        toldAt: null,
        apparentVa: null,
      });
    }
  }
}

export const currentCost: MeterKind = {
  name: 'currentcost',
  title: 'CurrentCost EnviR or CC128',
  lines: [lineSettings(57_600, '8N1')],
  guard: 'shape',
  poll: null,
  create: (options) => new CurrentCostParser(options),
};
