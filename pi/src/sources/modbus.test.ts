import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, heardOf, realPause, until } from '../a-capture.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import { kindOf } from '../kinds.ts';
import { smlEntry, smlFrame } from '../meters/a-frame.test-data.ts';
import { RegisterServer } from './a-register-server.test-data.ts';
import { SerialDevice } from './serial-port.ts';
import { WireSource } from './wire-source.ts';

/** Where the manuals of Eastron have power, import and export. */
const METERS = [
  { protocol: 'sdm120', slave: 1, power: 0x0c },
  { protocol: 'sdm630', slave: 7, power: 0x34 },
] as const;
const [IMPORT, EXPORT] = [0x48, 0x4a];

function listen(t: TestContext, device: string, protocol: string, slave = 1) {
  const kind = kindOf(protocol);
  const [line] = kind.lines;
  assert.ok(line !== undefined);
  const options = { slave };
  const { log, lines } = aLog();
  const source = new WireSource(
    new SerialDevice(device),
    { protocol, line, parser: () => kind.create(options), poll: kind.poll?.(options) ?? null },
    {
      log,
      pause: (ms, signal) => realPause(Math.min(ms, 20), signal),
      monotonic: () => performance.now(),
    },
  );
  const heard = heardOf(t, source);
  const hears = (watts: number): Promise<void> =>
    until(`${watts} W are heard`, () => heard.at(-1)?.watts === watts);
  return { source, heard, lines, hears };
}

describe('a meter with registers on a pseudo-terminal', { skip: withoutSocat }, () => {
  for (const { protocol, slave, power } of METERS)
    it(`${protocol} is asked and heard; silence, refusals and damage are gaps`, async (t) => {
      const pty = await Pty.open(t);
      const meter = new RegisterServer(pty, slave);
      meter.floats.set(power, 1_234.5).set(IMPORT, 4_321.5).set(EXPORT, 12.25);
      // of other figures, such as volts, nothing is taken
      meter.floats.set(0x00, 230).set(power + 6, 999);
      const { source, heard, hears } = listen(t, pty.device, protocol, slave);
      await hears(1_234.5);
      const { energyWh, exportWh } = heard[0] ?? {};
      assert.deepEqual([energyWh, exportWh], [4_321_500, 12_250]);
      meter.floats.set(power, -800);
      await hears(-800);
      for (const mode of ['silent', 'refuses', 'flip', 'cut'] as const) {
        meter.mode = mode;
        // an answer of before may still be on its way
        const from = meter.asked;
        await until('it was asked', () => meter.asked >= from + 3);
        const [before, bad] = [heard.length, source.link().bad];
        meter.floats.set(power, 77);
        await until(`${mode} is counted`, () => source.link().bad >= bad + 3);
        assert.equal(heard.length, before, mode);
        meter.floats.set(power, 500);
        meter.mode = 'echo';
        await hears(500);
        meter.mode = 'answers';
        meter.floats.set(power, 501);
        await hears(501);
      }
      await pty.unplug();
      meter.floats.set(power, 502);
      await pty.plug();
      await hears(502);
      assert.ok(source.link().reopened >= 1);
      assert.deepEqual([...new Set(heard.map(({ watts }) => watts))], [1_234.5, -800, 500, 501, 502]);
    });

  it('does not answer who asks for another one', async (t) => {
    const pty = await Pty.open(t);
    const meter = new RegisterServer(pty, 2);
    meter.floats.set(0x0c, 100);
    const { source, heard } = listen(t, pty.device, 'sdm120', 1);
    await until('it is missed', () => source.link().bad >= 5);
    assert.deepEqual([heard.length, meter.asked], [0, 0]);
  });

  it('is asked by one reader alone: another one is refused and does not disturb it (needs 42)', async (t) => {
    const pty = await Pty.open(t);
    const meter = new RegisterServer(pty, 1);
    meter.floats.set(0x0c, 100);
    const first = listen(t, pty.device, 'sdm120');
    await first.hears(100);
    const second = listen(t, pty.device, 'sdm120');
    await until('the second is refused', () =>
      second.lines.some((line) => /lock|busy|unavailable/i.test(line)),
    );
    meter.floats.set(0x0c, 200);
    await first.hears(200);
    assert.deepEqual([second.heard, first.source.link().reopened], [[], 0]);
  });
});

it(
  'an SML meter has one reader: another one gets not a byte (needs 42)',
  { skip: withoutSocat },
  async (t) => {
    const pty = await Pty.open(t);
    const say = (power = '00000fa0'): void => {
      pty.say(smlFrame([smlEntry('100700', '621b', '52ff', `55${power}`)]));
    };
    const first = listen(t, pty.device, 'sml');
    await until('it is open', () => (say(), first.heard.length > 0));
    const second = listen(t, pty.device, 'sml');
    await until('the second is refused', () =>
      second.lines.some((line) => /lock|busy|unavailable/i.test(line)),
    );
    const { bad } = first.source.link();
    for (let n = 0; n < 20; n++) say('00001770');
    const since = (): number => first.heard.filter(({ watts }) => watts === 600).length;
    await until('the first has all', () => since() >= 20);
    assert.equal(since(), 20);
    assert.deepEqual([second.heard, first.source.link().bad], [[], bad]);
  },
);
