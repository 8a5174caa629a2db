import { lineSettings } from '../meter.ts';
import type { MeterKind, MeterParser, Telegram } from '../meter.ts';
import { FrameCounts } from './frame-counts.ts';
import { latin1 } from './latin1.ts';
import { historiqueTelegram, LABELS, standardTelegram } from './linky-frame.ts';

const [STX, ETX, EOT, TAB, LF, CR, SPACE] = [0x02, 0x03, 0x04, 0x09, 0x0a, 0x0d, 0x20];
/** The longest group, of a day's profile, has 110 bytes. */
const LONGEST_GROUP = 256;
/** A standard frame of a three-phase home that produces has some 60 groups. */
const MOST_GROUPS = 128;

export type LinkyMode = 'historique' | 'standard';

/**
 * TIC of French Linky meters. Each group has its own checksum, so a bad one costs only itself. The checksum may be a space:
 * a group is never trimmed. Power here is apparent: the watts come of the register, by RegisterPower. CCASN, the mean active
 * power of the last half hour, is not live and is left alone.
 *
 * Frames end with ETX; in text files of groups, which have none, the first group of the next one ends them.
 */
export class LinkyParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #separator: number;
  readonly #first: string;
  readonly #telegram: (groups: ReadonlyMap<string, string>) => Telegram | null;
  readonly #group = new Uint8Array(LONGEST_GROUP);
  readonly #groups = new Map<string, string>();
  #length = 0;
  #count = 0;
  #overlong = false;
  #inside = false;

  constructor(mode: LinkyMode) {
    const historique = mode === 'historique';
    this.#separator = historique ? SPACE : TAB;
    this.#first = historique ? 'ADCO' : 'ADSC';
    this.#telegram = historique ? historiqueTelegram : standardTelegram;
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    const group = this.#group;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === LF || byte === CR || byte === STX || byte === ETX || byte === EOT) {
        if (this.#length > 0) this.#endGroup(emit);
        if (byte === STX) this.#begin(true);
        else if (byte === ETX) this.#finish(emit);
        // the meter breaks off to send something else
        else if (byte === EOT) this.#begin(false);
      } else if (this.#length === LONGEST_GROUP) this.#overlong = true;
      else group[this.#length++] = byte;
    }
  }

  /** Drops what was collected of a frame. @param inside whether one begins */
  #begin(inside: boolean): void {
    if (this.#inside && this.#count > 0) this.quality.bad.cut++;
    this.#clear(inside);
  }

  #clear(inside: boolean): void {
    this.#groups.clear();
    this.#count = 0;
    this.#inside = inside;
  }

  #finish(emit: (telegram: Telegram) => void): void {
    const telegram = this.#inside ? this.#telegram(this.#groups) : null;
    const empty = !this.#inside || this.#count === 0;
    this.#clear(false);
    if (telegram !== null) {
      this.quality.good++;
      emit(telegram);
    } else if (!empty) this.quality.other++;
  }

  #endGroup(emit: (telegram: Telegram) => void): void {
    const length = this.#length;
    this.#length = 0;
    if (this.#overlong) {
      this.#overlong = false;
      this.quality.bad.too_long++;
      return;
    }
    const split = this.#group.indexOf(this.#separator);
    if (split < 1 || split > length - 3 || this.#group[length - 2] !== this.#separator) {
      this.quality.bad.shape++;
      return;
    }
    if (this.#sum(length) !== this.#group[length - 1]) {
      this.quality.bad.checksum++;
      return;
    }
    const label = latin1(this.#group, 0, split);
    if (label === this.#first && this.#count > 0) {
      this.#finish(emit);
      this.#inside = true;
    } else if (label === this.#first) this.#inside = true;
    if (!this.#inside) {
      this.quality.skippedBytes += length;
      return;
    }
    if (++this.#count > MOST_GROUPS) {
      this.quality.bad.too_long++;
      this.#clear(false);
      return;
    }
    if (LABELS.has(label)) this.#groups.set(label, this.#valueOf(label, split + 1, length - 2));
  }

  /** Historique leaves the separator before the checksum out, standard sums it too. */
  #sum(length: number): number {
    const to = this.#separator === SPACE ? length - 2 : length - 1;
    let sum = 0;
    for (let i = 0; i < to; i++) sum += this.#group[i] ?? 0;
    return (sum & 0x3f) + 0x20;
  }

  /** Of the date only the horodate counts, which stands before its empty value. */
  #valueOf(label: string, from: number, to: number): string {
    return latin1(this.#group, from, label === 'DATE' && this.#group[to - 1] === TAB ? to - 1 : to);
  }
}

export const linkyHistorique: MeterKind = {
  name: 'linky-historique',
  title: 'Linky, customer port in historique mode',
  lines: [lineSettings(1_200, '7E1')],
  guard: 'checksum',
  poll: null,
  create: () => new LinkyParser('historique'),
};

export const linkyStandard: MeterKind = {
  name: 'linky-standard',
  title: 'Linky, customer port in standard mode',
  lines: [lineSettings(9_600, '7E1')],
  guard: 'checksum',
  poll: null,
  create: () => new LinkyParser('standard'),
};
