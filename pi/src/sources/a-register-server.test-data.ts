import type { Pty } from '../a-pty.test-data.ts';

const [READ_INPUT, ILLEGAL_ADDRESS] = [0x04, 0x02];
const REQUEST_BYTES = 8;

/** CRC-16/MODBUS bit by bit, from its definition: not what the parsers use. */
function crcOf(bytes: Uint8Array): Uint8Array {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  return Uint8Array.of(crc & 0xff, crc >> 8);
}

const signed = (bytes: Uint8Array): Buffer => Buffer.concat([bytes, crcOf(bytes)]);

/** A Modbus meter behind a pseudo-terminal: floats in input registers, read by function 4. */
export class RegisterServer {
  /** Floats by the address of their high register. */
  readonly floats = new Map<number, number>();
  /** `echo`: an adapter that hears itself; `flip`: one bit of each answer is another. */
  mode: 'answers' | 'silent' | 'refuses' | 'echo' | 'flip' | 'cut' = 'answers';
  /** Requests that were right and for this meter. */
  asked = 0;
  readonly #pty: Pty;
  readonly #slave: number;
  #heard = Buffer.alloc(0);

  constructor(pty: Pty, slave: number) {
    this.#pty = pty;
    this.#slave = slave;
    pty.onAsked = (bytes) => {
      this.#heard = Buffer.concat([this.#heard, bytes]);
      for (; this.#heard.length >= REQUEST_BYTES; this.#heard = this.#heard.subarray(REQUEST_BYTES))
        this.#answer(this.#heard.subarray(0, REQUEST_BYTES));
    };
  }

  #answer(request: Buffer): void {
    const { mode } = this;
    const right = signed(request.subarray(0, REQUEST_BYTES - 2)).equals(request);
    // a meter does not answer what is damaged or for another one
    if (!right || request[0] !== this.#slave) return;
    this.asked++;
    if (mode === 'silent') return;
    if (mode === 'echo') this.#pty.say(request);
    const [start, count] = [request.readUInt16BE(2), request.readUInt16BE(4)];
    if (mode === 'refuses' || request[1] !== READ_INPUT) {
      this.#pty.say(signed(Uint8Array.of(this.#slave, READ_INPUT | 0x80, ILLEGAL_ADDRESS)));
      return;
    }
    const data = Buffer.alloc(3 + 2 * count);
    data.set([this.#slave, READ_INPUT, 2 * count]);
    for (const [address, value] of this.floats)
      if (address >= start && address + 2 <= start + count)
        data.writeFloatBE(value, 3 + 2 * (address - start));
    const answer = signed(data);
    if (mode === 'flip') answer.writeUInt8(answer.readUInt8(6) ^ 0x10, 6);
    if (mode === 'cut') this.#pty.say(answer.subarray(0, 20));
    else
      for (let at = 0, size = 1; at < answer.length; at += size, size = ((size * 7) % 23) + 1)
        this.#pty.say(answer.subarray(at, at + size));
  }
}
