import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aLog, realPause, Taker, until } from './a-capture.test-data.ts';
import type { MeterOptions } from './meter.ts';
import { openCapture } from './open-capture.ts';
import { openPort } from './open-source.ts';

/** Whoever connects is told a pulse every thirty milliseconds. */
async function pulses(t: TestContext): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => sockets.add(socket.on('error', () => sockets.delete(socket))));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const telling = setInterval(() => {
    for (const socket of sockets) socket.write('pulse\n');
  }, 30);
  t.after(() => {
    clearInterval(telling);
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function captureOf(device: string, spool: string, options: MeterOptions) {
  const destination = new Taker();
  const common = { meter: 'home', inverted: false, baud: null, meter_clock: false, names: null };
  const capture = await openCapture(
    {
      sources: [{ type: 'serial', ...common, device, protocol: 'pulse', options }],
      reach: { mqtt: null, homeAssistant: null },
      spool: { file: spool, most: 1_000, whenFull: 'oldest' },
      pace: { perSecond: 1_000, gatherMs: 0 },
      mostW: 100_000,
    },
    { destination, log: aLog().log, pause: realPause, spooled: () => undefined },
  );
  return { capture, destination };
}

it('the register of pulses goes on over a restart where the spool is a file, and begins where it is told', async (t) => {
  const device = await pulses(t);
  const spool = join(aFolder(t), 'spool.db');
  // 0.01 Wh each
  const options = { impulsesPerKwh: 100_000, startWh: 5_000 };
  const run = async (): Promise<number[]> => {
    const { capture, destination } = await captureOf(device, spool, options);
    const stopping = new AbortController();
    const running = capture.run(stopping.signal);
    await until('it is heard', () => destination.taken.length >= 5);
    stopping.abort();
    await running;
    return destination.taken.map(({ energyWh }) => energyWh ?? NaN);
  };
  const first = await run();
  // the first pulse has no power, and so no reading
  assert.ok((first[0] ?? 0) > 5_000.015 && (first[0] ?? 0) < 5_001, `${first[0]} Wh`);
  const last = first.at(-1) ?? NaN;
  const [next = NaN] = await run();
  assert.ok(next > last && next < last + 1, `${last} Wh, then ${next} Wh`);
});

it('a source that cannot be opened leaves the spool to others', async (t) => {
  const spool = join(aFolder(t), 'spool.db');
  await assert.rejects(captureOf('/dev/none', spool, {}), { code: 'no_impulses' });
  await captureOf('/dev/none', spool, { impulsesPerKwh: 1_000 });
});

it('a GPIO line that is to be heard for more than pulses is told what it is good for', async () => {
  for (const device of ['gpiochip0:17', '/dev/gpiochip4:3', '/dev/gpiochip0'])
    await assert.rejects(openPort(device), { code: 'only_pulses', message: /--protocol pulse/ });
});
