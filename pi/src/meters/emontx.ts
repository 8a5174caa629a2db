import { defaultLimits, wattHours, watts } from '@lefton/core';
import { lineSettings } from '../meter.ts';
import type { MeterKind, MeterOptions, MeterParser, Telegram } from '../meter.ts';
import { FrameCounts } from './frame-counts.ts';
import { LineReader } from './line-reader.ts';

const LONGEST_LINE = 512;
/** What the firmwares call an emonPi and the emonTx of a home; others tell temperatures or the time. */
const NODES = [5, 6, 7, 8, 9, 10];

const PAIRS = /^(?:MSG:\d+,)?[A-Za-z][A-Za-z0-9]*:-?\d+(?:\.\d+)?(?:,[A-Za-z][A-Za-z0-9]*:-?\d+(?:\.\d+)?)+$/;
const PACKET = /^OK(?:G \d+)? (\d+)((?: \d+)+)(?: \(-?\d+\))?$/;
const VALUES = /^(\d+)((?: -?\d+(?:\.\d+)?){2,})$/;
const POWER_LABELS = ['p', 'ct', 'power'];

/** Watts of the inputs, from 1, and Wh where they are told. */
interface Inputs {
  readonly meter: string | null;
  readonly power: (channel: number) => number;
  readonly energy: (channel: number) => number;
}

const unknown = (): number => NaN;

/**
 * Lines of emonTx, emonPi and RFM69Pi: `MSG:1,P1:157,E1:16346`, one JSON object, `OK 8 105 0 … (-28)` with little-endian
 * pairs of bytes, or `8 105 447`. There is no checksum: a line is read when all of it fits, else skipped. Packets that the
 * receiver itself marks with `?` are counted. The energy counters begin at 0 with each power-up.
 */
export class EmonTxParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #lines = new LineReader(LONGEST_LINE, this.quality);
  readonly #nodes: ReadonlySet<number>;
  readonly #channels: readonly number[];

  constructor({ nodes = NODES, channels = [1] }: MeterOptions = {}) {
    this.#nodes = new Set(nodes);
    this.#channels = channels;
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    this.#lines.push(chunk, (text, length) => {
      this.#read(text, length, emit);
    });
  }

  #read(text: string, length: number, emit: (telegram: Telegram) => void): void {
    const { quality } = this;
    if (text.startsWith('?')) {
      quality.bad.refused++;
      return;
    }
    const inputs = this.#inputsOf(text);
    if (inputs === undefined) {
      // a banner, a configuration, a damaged line: without a checksum nobody can tell
      quality.skippedBytes += length;
      return;
    }
    const power = inputs === null ? NaN : this.#sum(inputs.power);
    if (inputs === null || Number.isNaN(power)) {
      quality.other++;
      return;
    }
    if (Math.abs(power) > defaultLimits.mainFuseW) {
      quality.bad.implausible++;
      return;
    }
    const energy = this.#sum(inputs.energy);
    quality.good++;
    emit({
      meter: inputs.meter,
      watts: watts(power),
      energyWh: Number.isNaN(energy) || energy < 0 ? null : wattHours(energy),
      exportWh: null,
      toldAt: null,
      apparentVa: null,
    });
  }

  #sum(value: (channel: number) => number): number {
    return this.#channels.reduce((sum, channel) => sum + value(channel), 0);
  }

  /** Undefined where the line is none of the shapes, null where its node is none of ours. */
  #inputsOf(text: string): Inputs | null | undefined {
    if (PAIRS.test(text)) {
      const pairs = text.split(',').map((pair) => pair.split(':'));
      return labelled(new Map(pairs.map(([label = '', value = '']) => [label.toLowerCase(), Number(value)])));
    }
    if (text.startsWith('{')) return jsonInputs(text);
    const packet = PACKET.exec(text);
    if (packet !== null) {
      const bytes = numbers(packet[2]);
      return bytes.every((byte) => byte <= 255) ? this.#ofNode(packet[1], pairsOf(bytes)) : undefined;
    }
    const values = VALUES.exec(text);
    return values === null ? undefined : this.#ofNode(values[1], numbers(values[2]));
  }

  #ofNode(node: string | undefined, values: readonly number[]): Inputs | null {
    if (!this.#nodes.has(Number(node))) return null;
    return { meter: node ?? null, power: (channel) => values[channel - 1] ?? NaN, energy: unknown };
  }
}

const numbers = (text = ''): number[] => text.trim().split(' ').map(Number);

/** Signed 16-bit values, low byte first. */
const pairsOf = (bytes: readonly number[]): number[] =>
  Array.from({ length: bytes.length >> 1 }, (_, i) => {
    const value = (bytes[2 * i] ?? 0) | ((bytes[2 * i + 1] ?? 0) << 8);
    return value >= 0x8000 ? value - 0x10000 : value;
  });

function labelled(values: ReadonlyMap<string, number>): Inputs {
  return {
    meter: null,
    power: (channel) =>
      POWER_LABELS.map((label) => values.get(`${label}${channel}`)).find((value) => value !== undefined) ??
      NaN,
    energy: (channel) => values.get(`e${channel}`) ?? NaN,
  };
}

function jsonInputs(text: string): Inputs | undefined {
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null) return undefined;
  const values = Object.entries(told).flatMap(([label, value]: [string, unknown]): [string, number][] =>
    typeof value === 'number' ? [[label.toLowerCase(), value]] : [],
  );
  return labelled(new Map(values));
}

export const emonTx: MeterKind = {
  name: 'emontx',
  title: 'emonTx, emonPi, RFM69Pi',
  lines: [lineSettings(115_200, '8N1'), lineSettings(38_400, '8N1'), lineSettings(9_600, '8N1')],
  guard: 'shape',
  poll: null,
  create: (options) => new EmonTxParser(options),
};
