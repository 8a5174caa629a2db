import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aLog, realPause, until } from '../a-capture.test-data.ts';
import { installSteps } from './install.ts';
import { tellSystemd } from './systemd.ts';

const missing = (program: string): string | false =>
  spawnSync(program, ['--version']).error === undefined ? false : `needs ${program}`;

/** Takes datagrams as systemd does: what comes with a barrier is let go at once. */
const RECEIVER = `
import socket, sys
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind(sys.argv[1])
while True:
    print(receiver.recv(4096).decode())
`;

describe('systemd', () => {
  it(
    'is told that a capture is ready and lives',
    { skip: missing('systemd-notify') || missing('python3') },
    async (t) => {
      const socket = join(aFolder(t), 'notify');
      let heard = '';
      const receiver = spawn('python3', ['-uc', RECEIVER, socket], { stdio: ['ignore', 'pipe', 'ignore'] });
      receiver.stdout.on('data', (bytes: Buffer) => (heard += bytes.toString()));
      t.after(() => receiver.kill());
      await until('somebody listens', () => existsSync(socket));
      const stopping = new AbortController();
      const { log, lines } = aLog();
      const environment = { NOTIFY_SOCKET: socket, WATCHDOG_USEC: '60000' };
      const telling = tellSystemd(environment, realPause, log, stopping.signal);
      await until('it is told twice', () => heard.split('WATCHDOG=1').length > 2);
      stopping.abort();
      await telling;
      assert.match(heard, /READY=1/);
      assert.deepEqual(lines, []);
    },
  );

  it('is left alone where it did not start the capture', async () => {
    const { log, lines } = aLog();
    await tellSystemd({}, realPause, log, new AbortController().signal);
    assert.deepEqual(lines, []);
  });

  it('loads the drivers of adapters first: a kind of device that is not known at the start stays forbidden', () => {
    const unit = readFileSync(
      join(import.meta.dirname, '..', '..', 'systemd', 'lefton-capture.service'),
      'utf8',
    );
    const drivers = { ttyUSB: 'usbserial', ttyACM: 'cdc_acm' };
    for (const [device, driver] of Object.entries(drivers)) {
      assert.match(unit, new RegExp(`^DeviceAllow=char-${device} rw$`, 'm'));
      for (const key of ['Wants', 'After'])
        assert.match(unit, new RegExp(`^${key}=.*\\bmodprobe@${driver}\\.service\\b`, 'm'));
    }
  });

  it('is given a capture from the folder that its unit names, by commands that are there', () => {
    const commands = (from?: string): string[] =>
      installSteps(from).flatMap((step) => ('command' in step ? [step.command] : []));
    const here = join(import.meta.dirname, '..', '..', '..');
    assert.deepEqual(commands().slice(0, 2), [
      `cp -a ${here} /opt/lefton`,
      'cd /opt/lefton && npm ci --omit=dev',
    ]);
    assert.match(commands('/opt/lefton')[0] ?? '', /^cd \/opt\/lefton && npm ci --omit=dev/);
    const last = commands().slice(-3);
    assert.match(
      last[0] ?? '',
      /npx lefton check --config \/etc\/lefton\/capture\.json$/,
      'heard before it is left alone',
    );
    assert.match(last[1] ?? '', /systemctl enable --now lefton-capture$/);
    assert.ok(commands().every((command) => !command.startsWith('lefton ')));
  });

  it('starts the Node that runs now where the packages have none, as on a 32-bit system', (t) => {
    const steps = installSteps(aFolder(t));
    const text = JSON.stringify(steps);
    assert.match(text, /npm ci --omit=dev --ignore-scripts/);
    assert.ok(text.includes(`ExecStart=${process.execPath} /opt/lefton/service/lefton.js capture`));
    assert.doesNotMatch(text, /node_modules\/\.bin\/node/);
  });

  it('keeps a capture from all but its device and its spool', { skip: missing('systemd-analyze') }, () => {
    const unit = installSteps().find((step) => 'file' in step && step.file.endsWith('.service'));
    assert.ok(unit !== undefined && 'text' in unit);
    for (const line of ['DynamicUser=yes', 'ProtectSystem=strict', 'Restart=always', 'WatchdogSec=60'])
      assert.ok(unit.text.includes(line), line);
    const file = join(import.meta.dirname, '..', '..', 'systemd', 'lefton-capture.service');
    assert.equal(readFileSync(file, 'utf8'), unit.text);
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', file], {
      encoding: 'utf8',
    });
    const exposure = /exposure level for \S+: ([\d.]+)/.exec(stdout)?.[1];
    // versions before 250 cannot look at a file
    if (exposure !== undefined) assert.ok(Number(exposure) < 2, exposure);
  });
});
