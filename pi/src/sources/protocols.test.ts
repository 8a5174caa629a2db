import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog, heardOf, realPause, until } from '../a-capture.test-data.ts';
import { dsmrTelegram } from '../a-meter.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import { kindOf } from '../kinds.ts';
import type { Telegram } from '../meter.ts';
import { ascii, hex } from '../meters/a-capture.test-data.ts';
import { smlEntry, smlFrame } from '../meters/a-frame.test-data.ts';
import { meterKinds } from '../meters/index.ts';
import { SerialDevice } from './serial-port.ts';
import { WireSource } from './wire-source.ts';

const checked = (text: string, from: number): string =>
  String.fromCharCode(
    (Buffer.from(text.slice(0, from), 'latin1').reduce((sum, byte) => sum + byte, 0) & 0x3f) + 0x20,
  );
const historique = (label: string, value: string): string => {
  const text = `${label} ${value} `;
  return `\n${text}${checked(text, text.length - 1)}\r`;
};
const standard = (label: string, value: string): string => {
  const text = `${label}\t${value}\t`;
  return `\n${text}${checked(text, text.length)}\r`;
};
const cc = (watts: string): string =>
  `<msg><src>CC128-v0.11</src><dsb>00089</dsb><time>13:02:39</time><tmpr>18.7</tmpr><sensor>0</sensor><id>01234</id>` +
  `<type>1</type><ch1><watts>${watts}</watts></ch1></msg>\r\n`;

/** What a meter of each protocol says, and what is to be heard of it. */
const SAID: Record<string, { bytes: Uint8Array; has: (telegram: Telegram) => boolean }> = {
  dsmr: { bytes: dsmrTelegram(1, 250), has: ({ watts }) => watts === 250 },
  sml: {
    bytes: smlFrame([smlEntry('100700', '621b', '52ff', '5500000fa0')]),
    has: ({ watts }) => watts === 400,
  },
  'pzem-004t': {
    bytes: hex('01041408D1006C000000F400000026000001F4006400005134'),
    has: ({ watts, energyWh }) => watts === 24.4 && energyWh === 38,
  },
  'linky-historique': {
    bytes: ascii(
      `\u0002${historique('ADCO', '012345678901')}${historique('BASE', '000320792')}${historique('PAPP', '00550')}\u0003`,
    ),
    has: ({ watts, apparentVa, energyWh }) => watts === null && apparentVa === 550 && energyWh === 320_792,
  },
  'linky-standard': {
    bytes: ascii(
      `\u0002${standard('ADSC', '012345678901')}${standard('EAST', '000320792')}${standard('SINSTS', '00766')}\u0003`,
    ),
    has: ({ watts, apparentVa }) => watts === null && apparentVa === 766,
  },
  currentcost: { bytes: ascii(cc('00345')), has: ({ watts }) => watts === 345 },
  emontx: {
    bytes: ascii('MSG:71923,Vrms:246.78,P1:157,E1:16346,pulse:15\r\n'),
    has: ({ watts }) => watts === 157,
  },
  lines: { bytes: ascii('1234.5\r\n'), has: ({ watts }) => watts === 1234.5 },
};

describe('on a pseudo-terminal', { skip: withoutSocat }, () => {
  for (const { name } of meterKinds.filter((kind) => SAID[kind.name] !== undefined)) {
    it(`${name} is heard in pieces of any length, between noise, and after the cable was out`, async (t) => {
      const said = SAID[name];
      assert.ok(said !== undefined);
      const kind = kindOf(name);
      const [line] = kind.lines;
      assert.ok(line !== undefined);
      const pty = await Pty.open(t);
      const parts = { pause: realPause, log: aLog().log, monotonic: () => performance.now() };
      const quick = {
        ...parts,
        pause: (ms: number, signal: AbortSignal) => realPause(Math.min(ms, 20), signal),
      };
      const settings = { protocol: name, line, parser: () => kind.create(), poll: kind.poll?.() ?? null };
      const source = new WireSource(new SerialDevice(pty.device), settings, quick);
      const heard = heardOf(t, source);
      let size = 1;
      const speak = (): void => {
        for (let at = 0; at < said.bytes.length; at += size, size = ((size * 7) % 23) + 1)
          pty.say(said.bytes.subarray(at, at + size));
      };
      const answers = kind.poll !== null;
      if (answers) pty.onAsked = speak;
      const until3 = (what: string): Promise<void> => {
        const before = heard.length;
        return until(what, () => {
          if (!answers) speak();
          return heard.length >= before + 3;
        });
      };
      await until3('it is heard');
      pty.say(Uint8Array.from({ length: 500 }, (_, n) => (n * 7_919) & 0xff));
      pty.say('\r\n');
      await until3('it is heard after noise');
      await pty.unplug();
      await pty.plug();
      await until3('it is heard after the cable was out');
      assert.ok(heard.every(said.has), JSON.stringify(heard.find((telegram) => !said.has(telegram))));
      // what was under way when the cable came out may still arrive
      await until('it was opened again', () => {
        if (!answers) speak();
        return source.link().reopened >= 1;
      });
    });
  }
});
