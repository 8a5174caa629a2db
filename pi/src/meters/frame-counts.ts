import type { Damage, LinkQuality } from '../meter.ts';

const CR = 0x0d;
const LF = 0x0a;

/** The counters of one stream; they only ever grow. */
export class FrameCounts implements LinkQuality {
  good = 0;
  other = 0;
  skippedBytes = 0;
  readonly bad: Record<Damage, number> = {
    cut: 0,
    too_long: 0,
    checksum: 0,
    shape: 0,
    implausible: 0,
    refused: 0,
  };

  /** Counts what lies outside of frames, without line ends. */
  skip(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) if (bytes[i] !== CR && bytes[i] !== LF) this.skippedBytes++;
  }
}
