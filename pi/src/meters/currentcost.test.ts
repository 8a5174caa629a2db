import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MeterOptions, Telegram } from '../meter.ts';
import { ascii, capture, damage, heard, noCaptures } from './a-capture.test-data.ts';
import { CurrentCostParser } from './currentcost.ts';

const channels = (...powers: readonly string[]): string =>
  powers.map((power, i) => `<ch${i + 1}><watts>${power}</watts></ch${i + 1}>`).join('');
/** Made here after the manufacturer's description. */
const live = (powers = channels('00345'), sensor = 0, type = 1): string =>
  `<msg><src>CC128-v0.12</src><dsb>00089</dsb><time>13:02:39</time><tmpr>18.7</tmpr>` +
  `<sensor>${sensor}</sensor><id>01234</id><type>${type}</type>${powers}</msg>\r\n`;
const read = (text: string, options?: MeterOptions): Telegram[] =>
  heard(new CurrentCostParser(options), ascii(text));

test('the channels of a home with three clamps are summed', () => {
  assert.deepEqual(read(live(channels('00345', '02151', '00014'))), [
    { meter: '01234', watts: 2_510, energyWh: null, exportWh: null, toldAt: null, apparentVa: null },
  ]);
});

test('only the sensor of the home is read', () => {
  assert.equal(read(live(undefined, 3)).length, 0);
  assert.equal(read(live(undefined, 3), { sensor: 3 })[0]?.watts, 345);
});

test('temperature may come in Fahrenheit, and a message over several lines', () => {
  assert.equal(read(live().replaceAll('tmpr>', 'tmprF>')).length, 1);
  assert.equal(read(live().replaceAll('><', '>\n    <')).length, 1);
});

test('what does not fit as a whole is no reading', () => {
  for (const text of [
    live(channels('0x345')),
    live(channels('')),
    live(''),
    live(channels('00345').replaceAll('ch1', 'ch4')),
    live(channels('00345') + channels('00345')),
    live(undefined, 0, 2),
    live().replace('</ch1>', '</ch2>'),
    live().replace('<id>01234</id>', ''),
    live(channels('123456')),
    live().replace('<tmpr>18.7', '<tmpr>1\u00bf.7'),
  ])
    assert.deepEqual(read(text), [], text);
});

test('a message cut off costs only itself', () => {
  const parser = new CurrentCostParser();
  const text = `<<msg${live().slice(0, 60)}${live()}noise<m<msg>${live()}`;
  assert.equal(heard(parser, ascii(text), 3).length, 2);
  assert.deepEqual(damage(parser.quality), { cut: 2 });
  assert.equal(parser.quality.skippedBytes, 12);
});

test('a message that never ends is dropped at its longest length', () => {
  const parser = new CurrentCostParser();
  assert.equal(heard(parser, ascii(`<msg>${'x'.repeat(20_000)}${live()}`)).length, 1);
  assert.deepEqual(damage(parser.quality), { too_long: 1 });
});

test('history is no live reading', { skip: noCaptures }, () => {
  const parser = new CurrentCostParser();
  assert.deepEqual(heard(parser, capture('currentcost/history_message.xml')), []);
  assert.deepEqual([parser.quality.other, damage(parser.quality)], [1, {}]);
});

test('in a capture every live message is read and no history', { skip: noCaptures }, () => {
  const bytes = capture('currentcost/capture_1.xml.txt');
  const text = Buffer.from(bytes).toString('latin1');
  // another way to find them: lines without history; before one of them stands a damaged character
  const powers = text
    .split('\r\n')
    .filter((line) => /<msg>.*<\/msg>$/.test(line) && !line.includes('hist'))
    .map((line) => Number(/<watts>(\d+)/.exec(line)?.[1]));
  const parser = new CurrentCostParser();
  const told = heard(parser, bytes);
  assert.equal(told.length, 12);
  assert.deepEqual([parser.quality.other, damage(parser.quality)], [7, {}]);
  assert.deepEqual(
    told.map(({ watts }) => Number(watts)),
    powers,
  );
  assert.deepEqual(heard(new CurrentCostParser(), bytes, 1), told);
});
