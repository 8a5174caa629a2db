import { lineSettings } from '../meter.ts';
import type { Damage, MeterKind, MeterOptions, MeterParser, Telegram } from '../meter.ts';
import { kermit, x25 } from './crc16.ts';
import { FrameCounts } from './frame-counts.ts';
import { readFile } from './sml-list.ts';

const [ESCAPE, VERSION, END] = [0x1b, 0x01, 0x1a];
/** An escape is four bytes, and what it says is four more. */
const GROUP = 4;
const START_BYTES = 2 * GROUP;
const MOST_FILL = 3;
/** Real ones have some 250 to 530 bytes. */
const LONGEST_FRAME = 8_192;

/**
 * SML of German meters (eHZ, mME): frames between escape sequences, guarded by a CRC over all that stands before it. Four
 * escape bytes inside of a frame are sent twice.
 */
export class SmlParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #frame = new Uint8Array(LONGEST_FRAME);
  readonly #sum: (bytes: Uint8Array, from: number, to: number) => number;
  readonly #unsignedPower: boolean;
  /** Bytes of the frame; 0 between frames. */
  #length = 0;
  /** Escape bytes that stand together just before the next byte. */
  #escapes = 0;
  /** Bytes of the version that followed them, between frames. */
  #versions = 0;
  /** Bytes read of the group after an escape, inside of a frame; -1 where there was none. */
  #group = -1;
  #doubled = false;

  constructor({ checksum, unsignedPower = false }: MeterOptions = {}) {
    this.#sum = checksum === 'kermit' ? kermit : x25;
    this.#unsignedPower = unsignedPower;
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    let at = 0;
    while (at < chunk.length)
      at = this.#length === 0 ? this.#seek(chunk, at) : this.#collect(chunk, at, emit);
  }

  /** Looks for the start sequence; more escape bytes than four may stand before it. */
  #seek(chunk: Uint8Array, from: number): number {
    let at = from;
    for (; at < chunk.length && this.#length === 0; at++) this.#seekByte(chunk[at] ?? 0);
    return at;
  }

  #seekByte(byte: number): void {
    const { quality } = this;
    if (byte === VERSION && this.#escapes >= GROUP) {
      if (++this.#versions === GROUP) {
        quality.skippedBytes -= GROUP + this.#versions - 1;
        this.#begin();
        return;
      }
    } else if (byte === ESCAPE) {
      this.#escapes = this.#versions > 0 ? 1 : this.#escapes + 1;
      this.#versions = 0;
    } else {
      this.#escapes = 0;
      this.#versions = 0;
    }
    quality.skippedBytes++;
  }

  #begin(): void {
    this.#frame.fill(ESCAPE, 0, GROUP);
    this.#frame.fill(VERSION, GROUP, START_BYTES);
    this.#length = START_BYTES;
    this.#escapes = 0;
    this.#versions = 0;
    this.#group = -1;
    this.#doubled = false;
  }

  #collect(chunk: Uint8Array, from: number, emit: (telegram: Telegram) => void): number {
    const frame = this.#frame;
    let [length, escapes, group] = [this.#length, this.#escapes, this.#group];
    for (let at = from; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (length === LONGEST_FRAME) {
        this.#drop('too_long');
        return at;
      }
      frame[length++] = byte;
      if (group >= 0) {
        if (++group < GROUP) continue;
        this.#length = length;
        this.#read(emit);
        return at + 1;
      }
      escapes = byte === ESCAPE ? escapes + 1 : 0;
      if (escapes === GROUP) group = 0;
    }
    this.#length = length;
    this.#escapes = escapes;
    this.#group = group;
    return chunk.length;
  }

  /** What the four bytes after an escape say. */
  #read(emit: (telegram: Telegram) => void): void {
    const frame = this.#frame;
    const group = this.#length - GROUP;
    const [first, second] = [frame[group], frame[group + 1] ?? 0];
    this.#escapes = 0;
    this.#group = -1;
    if (first === END) this.#finish(group - GROUP, second, emit);
    else if (this.#isAll(group, ESCAPE)) this.#doubled = true;
    else if (this.#isAll(group, VERSION)) {
      this.quality.bad.cut++;
      this.#begin();
    } else {
      this.#drop('shape');
      // a stray escape byte may stand right before the start sequence
      this.#escapes = GROUP;
      for (let i = group; i < group + GROUP; i++) this.#seekByte(frame[i] ?? 0);
    }
  }

  #isAll(from: number, byte: number): boolean {
    for (let i = from; i < from + GROUP; i++) if (this.#frame[i] !== byte) return false;
    return true;
  }

  #drop(why: Damage): void {
    this.quality.bad[why]++;
    this.#length = 0;
    this.#escapes = 0;
    this.#versions = 0;
    this.#group = -1;
  }

  /** @param end where the last escape begins */
  #finish(end: number, fill: number, emit: (telegram: Telegram) => void): void {
    const { quality } = this;
    const frame = this.#frame;
    const told = this.#length - 2;
    const checksum = (frame[told] ?? 0) | ((frame[told + 1] ?? 0) << 8);
    if (this.#sum(frame, 0, told) !== checksum) {
      this.#drop('checksum');
      return;
    }
    const last = this.#doubled ? this.#withoutDoubles(end) : end;
    const to = last - fill;
    const telegram =
      fill > MOST_FILL || to < START_BYTES
        ? undefined
        : readFile(frame, START_BYTES, to, this.#unsignedPower);
    if (telegram === undefined) {
      this.#drop('shape');
      return;
    }
    this.#length = 0;
    if (telegram === null) quality.other++;
    else {
      quality.good++;
      emit(telegram);
    }
  }

  /** Takes the second four of eight escape bytes away, in place; the new end. */
  #withoutDoubles(end: number): number {
    const frame = this.#frame;
    let [to, escapes] = [START_BYTES, 0];
    for (let from = START_BYTES; from < end; from++) {
      const byte = frame[from] ?? 0;
      frame[to++] = byte;
      escapes = byte === ESCAPE ? escapes + 1 : 0;
      if (escapes === GROUP) {
        from += GROUP;
        escapes = 0;
      }
    }
    return to;
  }
}

export const sml: MeterKind = {
  name: 'sml',
  title: 'Infrared head on a German meter (SML)',
  lines: [lineSettings(9_600, '8N1')],
  guard: 'crc',
  poll: null,
  create: (options) => new SmlParser(options),
};
