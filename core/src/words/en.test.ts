import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { AMSTERDAM, BARE, CLOSED, EVENTS, OPENED, saying, SILENT, tellings } from './an-event.test-data.ts';
import { en, spell } from './en.ts';
import { lengthOf } from './moment.ts';
import { wordsIn } from './words.ts';

const words = wordsIn('en');
const { power, energy, since, weekday, date } = saying(en);

describe('English', () => {
  it('tells each event in a few words, to be read, and to be spoken', () => {
    assert.deepEqual(tellings(en), {
      opened: [
        '2.1 kW left on?',
        'Unusual: 2.1 kW since 03:12, at this hour it is usually 0.2 kW and never that long. About 1.4 kWh so far. ' +
          'Is something still on? Worth a look.',
        'Is something still on? Power has been at two point one kilowatts since three twelve in the morning. ' +
          'At this hour it is usually two hundred watts. It has never lasted that long. ' +
          'That makes about one point four kilowatt hours so far. It is worth a look.',
      ],
      still_on: [
        'Still on: 2.1 kW',
        'Still on: 2.1 kW since 03:12, 3 h 10 min by now. About 6.0 kWh (1.80) so far. Please have a look.',
        'It is still on. It has been at two point one kilowatts since three twelve in the morning, ' +
          'which is three hours and ten minutes by now. That makes about six kilowatt hours so far. Please have a look.',
      ],
      closed: [
        'Back to usual',
        'Back to usual. It was on from 03:12 to 06:22 and took about 6.0 kWh (1.80) more than usual. ' +
          'Nothing more to do.',
        'All is back to usual. It was on for three hours and ten minutes and took about six kilowatt hours ' +
          'more than usual. There is nothing more to do.',
      ],
      meter_silent: [
        'Meter silent',
        'The meter has been silent since 03:12. Nothing can be noticed until it is back. ' +
          'Please check the meter and its reader.',
        'The meter has been silent since three twelve in the morning. Nothing can be noticed until it is back. ' +
          'Please check the meter and its reader.',
      ],
      meter_back: [
        'Meter back',
        'The meter is back after 3 h 10 min. LeftOn is watching again.',
        'The meter is back after three hours and ten minutes. Everything is being watched again.',
      ],
    });
  });

  it('leaves out what is not known', () => {
    assert.equal(words.title([BARE]), 'Something left on?');
    assert.equal(
      words.text([BARE], AMSTERDAM),
      'Unusual power since 03:12. Is something still on? Worth a look.',
    );
    assert.equal(
      words.speech([BARE], AMSTERDAM),
      'Is something still on? Power has been unusual since three twelve in the morning. It is worth a look.',
    );
    assert.equal(
      words.text([{ ...BARE, type: 'still_on' }], AMSTERDAM),
      'Still on since 03:12, 44 minutes by now. Please have a look.',
    );
    assert.equal(
      words.speech([{ ...BARE, type: 'still_on' }], AMSTERDAM),
      'It is still on. It has been on since three twelve in the morning, which is forty-four minutes by now. ' +
        'Please have a look.',
    );
    assert.equal(
      words.text([{ ...BARE, type: 'closed' }], AMSTERDAM),
      'Back to usual. It was on from 03:12 to 03:56. Nothing more to do.',
    );
  });

  it('names the day of the end where it names that of the beginning', () => {
    const closed = { ...CLOSED, at: CLOSED.at + 2 * DAY, until: CLOSED.at + 2 * DAY };
    assert.match(words.text([closed], AMSTERDAM), /from Tuesday 03:12 to Thursday 06:42/);
  });

  it('tells two and five as one digest', () => {
    assert.equal(words.title([OPENED, SILENT]), '2 alerts');
    assert.equal(
      words.text([OPENED, SILENT], AMSTERDAM),
      'Unusual: 2.1 kW since 03:12, about 1.4 kWh so far.\nMeter silent since 03:12.',
    );
    assert.equal(
      words.speech([OPENED, SILENT], AMSTERDAM),
      'Two alerts. Unusual: two point one kilowatts since three twelve in the morning, ' +
        'about one point four kilowatt hours so far. Meter silent since three twelve in the morning.',
    );
    assert.equal(
      words.text(EVENTS, AMSTERDAM),
      [
        'Unusual: 2.1 kW since 03:12, about 1.4 kWh so far.',
        'Still on: 2.1 kW since 03:12, about 6.0 kWh (1.80) so far.',
        'Back to usual after 3 h 10 min, about 6.0 kWh (1.80) more than usual.',
        'Meter silent since 03:12.',
        'Meter back after 3 h 10 min.',
      ].join('\n'),
    );
    assert.equal(
      words.speech(EVENTS, AMSTERDAM),
      'Five alerts. Back to usual after three hours and ten minutes, about six kilowatt hours more than usual. ' +
        'Meter silent since three twelve in the morning. Meter back after three hours and ten minutes. ' +
        'And two more before that.',
    );
  });

  it('spells numbers', () => {
    assert.deepEqual([0, 12, 21, 100, 101, 999, 1000, 1005, 1234, 10_000].map(spell), [
      ...[
        'zero',
        'twelve',
        'twenty-one',
        'one hundred',
        'one hundred and one',
        'nine hundred and ninety-nine',
      ],
      ...[
        'one thousand',
        'one thousand and five',
        'one thousand two hundred and thirty-four',
        'ten thousand',
      ],
    ]);
  });

  it('says power and energy as people do', () => {
    assert.deepEqual([0, 1, 60, 200, 1000, 1500, 21_000, -1500].map(power), [
      ...['zero watts', 'one watt', 'sixty watts', 'two hundred watts', 'one kilowatt'],
      ...['one point five kilowatts', 'twenty-one kilowatts', 'minus one point five kilowatts'],
    ]);
    assert.deepEqual([1, 80, 400, 1000, 1400, 10_000].map(energy), [
      ...['one watt hour', 'eighty watt hours', 'point four kilowatt hours', 'one kilowatt hour'],
      ...['one point four kilowatt hours', 'ten kilowatt hours'],
    ]);
  });

  it('says a time so that it is morning or evening', () => {
    assert.deepEqual(
      [since(0, 0), since(0, 12), since(3, 0), since(3, 1), since(3, 5), since(11, 45), since(12, 0)],
      [
        ...['since midnight', 'since twelve minutes past midnight', 'since three in the morning'],
        ...['since one minute past three in the morning', 'since five minutes past three in the morning'],
        ...['since eleven forty-five in the morning', 'since noon'],
      ],
    );
    assert.deepEqual(
      [since(12, 4), since(12, 30), since(17, 15), since(18, 0), since(22, 30)],
      [
        ...['since four minutes past noon', 'since twelve thirty in the afternoon'],
        ...['since five fifteen in the afternoon', 'since six in the evening', 'since ten thirty at night'],
      ],
    );
  });

  it('says days', () => {
    assert.equal(weekday(1), 'since Tuesday at three twelve in the morning');
    assert.equal(date(1, 1), 'since the first of January at three twelve in the morning');
    const said = [2, 3, 5, 8, 9, 12, 20, 22, 24, 30, 31].map((day) => date(day, 8).split(' ')[2]);
    assert.deepEqual(said, [
      ...['second', 'third', 'fifth', 'eighth', 'ninth', 'twelfth', 'twentieth'],
      ...['twenty-second', 'twenty-fourth', 'thirtieth', 'thirty-first'],
    ]);
  });

  it('says how long', () => {
    const lengths = [MINUTE, 2 * MINUTE, 91 * MINUTE, 2 * HOUR, 49 * HOUR].map((ms) =>
      en.said.length(lengthOf(ms)),
    );
    assert.deepEqual(lengths, [
      ...[
        'one minute',
        'two minutes',
        'one hour and thirty-one minutes',
        'two hours',
        'two days and one hour',
      ],
    ]);
  });

  it('says which channel it stands in for', () => {
    assert.equal(words.standIn('speech'), '(Sent here because speech did not work.)');
    assert.equal(words.standIn('phone'), '(Sent here because the phone did not work.)');
    assert.equal(words.standIn('constructor'), '(Sent here because constructor did not work.)');
  });

  it('seldom is not never', () => {
    const event = { ...OPENED, longestMs: HOUR };
    assert.match(words.text([event], AMSTERDAM), /and seldom that long\./);
    assert.match(words.speech([event], AMSTERDAM), /It has seldom lasted that long\./);
    assert.match(
      words.text([{ ...event, usualWatts: null }], AMSTERDAM),
      /since 03:12, and seldom that long\./,
    );
  });
});
