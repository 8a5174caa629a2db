import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aLog, heardOf, realPause, until } from '../a-capture.test-data.ts';
import { dsmrTelegram } from '../a-meter.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import type { Pause } from '../capture-log.ts';
import { kindOf } from '../kinds.ts';
import type { MeterKind } from '../meter.ts';
import type { Port } from '../wire.ts';
import { SerialDevice } from './serial-port.ts';
import { lineSettings } from '../meter.ts';
import { TcpPort } from './tcp-port.ts';
import { WireSource } from './wire-source.ts';

/** Waits are short; whether they were long enough is looked at under the clock that a test has set. */
const quick: Pause = (ms, signal) => realPause(Math.min(ms, 20), signal);

function listen(t: TestContext, port: Port, kind: MeterKind, monotonic = () => performance.now()) {
  const { log, lines } = aLog();
  const [line] = kind.lines;
  assert.ok(line !== undefined);
  const settings = { protocol: kind.name, line, parser: () => kind.create(), poll: kind.poll?.() ?? null };
  const first = Promise.withResolvers<undefined>();
  let attempts = 0;
  const watched: Port = {
    path: port.path,
    open: async (settings, take) => {
      attempts++;
      const wire = await port.open(settings, take);
      first.resolve(undefined);
      return wire;
    },
  };
  const source = new WireSource(watched, settings, { log, pause: quick, monotonic });
  const heard = heardOf(t, source);
  const watts = (): (number | null)[] => heard.map((telegram) => telegram.watts);
  /** What is said to a line before it is open is lost. */
  const opened = (): Promise<undefined> => first.promise;
  return { source, heard, lines, watts, opened, attempts: () => attempts };
}

const dsmr = kindOf('dsmr');

