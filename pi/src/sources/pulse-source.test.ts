import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { PassThrough } from 'node:stream';
import { aLog, heardOf, realPause, until } from '../a-capture.test-data.ts';
import { Pty, withoutSocat } from '../a-pty.test-data.ts';
import { lineSettings } from '../meter.ts';
import type { Telegram } from '../meter.ts';
import type { PulseOptions } from '../meters/pulse.ts';
import type { Port } from '../wire.ts';
import { Gpiomon } from './a-gpiomon.test-data.ts';
import { GpioPort, isGpio } from './gpio-port.ts';
import { PulseSource } from './pulse-source.ts';
import { SerialDevice } from './serial-port.ts';
import { StdinPort } from './stdin-port.ts';

/** Under a clock that the test can put ahead. */
function listen(t: TestContext, port: Port, options: Partial<PulseOptions> = {}) {
  const { log, lines } = aLog();
  const clock = { ahead: 0 };
  const pulses = { impulsesPerKwh: 1_000, ...options };
  const source = new PulseSource(port, lineSettings(115_200, '8N1'), pulses, {
    log,
    pause: (ms, signal) => realPause(Math.min(ms, 20), signal),
    monotonic: () => performance.now() + clock.ahead,
  });
  const heard = heardOf(t, source);
  const counted = (): number => heard.at(-1)?.energyWh ?? 0;
  return { source, heard, lines, clock, counted };
}
const watts = (heard: readonly Telegram[]): (number | null)[] =>
  heard.map(({ watts: power }) => (power === null ? null : Math.round(power)));

describe('pulses of a GPIO line', () => {
  for (const generation of [1, 2] as const) {
    it(`are taken from gpiomon of libgpiod ${generation}, with the kernel's instants and without what bounced`, async (t) => {
      const gpiomon = await Gpiomon.install(t, generation);
      const { heard, source, counted } = listen(t, new GpioPort('gpiochip0:17', {}, gpiomon.program));
      await until('gpiomon runs', () => gpiomon.runs);
      // all at once, as after a pause of this process: what counts is when they were
      const from = 5_000_000;
      gpiomon.say(from, from + 2, from + 5, from + 3_600, from + 3_601.5, from + 7_200, from + 9_000);
      await until('they are counted', () => counted() === 4);
      assert.deepEqual(watts(heard), [null, 1_000, 1_000, 2_000]);
      assert.equal(source.link().good, 4);
      assert.deepEqual(gpiomon.started, [
        generation === 1
          ? '--falling-edge --bias=pull-up --line-buffered gpiochip0 17'
          : '--edges=falling --bias=pull-up --chip=gpiochip0 17',
      ]);
    });
  }

  it("are heard again when gpiomon has died, and the time between is nobody's power", async (t) => {
    const gpiomon = await Gpiomon.install(t, 2);
    const options = { edge: 'rising', bias: 'disabled' } as const;
    const { heard, source, lines, counted } = listen(
      t,
      new GpioPort('gpiochip0:17', options, gpiomon.program),
    );
    await until('gpiomon runs', () => gpiomon.runs);
    gpiomon.say(1_000, 4_600);
    await until('they are counted', () => counted() === 2);
    gpiomon.die();
    await until('it is missed', () => lines.some((line) => line.includes('No such device')));
    await until('it runs again', () => gpiomon.runs && gpiomon.started.length === 2);
    gpiomon.say(20_000, 21_800);
    await until('they are counted as well', () => counted() === 4);
    assert.deepEqual(watts(heard), [null, 1_000, null, 2_000]);
    assert.equal(source.link().reopened, 1);
    assert.equal(gpiomon.started[1], '--edges=rising --bias=disabled --chip=gpiochip0 17');
  });

  it('fall in power while none comes, which is never 0 W, until nothing is said', async (t) => {
    const gpiomon = await Gpiomon.install(t, 2);
    const port = new GpioPort('gpiochip0:17', {}, gpiomon.program);
    const { heard, source, clock, counted } = listen(t, port, { longestMs: 3_600_000 });
    await until('gpiomon runs', () => gpiomon.runs);
    gpiomon.say(1_000, 4_600);
    await until('they are counted', () => counted() === 2);
    for (const [minutes, expected] of [
      [2, 30],
      [20, 3],
    ] as const) {
      clock.ahead = minutes * 60_000;
      await until(`it falls to ${expected} W`, () => Math.round(heard.at(-1)?.watts ?? 0) === expected);
    }
    clock.ahead = 3_700_000;
    gpiomon.say(1_000 + 3_600 + 3_700_000);
    await until('the next pulse is counted', () => counted() === 3);
    assert.equal(heard.at(-1)?.watts, null);
    assert.ok(heard.every((telegram) => telegram.watts === null || telegram.watts > 0));
    assert.equal(source.link().reopened, 0, 'a quiet hour is no broken line');
  });

  it('need gpiomon, and that is said once where it is missing', async (t) => {
    const { lines } = listen(t, new GpioPort('gpiochip0:17', {}, '/nowhere/gpiomon'));
    await until('it is missed', () => lines.length > 0);
    assert.match(lines[0] ?? '', /gpiomon is not installed: apt-get install gpiod/);
  });

  it('have names that no serial device has', () => {
    assert.deepEqual(
      ['gpiochip0:17', '/dev/gpiochip4:3', 'gpiochip0', '/dev/ttyUSB0', 'tcp://gpiochip0:17'].map(isGpio),
      [true, true, false, false, false],
    );
  });
});

describe('pulses as lines', () => {
  it('of a serial port are counted, also after the cable was out', { skip: withoutSocat }, async (t) => {
    const pty = await Pty.open(t);
    const { counted, heard, clock, source } = listen(t, new SerialDevice(pty.device));
    await until('it is open', () => (pty.say('1\r\n'), counted() > 0));
    const from = counted();
    clock.ahead += 3_600;
    pty.say('1\r\n');
    await until('it is counted', () => counted() > from);
    assert.ok(watts(heard).every((power) => power === null || power > 0));
    await pty.unplug();
    await pty.plug();
    await until('it is heard after the cable was out', () => {
      clock.ahead += 3_600;
      pty.say('1\r\n');
      return source.link().reopened > 0 && counted() > from + 3;
    });
  });

  it('of standard input that come together share the time before them', async (t) => {
    const input = new PassThrough();
    const { heard, counted, clock, lines, source } = listen(t, new StdinPort(input));
    input.write('pulse\n');
    await until('the first is counted', () => counted() === 1);
    clock.ahead += 7_200;
    input.write('pulse\n\u0000\u0001\u0002\npulse\npu');
    await until('two more are counted', () => counted() === 3);
    const shared = heard.find(({ energyWh }) => energyWh === 3)?.watts ?? 0;
    assert.ok(shared > 900 && shared <= 1_000, `${shared} W`);
    assert.equal(source.link().bad, 1);
    clock.ahead += 7_200;
    input.write('lse\npulse\n');
    await until('what was cut is counted', () => counted() === 5);
    input.end();
    await until('its end is told', () => lines.some((line) => line.includes('a meter has ended')));
  });
});
