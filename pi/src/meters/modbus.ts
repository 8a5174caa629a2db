import type { LineSettings, MeterKind, MeterOptions, MeterParser, Poll, Telegram } from '../meter.ts';
import { modbus } from './crc16.ts';
import { FrameCounts } from './frame-counts.ts';

const READ_INPUT = 0x04;
const EXCEPTION = 0x80;
const [HEAD_BYTES, CRC_BYTES, EXCEPTION_BYTES] = [3, 2, 5];
const DEFAULT_SLAVE = 1;
/** A meter on a slow line answers within some 200 ms. */
const TIMEOUT_MS = 1_000;

/** Where a meter keeps its figures: one block of input registers, read by function 4. */
export interface RegisterMap {
  readonly name: string;
  readonly title: string;
  readonly lines: readonly LineSettings[];
  /** Address of the first register. */
  readonly start: number;
  /** Registers of 16 bits. */
  readonly count: number;
  /** @param registers as read from `start`, also by another Modbus client; null where they hold no power */
  readonly decode: (registers: ArrayLike<number>) => Telegram | null;
}

/** The request for a block of input registers, CRC low byte first. */
export function readInputRequest(slave: number, start: number, count: number): Uint8Array {
  const request = Uint8Array.of(slave, READ_INPUT, start >> 8, start & 0xff, count >> 8, count & 0xff, 0, 0);
  const crc = modbus(request, 0, 6);
  request[6] = crc & 0xff;
  request[7] = crc >> 8;
  return request;
}

/** Answers of one slave to one request. Echoes of the request and answers of others are passed over. */
export class ModbusParser implements MeterParser {
  readonly quality = new FrameCounts();
  readonly #decode: RegisterMap['decode'];
  readonly #slave: number;
  readonly #dataBytes: number;
  readonly #frame: Uint8Array;
  readonly #registers: Uint16Array;
  #length = 0;

  constructor({ count, decode }: RegisterMap, { slave = DEFAULT_SLAVE }: MeterOptions = {}) {
    this.#decode = decode;
    this.#slave = slave;
    this.#dataBytes = 2 * count;
    this.#frame = new Uint8Array(HEAD_BYTES + this.#dataBytes + CRC_BYTES);
    this.#registers = new Uint16Array(count);
  }

  push(chunk: Uint8Array, emit: (telegram: Telegram) => void): void {
    for (let at = 0; at < chunk.length; at++) {
      this.#frame[this.#length++] = chunk[at] ?? 0;
      while (this.#length > 0 && !this.#waits()) this.#take(emit);
    }
  }

  /** True while what is there may be the beginning of an answer. */
  #waits(): boolean {
    const [slave, code = 0, bytes] = this.#frame;
    const length = this.#length;
    if (slave !== this.#slave) return false;
    if (length === 1) return true;
    if (code === (READ_INPUT | EXCEPTION)) return length < EXCEPTION_BYTES;
    if (code !== READ_INPUT) return false;
    return length < HEAD_BYTES || (bytes === this.#dataBytes && length < this.#frame.length);
  }

  /** A whole answer, or a byte that cannot begin one. */
  #take(emit: (telegram: Telegram) => void): void {
    const { quality } = this;
    const frame = this.#frame;
    const exception = frame[0] === this.#slave && frame[1] === (READ_INPUT | EXCEPTION);
    const whole = exception
      ? this.#length === EXCEPTION_BYTES
      : this.#length === frame.length && frame[0] === this.#slave && frame[1] === READ_INPUT;
    if (!whole || !this.#signed()) {
      if (whole) quality.bad.checksum++;
      else quality.skippedBytes++;
      frame.copyWithin(0, 1, this.#length);
      this.#length--;
      return;
    }
    this.#length = 0;
    if (exception) {
      quality.bad.refused++;
      return;
    }
    for (let i = 0; i < this.#registers.length; i++) {
      const at = HEAD_BYTES + 2 * i;
      this.#registers[i] = ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    }
    const telegram = this.#decode(this.#registers);
    if (telegram === null) {
      quality.bad.implausible++;
      return;
    }
    quality.good++;
    emit(telegram);
  }

  #signed(): boolean {
    const end = this.#length - CRC_BYTES;
    return modbus(this.#frame, 0, end) === ((this.#frame[end] ?? 0) | ((this.#frame[end + 1] ?? 0) << 8));
  }
}

/** A kind of meter that is asked for its registers. */
export function modbusKind(map: RegisterMap): MeterKind {
  const { name, title, lines, start, count } = map;
  return {
    name,
    title,
    lines,
    guard: 'crc',
    poll: ({ slave = DEFAULT_SLAVE } = {}): Poll => ({
      request: readInputRequest(slave, start, count),
      replyBytes: HEAD_BYTES + 2 * count + CRC_BYTES,
      timeoutMs: TIMEOUT_MS,
    }),
    create: (options) => new ModbusParser(map, options),
  };
}
