import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { until } from '../a-capture.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import { lineSettings } from '../meter.ts';
import type { Telegram } from '../meter.ts';
import { ascii, joined } from '../meters/a-capture.test-data.ts';
import { dsmr } from '../meters/dsmr.ts';
import { EvenParity } from './even-parity.ts';
import { SerialDevice } from './serial-port.ts';
import { TcpPort } from './tcp-port.ts';

/** As seven bits with even parity are on a line. */
const sent = (text: string): Uint8Array =>
  ascii(text).map((byte) => {
    const ones = byte.toString(2).replaceAll('0', '').length;
    return ones % 2 === 1 ? byte | 0x80 : byte;
  });
/** DSMR 2 has no checksum. */
const unsigned = (power: string): string =>
  '/KMP5 ZABF001587315111\r\n\r\n0-0:96.1.1(3030)\r\n' +
  ['1.8.1(00185.000', '1.8.2(00084.000', '2.8.1(00013.000', '2.8.2(00019.000']
    .map((each) => `1-0:${each}*kWh)\r\n`)
    .join('') +
  `1-0:1.7.0(${power}*kW)\r\n1-0:2.7.0(0000.00*kW)\r\n!\r\n`;

function powers(pieces: readonly Uint8Array[]): (number | null)[] {
  const [parity, parser] = [new EvenParity(), dsmr.create()];
  const told: Telegram[] = [];
  for (const piece of pieces) parser.push(parity.read(piece), (telegram) => told.push(telegram));
  return told.map(({ watts }) => watts);
}

describe('seven bits with even parity', () => {
  it('come as they were sent', () => {
    assert.deepEqual(powers([sent(unsigned('0000.98')), sent(unsigned('0001.20'))]), [980, 1_200]);
  });

  it('of which one was turned anywhere make no wrong reading, also where nothing else would show it', () => {
    const [before, telegram] = [sent(unsigned('0000.98')), sent(unsigned('0000.98'))];
    for (let at = 0; at < telegram.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = telegram.slice();
        damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        for (const power of powers([before, damaged])) assert.equal(power, 980, `byte ${at}, bit ${bit}`);
      }
    }
  });

  it('whose parity was taken away on the way are read as they are, also after noise', () => {
    const noise = Uint8Array.from({ length: 40 }, (_, n) => (n * 89) & 0xff);
    const plain = ascii(unsigned('0000.98'));
    assert.deepEqual(powers([plain, plain]), [980, 980]);
    assert.ok(powers([noise, plain, plain, plain, noise, plain, plain, plain]).length >= 4);
  });

  it('are heard on a serial line', { skip: withoutSocat }, async (t) => {
    const pty = await Pty.open(t);
    const heard: Uint8Array[] = [];
    const wire = await new SerialDevice(pty.device).open(lineSettings(1_200, '7E1'), (bytes) =>
      heard.push(bytes),
    );
    t.after(() => wire.close());
    const text = unsigned('0000.98').repeat(2);
    pty.say(sent(text));
    await until('all is heard', () => joined(...heard).length === text.length);
    assert.equal(Buffer.from(joined(...heard)).toString('latin1'), text);
  });

  it('are heard of a server, whether it leaves their parity in them or not', async (t) => {
    for (const bytes of [sent(unsigned('0000.98')), ascii(unsigned('0000.98'))]) {
      const server = createServer((socket) => socket.end(bytes));
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      t.after(() => server.close());
      const heard: Uint8Array[] = [];
      const { port } = server.address() as AddressInfo;
      const line = lineSettings(9_600, '7E1');
      const wire = await new TcpPort(`tcp://127.0.0.1:${port}`).open(line, (each) => heard.push(each));
      await wire.closed;
      assert.equal(Buffer.from(joined(...heard)).toString('latin1'), unsigned('0000.98'));
    }
  });
});
