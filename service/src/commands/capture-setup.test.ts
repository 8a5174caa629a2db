import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { captureTools } from '../capture/capture.ts';
import type { Tried } from '../capture/capture.ts';
import { readSettings } from '../settings/read.ts';
import { printDetected } from './capture-setup.ts';

/** A meter that was heard at this speed. */
async function* heard(protocol: string, baudRate: number): AsyncGenerator<Tried> {
  const kind = (await captureTools()).meterKind(protocol);
  const [usual] = kind?.lines ?? [];
  assert.ok(kind !== undefined && usual !== undefined);
  const last = { watts: 250, energyWh: 1_000 } as NonNullable<Tried['heard']>['last'];
  yield {
    line: { ...usual, baudRate },
    bytes: 900,
    heard: { kind, options: { checksum: 'x25' }, good: 1, last },
  };
}

async function printed(t: TestContext, tries: AsyncIterable<Tried>): Promise<string> {
  let text = '';
  const { mock } = t.mock.method(process.stdout, 'write', (part: string) => {
    text += part;
    return true;
  });
  const code = await printDetected('/dev/ttyUSB0', tries, false);
  mock.restore();
  assert.equal(code, 0);
  return text;
}

/** As commander reads what follows the name of a command. */
const flagsOf = (line: string): Record<string, string> =>
  Object.fromEntries(
    [...line.matchAll(/--([\w-]+) (?:'([^']*)'|(\S+))/g)].map(([, name = '', quoted, bare]) => [
      name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
      quoted ?? bare ?? '',
    ]),
  );

test('the commands that --detect prints are taken as they stand', async (t) => {
  const text = await printed(t, heard('dsmr', 9_600));
  const lines = [...text.matchAll(/npx lefton (\w+) .*/g)].map(
    ([line, name]) => [name, flagsOf(line)] as const,
  );
  assert.deepEqual(
    lines.map(([name]) => name),
    ['check', 'serve', 'capture', 'capture'],
  );
  for (const [name, flags] of lines) {
    const { settings } =
      name === 'check'
        ? readSettings('any', flags, {})
        : readSettings(name === 'serve' ? 'serve' : 'capture', flags, {});
    const { device, protocol, baud, meter_options } = settings;
    assert.deepEqual(
      { device, protocol, baud, meter_options },
      { device: '/dev/ttyUSB0', protocol: 'dsmr', baud: 9_600, meter_options: { checksum: 'x25' } },
    );
  }
});

test('a capture without a destination names both kinds, and the command that needs none', () => {
  assert.throws(() => readSettings('capture', { device: '/dev/ttyUSB0', protocol: 'dsmr' }, {}), {
    name: 'SettingsError',
    message: /--service-url: .* --kafka-brokers.*lefton serve/,
  });
  assert.throws(() => readSettings('capture', { kafkaBrokers: 'broker:9092' }, {}), {
    name: 'SettingsError',
    message: /--device: .* --mqtt-topic.* or --replay/,
  });
});
