import { connectAsync } from 'mqtt';
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { Mosquitto } from '../../../scripts/home-assistant/mosquitto.ts';
import { realPause, until } from '../a-capture.test-data.ts';
import { dsmrTelegram } from '../a-meter.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import type { Reach, SerialSettings, SourceSettings } from '../capture-settings.ts';
import { findingsOf } from './finding.ts';
import type { MeterFinding } from './finding.ts';
import { hear } from './hearing.ts';
import { SerialDevice } from '../sources/serial-port.ts';
import { lineSettings } from '../meter.ts';

const NOWHERE: Reach = { mqtt: null, homeAssistant: null };
/** Long enough for all that speaks here several times a second. */
const LONG_MS = 20_000;
const SHORT_MS = 500;

async function heardAs(settings: SourceSettings, limitMs: number, reach = NOWHERE): Promise<MeterFinding[]> {
  const { signal } = new AbortController();
  return findingsOf(await hear(settings, reach, { limitMs, mostW: 10_000, pause: realPause, signal }));
}

async function one(settings: SourceSettings, limitMs: number, reach = NOWHERE): Promise<MeterFinding> {
  const [finding, ...more] = await heardAs(settings, limitMs, reach);
  assert.ok(finding !== undefined && more.length === 0);
  return finding;
}

const line = (device: string, protocol: string, more: Partial<SerialSettings> = {}): SerialSettings => ({
  ...{ type: 'serial', meter: 'home', inverted: false, baud: null, options: {} },
  ...{ meter_clock: false, names: null, device, protocol },
  ...more,
});

/** A meter that says this again and again, from when it is listened to on. */
function speaking(t: TestContext, pty: Pty, bytes: Uint8Array | string): void {
  const telling = setInterval(() => {
    pty.say(bytes);
  }, 50);
  t.after(() => {
    clearInterval(telling);
  });
}

