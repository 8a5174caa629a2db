import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Telegram } from '../meter.ts';
import { ascii } from './a-capture.test-data.ts';
import { PulseLines } from './pulse-lines.ts';
import { PulseMeter } from './pulse.ts';

function heard(...said: (readonly [nowMs: number, text: string])[]) {
  let now = 0;
  const lines = new PulseLines(new PulseMeter({ impulsesPerKwh: 1_000 }), () => now);
  const told: Telegram[] = [];
  for (const [at, text] of said) {
    now = at;
    lines.push(ascii(text), (telegram) => told.push(telegram));
  }
  return {
    told: told.map(({ watts, energyWh }) => [watts === null ? null : Math.round(watts), energyWh]),
    quality: lines.quality,
  };
}
const edge1 = (seconds: string): string => `event:  RISING EDGE offset: 4 timestamp: [${seconds}]\n`;
const edge2 = (seconds: string): string => `${seconds}\trising\t"GPIO17"\n`;

it("edges of both generations of gpiomon are taken at the kernel's instants, in any pieces", () => {
  for (const edge of [edge1, edge2]) {
    const text = edge('    1234.567890123') + edge('    1238.167890123') + edge('    1239.967890123');
    const whole = edge === edge1 ? text : text.replaceAll(/ {4}/g, '');
    const pieces = Array.from(whole, (letter, n) => [50_000 + n, letter] as const);
    assert.deepEqual(heard(...pieces).told, [
      [null, 1],
      [1_000, 2],
      [2_000, 3],
    ]);
  }
});

it('where the clock of the edges was set, one interval is not known and the next one is', () => {
  const { told } = heard(
    [10_000, edge2('1700000000.000000000')],
    [13_600, edge2('1700000003.600000000')],
    [17_200, edge2('1600000007.200000000')],
    [20_800, edge2('1600000010.800000000')],
  );
  assert.deepEqual(told, [
    [null, 1],
    [1_000, 2],
    [null, 3],
    [1_000, 4],
  ]);
});

it('lines of text are pulses at their arrival; those that arrive together were spread before it', () => {
  const { told, quality } = heard(
    [0, 'x\n'],
    [7_200, 'x\nx\n'],
    [7_300, '\u0001\u0002\n'],
    [10_800, '7\r\n'],
  );
  assert.deepEqual(told, [
    [null, 1],
    [1_000, 3],
    [1_000, 4],
  ]);
  assert.equal(quality.bad.shape, 1);
});

it('lines that follow too soon were held up and count with the next; a flood is none', () => {
  const { told } = heard([0, 'x\n'], [3_600, 'x\n'], [3_601, 'x\n'], [10_800, 'x\n']);
  assert.deepEqual(told, [
    [null, 1],
    [1_000, 2],
    [1_000, 4],
  ]);
  const flood = heard([0, 'x\n'], [100, 'x\n'.repeat(500)], [3_600, 'x\n'], [7_200, 'x\n']);
  assert.deepEqual(flood.told.at(-1)?.[1], 3);
});
