import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { dsmrTelegram } from '../../../pi/src/a-meter.test-data.ts';
import { Pty, withoutSocat } from '../../../pi/src/a-pty.test-data.ts';
import { freePort } from '../../../scripts/kafka/port.ts';
import { aFolder, aModelFile, aService, until } from '../a-service.test-data.ts';

const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');

const started = (args: readonly string[], cwd: string): ChildProcess =>
  spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });

async function checked(cwd: string, ...args: readonly string[]): Promise<{ code: unknown; text: string }> {
  const child = started(['check', ...args], cwd);
  let text = '';
  child.stdout?.on('data', (part: Buffer) => (text += part.toString()));
  child.stderr?.on('data', (part: Buffer) => (text += part.toString()));
  const [code] = (await once(child, 'close')) as unknown[];
  return { code, text };
}

/** An address where each question is answered so, or never. */
async function aDevice(t: TestContext, answer?: string): Promise<string> {
  const server = createServer((_request, response) =>
    answer === undefined ? undefined : response.end(answer),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/status`;
}

/** A meter that speaks for as long as the test runs. */
async function aMeter(t: TestContext): Promise<string> {
  const pty = await Pty.open(t);
  let second = 0;
  const telling = setInterval(() => {
    pty.say(dsmrTelegram(second++, 233));
  }, 50);
  t.after(() => {
    clearInterval(telling);
  });
  return pty.device;
}

function aConfig(t: TestContext, settings: object): { folder: string; config: string } {
  const folder = join(aFolder(t), 'home');
  mkdirSync(folder);
  writeFileSync(join(folder, 'lefton.json'), JSON.stringify(settings));
  return { folder, config: 'lefton.json' };
}

/** Of another port, where nobody answers. */
function aSecondConfig(t: TestContext): string {
  const { folder, config } = aConfig(t, { port: 39_999 });
  return join(folder, config);
}

describe('lefton check of what is heard', () => {
  it(
    'listens to all meters at the same time, and leaves nothing behind',
    { skip: withoutSocat },
    async (t) => {
      const mute = await aDevice(t);
      const quiet = ['a', 'b', 'c'].map((meter) => ({ type: 'http', meter, url: `${mute}?${meter}` }));
      const sources = [
        { type: 'serial', meter: 'house', device: await aMeter(t), protocol: 'dsmr' },
        { type: 'http', meter: 'oven', url: await aDevice(t, '{"total_act_power":1500}') },
        ...quiet,
      ];
      const { folder, config } = aConfig(t, { sources });
      const began = performance.now();
      const { code, text } = await checked(folder, '--config', config, '--wait', '4', '--json');
      assert.ok(performance.now() - began < 11_000, 'three that say nothing take no longer than one');
      assert.equal(code, 1);
      const findings = JSON.parse(text) as {
        what: string;
        meter?: string;
        state?: string;
        power_w?: number;
      }[];
      assert.deepEqual(
        findings
          .filter(({ what }) => what === 'meter')
          .map(({ meter, state, power_w }) => [meter, state, power_w]),
        [
          ['house', 'heard', 233],
          ['oven', 'heard', 1_500],
          ...['a', 'b', 'c'].map((meter) => [meter, 'away', null]),
        ],
      );
      assert.deepEqual(readdirSync(folder), ['lefton.json']);
    },
  );

  it('takes the options of lefton capture, and says a line for people', { skip: withoutSocat }, async (t) => {
    const { code, text } = await checked(aFolder(t), '--device', await aMeter(t), '--protocol', 'dsmr');
    assert.equal(code, 0, text);
    assert.match(text, /^ok {3}meter home: dsmr \S+\/meter: 233 W, register .* kWh after [\d.]+ s$/m);
    assert.doesNotMatch(text, /Listening/, 'what is no terminal is shown no progress');
    const unknown = await checked(aFolder(t), '--device', '/dev/none', '--protocol', 'dsrm');
    assert.equal(unknown.code, 1);
    assert.match(unknown.text, /^BAD {2}meter home: serial: protocol: expected dsmr, .*found dsrm$/m);
  });

  it('names the LeftOn that has a meter, and whether it hears it', { skip: withoutSocat }, async (t) => {
    const mute = await Pty.open(t);
    const port = await freePort();
    const serial = { type: 'serial', protocol: 'dsmr' };
    const sources = [
      { ...serial, meter: 'house', device: await aMeter(t) },
      { ...serial, meter: 'attic', device: mute.device },
    ];
    const { folder, config } = aConfig(t, { sources, port, model: aModelFile(aFolder(t)) });
    const serving = started(['serve', '--config', config], folder);
    const gone = once(serving, 'exit');
    t.after(async () => {
      serving.kill('SIGKILL');
      await gone;
    });
    const meters = async (...more: string[]): Promise<{ code: unknown; text: string }> => {
      const { code, text } = await checked(folder, ...more, '--wait', '1');
      return { code, text: text.replace(/^(?!.*meter).*\n/gm, '') };
    };
    const has = `lefton serve \\(process ${serving.pid}\\) has it`;
    // a check that came first would have the lines, and it only tries again later and later
    await until('it hears the first', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
      return /^lefton_meter_last_good_seconds/m.test((await answer?.text()) ?? '');
    });
    const found = await meters('--config', config);
    assert.match(
      found.text,
      new RegExp(`^ok {3}meter house: dsmr \\S+: ${has}, and heard it [\\d.]+ s ago$`, 'm'),
    );
    assert.match(found.text, new RegExp(`^BAD {2}meter attic: .*${has}, and has not heard it yet`, 'm'));
    assert.equal(found.code, 1);
    // whoever does not know where it answers knows no more than who has it
    const device = sources[0]?.device ?? '';
    const alone = await meters('--device', device, '--protocol', 'dsmr', '--config', aSecondConfig(t));
    assert.match(
      alone.text,
      new RegExp(`^ok {3}meter home: .*${has}; how well it hears is in its log$`, 'm'),
    );
    assert.equal(alone.code, 0);
  });

  it('looks at the end of a file that grows, without waiting', async (t) => {
    const folder = aFolder(t);
    const tail = join(folder, 'today.csv');
    const missing = await checked(folder, '--tail', tail);
    assert.equal(missing.code, 1);
    assert.match(
      missing.text,
      /^BAD {2}tail: \S+today\.csv: expected .*, found no such file, for which a run waits$/m,
    );
    writeFileSync(tail, 'at,watts\n');
    assert.match((await checked(folder, '--tail', tail)).text, /^ok {3}tail: \S+: no reading yet$/m);
    const rows = (last: string): string => `at,watts\n${'2025-11-30T10:00:00Z,230\n'.repeat(4_000)}${last}`;
    writeFileSync(tail, rows('2025-11-30T10:05:00Z,240,attic\n2025-11-30T10:06:0'));
    const grown = await checked(folder, '--tail', tail);
    assert.equal(grown.code, 0);
    assert.match(grown.text, /^ok {3}tail: \S+: 240 W of attic at 2025-11-30T10:05:00Z, \d+ min ago$/m);
    writeFileSync(tail, rows('30.11.2025 10:05;240\n'));
    assert.match(
      (await checked(folder, '--tail', tail)).text,
      /^BAD {2}tail: .*at,watts.*found a line with another/m,
    );
    assert.match(
      (await checked(folder, '--tail', folder)).text,
      /^BAD {2}tail: .*found a folder or a device$/m,
    );
  });

  it('says of the end of a file what a run would not take', async (t) => {
    const folder = aFolder(t);
    const tail = join(folder, 'today.csv');
    const ahead = new Date(Date.now() + 3_600_000).toISOString();
    for (const [row, found] of [
      [`${ahead},230`, /^BAD {2}tail: .*found one of .*yet to come: look at the clock and the zone/m],
      ['2025-11-30T10:00:00Z,230000', /^BAD {2}tail: .*found one of 230000 W, and the mains give 100000 W/m],
    ] as const) {
      writeFileSync(tail, `at,watts\n${row}\n`);
      const { code, text } = await checked(folder, '--tail', tail);
      assert.match(text, found);
      assert.equal(code, 1);
    }
  });

  it('waits for any part of a second, and refuses to wait longer than a day', async (t) => {
    const folder = aFolder(t);
    const device = await aDevice(t);
    const part = await checked(folder, '--poll-url', device, '--wait', '1.0005');
    assert.match(part.text, /^BAD {2}meter home: .* no answer within 1(?:\.\d+)? s$/m);
    assert.equal(part.code, 1);
    for (const wait of ['2200000', '99999999']) {
      const { code, text } = await checked(folder, '--poll-url', device, '--wait', wait);
      assert.deepEqual([code, /Expected a number from 1 to 86400/.test(text)], [2, true], text);
    }
  });

  it('asks the service of a capture whether it takes readings, without bringing one', async (t) => {
    const { url, metrics } = await aService(t);
    const folder = aFolder(t);
    const good = await checked(folder, '--service-url', url);
    assert.match(good.text, /^ok {3}service: http:\S+ takes readings$/m);
    assert.equal(good.code, 0);
    assert.equal(metrics.readings.by('verdict').ok, 0);
    const other = await checked(folder, '--service-url', await aDevice(t, '{}'));
    assert.equal(other.code, 1);
    assert.match(other.text, /^BAD {2}service: .*not as a LeftOn service does/m);
    const nobody = await checked(folder, '--service-url', 'http://127.0.0.1:9');
    assert.match(nobody.text, /^BAD {2}service: .*ECONNREFUSED/m);
  });
});