describe('a meter on a line, listened to for a while', { skip: withoutSocat }, () => {
  it('is heard with its power and register, and its line is let go of', async (t) => {
    const pty = await Pty.open(t);
    speaking(t, pty, dsmrTelegram(1, 233));
    const { state, ok, power_w, found, source } = await one(line(pty.device, 'dsmr'), LONG_MS);
    assert.deepEqual(
      { state, ok, power_w, source },
      { state: 'heard', ok: true, power_w: 233, source: `dsmr ${pty.device}` },
    );
    assert.match(found, /^233 W, register [\d.]+ kWh after [\d.]+ s/);
    const wire = await new SerialDevice(pty.device).open(lineSettings(115_200, '8N1'), () => undefined);
    await wire.close();
  });

  it('that says nothing is told with what to look at, and one of another kind with how to find out which', async (t) => {
    const pty = await Pty.open(t);
    const silent = await one(line(pty.device, 'dsmr'), SHORT_MS);
    assert.deepEqual([silent.state, silent.ok], ['silent', false]);
    assert.match(silent.found, /^within 0\.5 s: No byte came: look at the cable/);
    assert.match((await one(line(pty.device, 'sdm120'), SHORT_MS)).found, /^it does not answer .*\(slave\)/);
    const pulse = line(pty.device, 'pulse', { options: { impulsesPerKwh: 1_000 } });
    assert.match((await one(pulse, SHORT_MS)).found, /^no pulse came .*100 W there is one in 36 s.*--wait/);
    speaking(t, pty, dsmrTelegram(1, 233));
    const other = await one(line(pty.device, 'sml'), SHORT_MS);
    assert.equal(other.state, 'silent');
    assert.match(
      other.found,
      /^\d+ bytes came .*and no sml: npx lefton capture --detect \S+\/meter finds out/,
    );
  });

  it('with more power than the mains give is not taken, and its unit is asked for', async (t) => {
    const pty = await Pty.open(t);
    speaking(t, pty, '23300\n');
    const much = await one(line(pty.device, 'lines'), SHORT_MS);
    assert.deepEqual([much.state, much.ok, much.power_w], ['unusable', false, null]);
    assert.match(much.found, /it tells 23300 W, and the mains give 10000 W: look at its unit/);
  });

  it('of several on one line, each is told by itself, and who is called otherwise', async (t) => {
    const pty = await Pty.open(t);
    const message = (sensor: number, power: string): string =>
      `<msg><src>CC128-v1.29</src><dsb>00001</dsb><time>12:00:00</time><tmpr>20.1</tmpr><sensor>${sensor}</sensor>` +
      `<id>0${sensor}</id><type>1</type><ch1><watts>${power}</watts></ch1></msg>\r\n`;
    speaking(t, pty, message(0, '00345'));
    const names = { '00': 'house', '07': 'attic' };
    const found = await heardAs(line(pty.device, 'currentcost', { names }), SHORT_MS);
    assert.deepEqual(
      found.map(({ meter, ok }) => [meter, ok]),
      [
        ['house', true],
        ['attic', false],
      ],
    );
    const wrong = await one(line(pty.device, 'currentcost', { names: { '07': 'attic' } }), SHORT_MS);
    assert.match(wrong.found, /^others are heard, and not it: 00; names says/);
  });

  it('that another program has is a fault, and that program is named', async (t) => {
    const pty = await Pty.open(t);
    const holder = spawn('flock', ['-n', pty.device, '-c', 'echo locked; sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
    t.after(() => process.kill(-(holder.pid ?? 0), 'SIGKILL'));
    await once(holder.stdout, 'data');
    const { state, ok, found } = await one(line(pty.device, 'dsmr'), LONG_MS);
    assert.deepEqual([state, ok], ['away', false]);
    assert.match(
      found,
      new RegExp(`another program has it; end that first \\(flock, process ${holder.pid}: `),
    );
  });

  it('that is not there is told at once, with the name that was looked for', async () => {
    const began = performance.now();
    const { state, found } = await one(line('/dev/none', 'dsmr'), LONG_MS);
    assert.equal(state, 'away');
    assert.match(
      found,
      /No such file or directory, cannot open \/dev\/none: (?:there is \/dev\/|no serial device)/,
    );
    assert.ok(performance.now() - began < LONG_MS / 2);
    assert.match((await one(line('/dev', 'dsmr'), LONG_MS)).found, /^it is no serial device/);
  });
});

it('a server of lines that hangs up may have another listener', async (t) => {
  const server = createTcpServer((socket) => socket.on('error', () => undefined).destroy());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { port } = server.address() as AddressInfo;
  const { state, found } = await one(line(`tcp://127.0.0.1:${port}`, 'dsmr'), LONG_MS);
  assert.equal(state, 'away');
  assert.match(
    found,
    /^(?:closed by the other side: many servers of a line take one listener|read ECONNRESET)/,
  );
});

describe('a device that answers HTTP, asked for a while', () => {
  const asked = async (t: TestContext, answer: RequestListener, more: object = {}): Promise<MeterFinding> => {
    const server = createServer(answer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    t.after(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`;
    const settings = {
      type: 'http',
      meter: 'home',
      inverted: false,
      path: null,
      unit: 'W',
      every_s: 10,
    } as const;
    return one({ ...settings, url, ...more }, SHORT_MS);
  };
  const says =
    (text: string): RequestListener =>
    (_request, response) =>
      response.end(text);

  it('tells its power, and what is to be thought of', async (t) => {
    const plain = await asked(t, says('{"total_act_power":321.5}'));
    assert.deepEqual([plain.state, plain.ok, plain.power_w], ['heard', true, 321.5]);
    assert.match(plain.found, /^321\.5 W after [\d.]+ s$/);
    assert.match((await asked(t, says('{"power":-420}'))).found, /less than 0 W .* set inverted/);
    const turned = await asked(t, says('{"power":420}'), { inverted: true });
    assert.match(turned.found, /^-420 W .*less than 0 W .* leave inverted out if it is drawn$/);
    const kilo = await asked(t, says('{"a":{"p":0.233}}'), { path: 'a.p' });
    assert.match(kilo.found, /^0\.233 W .*; if that is in kW, set power_unit to kW$/);
    const right = await asked(t, says('{"a":{"p":0.233}}'), { path: 'a.p', unit: 'kW' });
    assert.match(right.found, /^233 W after [\d.]+ s$/);
  });

  it('in another shape says where its numbers stand, and no value of them', async (t) => {
    const body = '{"sensors":[{"temp":20,"power":"233","name":"cellar"}],"token":"s3cret"}';
    const odd = await asked(t, says(body));
    assert.deepEqual([odd.state, odd.ok], ['silent', false]);
    assert.match(odd.found, /numbers stand at sensors\.0\.power, sensors\.0\.temp; json_path says which/);
    assert.doesNotMatch(odd.found, /233|s3cret/);
    const elsewhere = await asked(t, says(body), { path: 'sensors.0.name' });
    assert.match(elsewhere.found, /no number stands at sensors\.0\.name \(json_path\); numbers stand at/);
    const invalid = await asked(
      t,
      says('{"emeters":[{"power":100,"is_valid":true},{"power":0,"is_valid":false}]}'),
    );
    assert.match(invalid.found, /the device says that what it measured is not valid/);
    assert.doesNotMatch(invalid.found, /json_path/, 'which would be one phase of several');
    assert.match((await asked(t, says('<html></html>'))).found, /it is a page, and no JSON/);
    assert.match((await asked(t, says(''))).found, /it is empty/);
    assert.match((await asked(t, says('{"total_act_power":null}'))).found, /no number stands in it/);
  });

  it('of volt-amperes only, or of a register, says what comes of that', async (t) => {
    const va = await asked(t, says('300'), { unit: 'VA' });
    assert.deepEqual([va.state, va.ok], ['unusable', false]);
    assert.match(va.found, /300 VA, of which LeftOn makes no power/);
    const register = await asked(t, says('1234.5'), { unit: 'kWh' });
    assert.deepEqual([register.state, register.ok], ['register', true]);
    assert.match(register.found, /register 1234\.5 kWh; power is made of its steps/);
  });

  it('with a status or without an answer cannot be had, and that is told at once', async (t) => {
    const locked = await asked(t, (_request, response) => response.writeHead(401).end());
    assert.deepEqual([locked.state, locked.ok], ['away', false]);
    assert.match(locked.found, /password \(401\)/);
    const mute = await asked(t, () => undefined);
    assert.match(mute.found, /^no answer within 0\.5 s$/);
  });
});

const skip = spawnSync('mosquitto', ['-h']).error === undefined ? false : 'needs mosquitto';

it(
  'a topic is listened to for a while: heard, silent, kept of earlier, in another shape',
  { skip },
  async (t) => {
    const broker = await Mosquitto.start();
    t.after(() => broker.stop());
    const client = await connectAsync(broker.url);
    t.after(() => client.endAsync(true));
    await client.publishAsync('kept', '9999', { retain: true });
    const telling = setInterval(() => {
      client.publish('tele/meter/SENSOR', '{"ENERGY":{"Power":100,"Total":12.3}}');
      client.publish('odd', '{"load":{"now":7}}');
    }, 50);
    t.after(() => {
      clearInterval(telling);
    });
    const mqtt = { url: broker.url, username: null, password: null, ca: null };
    const on = (topic: string, limitMs: number, url = broker.url): Promise<MeterFinding> =>
      one({ type: 'mqtt', meter: 'home', inverted: false, path: null, unit: 'W', topic }, limitMs, {
        ...NOWHERE,
        mqtt: { ...mqtt, url },
      });
    const heard = await on('tele/meter/SENSOR', LONG_MS);
    assert.deepEqual([heard.state, heard.power_w, heard.energy_wh], ['heard', 100, 12_300]);
    assert.match(
      (await on('silent', SHORT_MS)).found,
      /^nothing was published there within 0\.5 s: look at its name/,
    );
    assert.match((await on('kept', SHORT_MS)).found, /kept by the broker \(retained\)/);
    assert.match((await on('odd', SHORT_MS)).found, /numbers stand at load\.now; json_path/);
    const away = await on('any', LONG_MS, 'mqtt://127.0.0.1:9');
    assert.equal(away.state, 'away');
    assert.match(away.found, /ECONNREFUSED/);
    await until('all have left', () => (broker.said.match(/disconnect|closed/gi)?.length ?? 0) >= 4);
  },
);
