import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { shortPause } from '../a-capture.test-data.ts';
import { dsmrTelegram } from '../a-meter.test-data.ts';
import type { Pause } from '../capture-log.ts';
import type { LineSettings } from '../meter.ts';
import { ascii, hex } from '../meters/a-capture.test-data.ts';
import { smlFrame, smlEntry } from '../meters/a-frame.test-data.ts';
import { probe } from './probe.ts';
import type { Port } from '../wire.ts';

/** A meter that speaks at one speed, noise at others; or that answers what it is asked. */
function aPort(baudRate: number, says: Uint8Array, asked?: Uint8Array): Port {
  return {
    path: 'test',
    open: (line: LineSettings, take) => {
      const speak = (): void => {
        take(line.baudRate === baudRate ? says : ascii('\u0000\u00ff~~'));
      };
      const timer = setInterval(() => {
        if (asked === undefined) speak();
      }, 2);
      return Promise.resolve({
        closed: new Promise<string>(() => undefined),
        write: (bytes) => {
          if (asked !== undefined && Buffer.from(bytes).equals(asked)) void setTimeout(1).then(speak);
        },
        close: () => {
          clearInterval(timer);
          return Promise.resolve();
        },
      });
    },
  };
}

async function found(port: Port, pause = shortPause) {
  const tried: string[] = [];
  for await (const { line, heard } of probe(port, pause, new AbortController().signal)) {
    tried.push(`${line.baudRate}`);
    if (heard !== undefined) return { name: heard.kind.name, last: heard.last.watts, tried };
  }
  return undefined;
}

describe('trying what is at the end of a cable', () => {
  it('names a meter that speaks, at its speed', async () => {
    assert.equal((await found(aPort(115_200, dsmrTelegram(1, 250))))?.name, 'dsmr');
    const sml = smlFrame([smlEntry('100700', '621b', '52ff', '5500000fa0')]);
    const heard = await found(aPort(9_600, sml));
    assert.equal(heard?.name, 'sml');
    assert.equal(heard.last, 400);
  });

  it('asks meters that only answer', async () => {
    const [question, answer] = [
      hex('01040000000A700D'),
      hex('01041408D1006C000000F400000026000001F4006400005134'),
    ];
    const heard = await found(aPort(9_600, answer, question));
    assert.equal(heard?.name, 'pzem-004t');
    assert.equal(heard.last, 24.4);
  });

  it('asks no meter on a line that is not its own: as long, and of other bits', async () => {
    const asked = new Set<string>();
    const port: Port = {
      path: 'test',
      open: ({ baudRate, dataBits, parity }) => {
        const closed = new Promise<string>(() => undefined);
        const write = (): void => void asked.add(`${baudRate} ${dataBits} ${parity}`);
        return Promise.resolve({ closed, write, close: () => Promise.resolve() });
      },
    };
    await found(port);
    assert.deepEqual([...asked].sort(), ['2400 8 none', '9600 8 even', '9600 8 none']);
  });

  it('says so where there is no device', async () => {
    const port: Port = { path: '/dev/none', open: () => Promise.reject(new Error('No such file')) };
    await assert.rejects(found(port), { code: 'no_device', message: /\/dev\/none.*No such file/ });
  });

  it('finds none in noise', async () => {
    assert.equal(await found(aPort(1, ascii('x'))), undefined);
  });

  it('waits for the second line of a meter that speaks every ten seconds, where one says nothing yet', async () => {
    const line = ascii('MSG:1,Vrms:246.78,P1:157,E1:16346\r\n');
    for (const firstMs of [500, 5_000, 9_500]) {
      let [now, due] = [0, firstMs];
      let say: (bytes: Uint8Array) => void = () => undefined;
      const port: Port = {
        path: 'test',
        open: ({ baudRate }, take) => {
          say = baudRate === 115_200 ? take : () => undefined;
          const closed = new Promise<string>(() => undefined);
          return Promise.resolve({ closed, write: () => undefined, close: () => Promise.resolve() });
        },
      };
      const pause: Pause = (ms) => {
        now += ms;
        for (; due <= now; due += 10_000) say(line);
        return Promise.resolve();
      };
      const heard = await found(port, pause);
      assert.deepEqual([heard?.name, heard?.tried], ['emontx', ['115200']], `first after ${firstMs} ms`);
    }
  });
});
