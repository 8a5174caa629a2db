import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOUR, watts, wattHours, wordsIn, Zone } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import { withNames } from './compose.ts';

const zone = new Zone('Europe/Amsterdam');
const at = Date.parse('2026-03-24T03:25:00Z');
const ofMeter = (meter: string): AnomalyEvent => ({
  ...{ type: 'opened', episode: `${meter}@x`, meter, at, hour: 4, day: 2, watts: watts(2100) },
  ...{ usualWatts: watts(190), score: 1, since: at - 2 * HOUR, until: null, longestMs: HOUR },
  ...{ meanWatts: watts(2100), excessWh: wattHours(4000), cost: null, why: '' },
});
const words = withNames(wordsIn('en'), { home: 'Our house', barn: 'The barn' });

describe('a meter that has a name', () => {
  it('comes first in the head of a push and in what is spoken', () => {
    assert.equal(words.title([ofMeter('home')]), 'Our house: 2.1 kW left on?');
    assert.match(words.speech([ofMeter('home')], zone), /^Our house\. Is something still on\? /);
    assert.match(words.text([ofMeter('home')], zone), /^Unusual: 2\.1 kW since /);
  });

  it('is told in each line where several meters are told of at once, and else once', () => {
    const both = [ofMeter('home'), ofMeter('barn'), ofMeter('shed')];
    assert.equal(words.title(both), '3 alerts');
    assert.match(words.text(both, zone), /^Our house: Unusual: .*\nThe barn: Unusual: .*\nUnusual: .*$/);
    assert.match(words.speech(both, zone), /^Three alerts\. Our house: Unusual/);
    const twice = [ofMeter('home'), ofMeter('home')];
    assert.equal(words.title(twice), 'Our house: 2 alerts');
    assert.match(words.text(twice, zone), /^Unusual: .*\nUnusual: [^\n]*$/);
  });

  it('without a name of its own is not told of by its id', () => {
    for (const meter of ['shed', 'toString']) {
      assert.equal(words.title([ofMeter(meter)]), '2.1 kW left on?');
      assert.deepEqual(words.text([ofMeter(meter)], zone), wordsIn('en').text([ofMeter(meter)], zone));
    }
  });
});