describe('a meter on a pseudo-terminal', { skip: withoutSocat }, () => {
  it('is heard however its telegrams are cut into pieces', async (t) => {
    const pty = await Pty.open(t);
    const { watts, source, opened } = listen(t, new SerialDevice(pty.device), dsmr);
    await opened();
    const bytes = Buffer.concat([1, 2, 3, 4, 5].map((n) => dsmrTelegram(n, n * 100)));
    // begins in the middle of a telegram, and every piece has another length
    pty.say(dsmrTelegram(0, 50).subarray(200));
    for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7) % 97) {
      pty.say(bytes.subarray(at, at + size));
      if (size % 3 === 0) await setTimeout(1);
    }
    await until('all telegrams', () => watts().length === 5);
    assert.deepEqual(watts(), [100, 200, 300, 400, 500]);
    const { good, reopened } = source.link();
    assert.deepEqual({ good, reopened }, { good: 5, reopened: 0 });
  });

  it('over a noisy cable gives no wrong reading, and says little (needs 40, 41, 44)', async (t) => {
    const pty = await Pty.open(t);
    const { watts, source, lines, opened } = listen(t, new SerialDevice(pty.device), dsmr);
    await opened();
    for (let n = 1; n <= 300; n++) {
      const telegram = dsmrTelegram(n, n);
      // two of three are hit by noise: a flipped bit, bytes of 0xff, a lost end
      if (n % 3 === 1) telegram.writeUInt8(telegram.readUInt8(n % 250) ^ 0x08, n % 250);
      if (n % 3 === 2) telegram.fill(0xff, 100 + (n % 50), 110 + (n % 50));
      pty.say(n % 6 === 2 ? telegram.subarray(0, 200) : telegram);
      await setTimeout(1);
    }
    await until('the last telegram', () => watts().at(-1) === 300);
    assert.deepEqual(
      watts(),
      Array.from({ length: 100 }, (_, n) => (n + 1) * 3),
    );
    const { good, bad } = source.link();
    assert.equal(good, 100);
    assert.ok(bad >= 150, `${bad} bad frames`);
    assert.equal(lines.length, 1, lines.join('\n'));
  });

  it('that goes on being bad is told again after ten minutes, with all that was bad', async (t) => {
    const pty = await Pty.open(t);
    let ahead = 0;
    const { source, lines, opened } = listen(
      t,
      new SerialDevice(pty.device),
      dsmr,
      () => performance.now() + ahead,
    );
    await opened();
    const noise = (): void => {
      pty.say(dsmrTelegram(1, 100).fill(0x30, 200, 210));
    };
    const told = (): string[] => lines.filter((line) => line.startsWith('a meter was heard badly'));
    await until('it is told', () => (noise(), told().length === 1));
    const before = source.link().bad;
    await until('much more was bad', () => (noise(), source.link().bad >= before + 20));
    assert.equal(told().length, 1, lines.join('\n'));
    ahead = 600_000;
    await until('it is told again', () => (noise(), told().length > 1));
    assert.ok(Number(/"bad":(\d+)/.exec(told()[1] ?? '')?.[1]) > before + 20, lines.join('\n'));
  });

  it('is heard again after the cable was out and in (needs 43)', async (t) => {
    const pty = await Pty.open(t);
    const { watts, source, lines, attempts } = listen(t, new SerialDevice(pty.device), dsmr);
    await until('it is open', () => (pty.say(dsmrTelegram(1, 100)), watts().length > 0));
    await pty.unplug();
    await until('it is missed', () => lines.some((line) => line.includes('is not heard')));
    const said = lines.length;
    const before = attempts();
    await until('it was tried again and again', () => attempts() >= before + 5);
    assert.ok(lines.length <= said + 2, 'says once for each reason that it cannot be opened');
    await pty.plug();
    await until('it is heard', () => (pty.say(dsmrTelegram(2, 200)), watts().includes(200)));
    assert.ok(source.link().reopened >= 1);
    assert.ok(lines.some((line) => line.startsWith('a meter is heard')));
  });

  it('that has fallen silent is opened anew, and that is said once (needs 43)', async (t) => {
    const pty = await Pty.open(t);
    let ahead = 0;
    const { watts, source, lines } = listen(
      t,
      new SerialDevice(pty.device),
      dsmr,
      () => performance.now() + ahead,
    );
    await until('it is open', () => (pty.say(dsmrTelegram(1, 100)), watts().length > 0));
    await until('it was opened anew three times', () => {
      ahead += 10_000;
      return source.link().reopened >= 3;
    });
    assert.equal(lines.filter((line) => line.includes('silence')).length, 1, lines.join('\n'));
    await until('it is heard', () => (pty.say(dsmrTelegram(2, 200)), watts().includes(200)));
  });

  it('belongs to one reader: another one is refused and goes on trying (needs 42)', async (t) => {
    const pty = await Pty.open(t);
    const first = listen(t, new SerialDevice(pty.device), dsmr);
    await until('it is open', () => (pty.say(dsmrTelegram(1, 100)), first.watts().length > 0));
    const second = listen(t, new SerialDevice(pty.device), dsmr);
    await until('the second is refused', () =>
      second.lines.some((line) => line.includes('another program has it; end that first')),
    );
    for (let n = 0; n < 20; n++) pty.say(dsmrTelegram(n, 200 + n));
    await until('the first has the last', () => first.watts().at(-1) === 219);
    const since = first.watts().filter((power) => power !== 100);
    assert.deepEqual(
      since,
      Array.from({ length: 20 }, (_, n) => 200 + n),
    );
    assert.deepEqual(second.watts(), []);
  });
});

describe('a meter behind a server', () => {
  it('is heard over TCP, also after the server was away (needs 42)', async (t) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    const start = async (at: number): Promise<number> => {
      server.listen(at, '127.0.0.1');
      await once(server, 'listening');
      return (server.address() as AddressInfo).port;
    };
    const port = await start(0);
    const stop = (): void => {
      server.close();
      for (const socket of sockets) socket.destroy();
      sockets.clear();
    };
    t.after(stop);
    const { watts, source } = listen(t, new TcpPort(`tcp://127.0.0.1:${port}`), dsmr);
    const say = (telegram: Buffer): void => {
      for (const socket of sockets) socket.write(telegram);
    };
    await until('it is heard', () => (say(dsmrTelegram(1, 100)), watts().includes(100)));
    stop();
    await until('the server is missed', () => source.link().reopened === 0);
    await start(port);
    await until('it is heard again', () => (say(dsmrTelegram(2, 200)), watts().includes(200)));
    assert.ok(source.link().reopened >= 1);
  });

  it('has an address with a port, and may have one of IPv6', async (t) => {
    for (const path of ['tcp://127.0.0.1', 'tcp://', 'tcp://:2001', 'tcp://meter:70000'])
      assert.throws(
        () => new TcpPort(path),
        { message: /device: expected tcp:\/\/host:port, found tcp:/ },
        path,
      );
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '::1');
    await once(server, 'listening');
    t.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const wire = await new TcpPort(`tcp://[::1]:${port}`).open(lineSettings(9_600, '8N1'), () => undefined);
    await wire.close();
  });
});
