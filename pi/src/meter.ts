import type { Instant, WattHours, Watts } from '@lefton/core';

/** How a serial line is to be opened. */
export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: 'none' | 'even';
  readonly stopBits: 1;
}

/** As people write it: data bits, parity, stop bits. */
type LineFormat = '7E1' | '8N1' | '8E1';

/** @param baudRate symbols per second */
export const lineSettings = (baudRate: number, format: LineFormat): LineSettings => ({
  baudRate,
  dataBits: format === '7E1' ? 7 : 8,
  parity: format === '8N1' ? 'none' : 'even',
  stopBits: 1,
});

/** Whether two ways to open a line are one: what speaks on the one is heard on the other. */
export const isSameLine = (a: LineSettings, b: LineSettings): boolean =>
  a.baudRate === b.baudRate && a.dataBits === b.dataBits && a.parity === b.parity;

/**
 * What a meter said once: null where it did not say. It has no instant of its own: whoever read the bytes stamps it on
 * arrival.
 */
export interface Telegram {
  /** The meter's own name for itself: serial number, node, sensor. */
  readonly meter: string | null;
  /** Active power, net of export, import positive. */
  readonly watts: Watts | null;
  /** Import register, all tariffs together. */
  readonly energyWh: WattHours | null;
  /** Export register, all tariffs together. */
  readonly exportWh: WattHours | null;
  /** The meter's own clock, only where it says which side of the change of the hour it is on. */
  readonly toldAt: Instant | null;
  /** Apparent power in volt-amperes, import positive. It is no active power: RegisterPower makes watts of the register. */
  readonly apparentVa: number | null;
}

/** Why a frame was dropped. */
export type Damage =
  /** The next one began before it ended. */
  | 'cut'
  /** It did not end within the longest length. */
  | 'too_long'
  /** Its CRC or checksum is wrong. */
  | 'checksum'
  /** It is not built as it must be. */
  | 'shape'
  /** Well-formed, and physically impossible. */
  | 'implausible'
  /** The meter or receiver itself says that something went wrong. */
  | 'refused';

/** Counters of one stream since it was opened. */
export interface LinkQuality {
  /** Telegrams that were emitted. */
  readonly good: number;
  /** Frames in order that hold no live reading for us: history, another sensor, another node. */
  readonly other: number;
  /** Frames dropped, by reason; for Linky, whose groups have a checksum each, groups. */
  readonly bad: Readonly<Record<Damage, number>>;
  /** Bytes outside of any frame, line ends not counted. */
  readonly skippedBytes: number;
}

/** One stream of bytes to telegrams. Chunks may end anywhere; memory is bounded whatever comes. Never throws. */
export interface MeterParser {
  /** @param emit is called within push, once per telegram, in order */
  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void;
  readonly quality: LinkQuality;
}

/** How a meter that only answers is asked. */
export interface Poll {
  /** To be written to the line, again after each answer or time-out. No answer is a gap, never a reading of 0 W. */
  readonly request: Uint8Array;
  /** Bytes of a whole answer. */
  readonly replyBytes: number;
  /** The meter needs no longer than this to begin. */
  readonly timeoutMs: number;
}

/** What a person may have to say about a meter; each kind looks at its own. */
export interface MeterOptions {
  /** DSMR: the meter's clock in winter, ahead of UTC, in minutes; 60 by default, 120 in Estonia and Lithuania. */
  readonly winterOffsetMin?: number;
  /** DSMR, SML: another checksum than the standard's, as some Holley meters have. */
  readonly checksum?: 'x25' | 'kermit';
  /** SML: the meter writes powers without the byte that would show their sign (some DZG). It then has no negative ones. */
  readonly unsignedPower?: boolean;
  /** CurrentCost: the sensor that is the home, 0 by default. */
  readonly sensor?: number;
  /** emonTx: nodes that tell power; 5 to 10 by default. */
  readonly nodes?: readonly number[];
  /** emonTx: inputs whose powers are the home's, from 1; the first by default. */
  readonly channels?: readonly number[];
  /** Modbus: the meter's address, 1 by default. */
  readonly slave?: number;
  /** Pulses: how many are a kilowatt-hour, as printed on the meter. */
  readonly impulsesPerKwh?: number;
  /** Pulses of a GPIO line: edges closer together are one that bounced; 20 by default. */
  readonly debounceMs?: number;
  /** Pulses of a GPIO line: the edge that is one; falling by default, as of a contact to ground with a pull-up. */
  readonly edge?: 'falling' | 'rising';
  /** Pulses of a GPIO line: the resistor that the chip switches on; pull-up by default. */
  readonly bias?: 'pull-up' | 'pull-down' | 'disabled';
  /** Pulses: the register before the first one ever, in Wh. */
  readonly startWh?: number;
  /** Pulses: after so long without one nothing is said, in ms. */
  readonly longestMs?: number;
}

/** A kind of meter. */
export interface MeterKind {
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** How to open the line, in the order to try. */
  readonly lines: readonly LineSettings[];
  /** What guards its frames: a CRC, a checksum, or only how they are built. */
  readonly guard: 'crc' | 'checksum' | 'shape';
  /** Null where the meter speaks by itself. */
  readonly poll: ((options?: MeterOptions) => Poll) | null;
  readonly create: (options?: MeterOptions) => MeterParser;
}
