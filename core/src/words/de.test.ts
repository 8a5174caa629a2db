import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { AMSTERDAM, BARE, CLOSED, EVENTS, OPENED, saying, SILENT, tellings } from './an-event.test-data.ts';
import { de, spell } from './de.ts';
import { lengthOf } from './moment.ts';
import { wordsIn } from './words.ts';

const words = wordsIn('de');
const { power, energy, since, weekday, date } = saying(de);

describe('German', () => {
  it('tells each event in a few words, to be read, and to be spoken', () => {
    assert.deepEqual(tellings(de), {
      opened: [
        'Noch etwas an? 2,1 kW',
        'Ungewöhnlich: 2,1 kW seit 03:12 Uhr, um diese Zeit sonst 0,2 kW. So lange hat es noch nie gedauert. ' +
          'Bisher etwa 1,4 kWh. Ist noch etwas an? Bitte kurz nachsehen.',
        'Ist noch etwas an? Der Verbrauch liegt seit drei Uhr zwölf bei zwei Komma eins Kilowatt. ' +
          'Um diese Zeit liegt er sonst bei zweihundert Watt. So lange hat es noch nie gedauert. ' +
          'Bisher macht das etwa eins Komma vier Kilowattstunden. Bitte kurz nachsehen.',
      ],
      still_on: [
        'Noch an: 2,1 kW',
        'Noch an: 2,1 kW seit 03:12 Uhr, also seit 3 h 10 min. Bisher etwa 6,0 kWh (1,80). Bitte kurz nachsehen.',
        'Es ist noch immer etwas an, und zwar seit drei Uhr zwölf, also seit drei Stunden und zehn Minuten. ' +
          'Der Verbrauch liegt bei zwei Komma eins Kilowatt. Bisher macht das etwa sechs Kilowattstunden. ' +
          'Bitte kurz nachsehen.',
      ],
      closed: [
        'Wieder wie sonst',
        'Wieder wie sonst. Es begann um 03:12 Uhr, endete um 06:22 Uhr und brauchte etwa 6,0 kWh (1,80) ' +
          'mehr als sonst. Es ist nichts mehr zu tun.',
        'Nach drei Stunden und zehn Minuten ist alles wieder wie sonst. ' +
          'Das hat etwa sechs Kilowattstunden mehr gebraucht als sonst. Es ist nichts mehr zu tun.',
      ],
      meter_silent: [
        'Zähler stumm',
        'Der Zähler ist seit 03:12 Uhr stumm. Bis er sich wieder meldet, kann nichts bemerkt werden. ' +
          'Bitte Zähler und Lesegerät prüfen.',
        'Der Zähler ist seit drei Uhr zwölf stumm. Bis er sich wieder meldet, kann nichts bemerkt werden. ' +
          'Bitte Zähler und Lesegerät prüfen.',
      ],
      meter_back: [
        'Zähler wieder da',
        'Der Zähler meldet sich nach 3 h 10 min wieder. LeftOn passt wieder auf.',
        'Der Zähler meldet sich nach drei Stunden und zehn Minuten wieder. Ab jetzt wird wieder aufgepasst.',
      ],
    });
  });

  it('leaves out what is not known', () => {
    assert.equal(words.title([BARE]), 'Noch etwas an?');
    assert.equal(
      words.text([BARE], AMSTERDAM),
      'Ungewöhnlicher Verbrauch seit 03:12 Uhr. Ist noch etwas an? Bitte kurz nachsehen.',
    );
    assert.equal(
      words.speech([BARE], AMSTERDAM),
      'Ist noch etwas an? Der Verbrauch ist seit drei Uhr zwölf ungewöhnlich. Bitte kurz nachsehen.',
    );
    assert.equal(
      words.text([{ ...BARE, type: 'still_on' }], AMSTERDAM),
      'Noch an seit 03:12 Uhr, also seit 44 Minuten. Bitte kurz nachsehen.',
    );
    assert.equal(
      words.text([{ ...BARE, type: 'closed' }], AMSTERDAM),
      'Wieder wie sonst. Es begann um 03:12 Uhr und endete um 03:56 Uhr. Es ist nichts mehr zu tun.',
    );
  });

  it('names days and dates', () => {
    const closed = { ...CLOSED, at: CLOSED.at + 2 * DAY, until: CLOSED.at + 2 * DAY };
    assert.match(
      words.text([closed], AMSTERDAM),
      /begann am Dienstag um 03:12 Uhr, endete am Donnerstag um 06:42 Uhr und/,
    );
    assert.match(
      words.text([{ ...SILENT, at: SILENT.at + 8 * DAY }], AMSTERDAM),
      /seit dem 24\.03\.2026 um 03:12 Uhr stumm/,
    );
    assert.equal(weekday(1), 'seit Dienstag um drei Uhr zwölf');
    const said = [1, 2, 3, 7, 8, 19, 20, 21, 31].map((day) => date(day, 3).split(' ')[2]);
    assert.deepEqual(said, [
      ...['ersten', 'zweiten', 'dritten', 'siebten', 'achten', 'neunzehnten', 'zwanzigsten'],
      ...['einundzwanzigsten', 'einunddreißigsten'],
    ]);
    assert.equal(date(24, 3), 'seit dem vierundzwanzigsten März um drei Uhr zwölf');
  });

  it('tells two and five as one digest', () => {
    assert.equal(words.title([OPENED, SILENT]), '2 Meldungen');
    assert.equal(
      words.text(EVENTS, AMSTERDAM),
      [
        'Ungewöhnlich: 2,1 kW seit 03:12 Uhr, bisher etwa 1,4 kWh.',
        'Noch an: 2,1 kW seit 03:12 Uhr, bisher etwa 6,0 kWh (1,80).',
        'Nach 3 h 10 min wieder wie sonst, etwa 6,0 kWh (1,80) mehr als sonst.',
        'Zähler stumm seit 03:12 Uhr.',
        'Zähler nach 3 h 10 min wieder da.',
      ].join('\n'),
    );
    assert.equal(
      words.speech(EVENTS, AMSTERDAM),
      'Fünf Meldungen. Nach drei Stunden und zehn Minuten wieder wie sonst, etwa sechs Kilowattstunden mehr als sonst. ' +
        'Zähler stumm seit drei Uhr zwölf. Zähler nach drei Stunden und zehn Minuten wieder da. ' +
        'Davor noch zwei weitere.',
    );
    assert.match(words.speech(EVENTS.slice(1), AMSTERDAM), /^Vier Meldungen.* Davor noch eine weitere\.$/);
  });

  it('spells numbers, and one as its noun wants it', () => {
    assert.deepEqual(
      [1, 16, 17, 21, 30, 100, 101, 999, 1000, 1001, 21_000].map((n) => spell(n)),
      [
        ...['eins', 'sechzehn', 'siebzehn', 'einundzwanzig', 'dreißig', 'einhundert', 'einhunderteins'],
        ...['neunhundertneunundneunzig', 'eintausend', 'eintausendeins', 'einundzwanzigtausend'],
      ],
    );
    assert.deepEqual([spell(1, 'eine'), spell(101, 'eine')], ['eine', 'einhundertein']);
  });

  it('says power and energy as people do', () => {
    assert.deepEqual([0, 1, 60, 200, 1000, 1500, 21_000, -1500].map(power), [
      ...['null Watt', 'ein Watt', 'sechzig Watt', 'zweihundert Watt', 'ein Kilowatt'],
      ...['eins Komma fünf Kilowatt', 'einundzwanzig Kilowatt', 'minus eins Komma fünf Kilowatt'],
    ]);
    assert.deepEqual([1, 80, 400, 1000, 1400, 10_000].map(energy), [
      ...['eine Wattstunde', 'achtzig Wattstunden', 'null Komma vier Kilowattstunden', 'eine Kilowattstunde'],
      ...['eins Komma vier Kilowattstunden', 'zehn Kilowattstunden'],
    ]);
  });

  it('says a time by 24 hours', () => {
    assert.deepEqual(
      [since(0, 0), since(0, 12), since(1, 0), since(1, 1), since(12, 30), since(21, 5)],
      [
        ...['seit Mitternacht', 'seit null Uhr zwölf', 'seit ein Uhr', 'seit ein Uhr eins'],
        ...['seit zwölf Uhr dreißig', 'seit einundzwanzig Uhr fünf'],
      ],
    );
  });

  it('says how long, in the dative that stands after seit and nach', () => {
    const lengths = [MINUTE, 2 * MINUTE, 91 * MINUTE, 2 * HOUR, 49 * HOUR].map((ms) =>
      de.said.length(lengthOf(ms)),
    );
    assert.deepEqual(lengths, [
      ...['einer Minute', 'zwei Minuten', 'einer Stunde und einunddreißig Minuten', 'zwei Stunden'],
      'zwei Tagen und einer Stunde',
    ]);
    assert.equal(de.read.length(lengthOf(50 * HOUR)), '2 Tagen 2 h');
  });

  it('says which channel it stands in for', () => {
    assert.equal(
      words.standIn('speech'),
      '(Hierher geschickt, weil die Sprachausgabe nicht funktioniert hat.)',
    );
  });

  it('seldom is not never', () => {
    const event = { ...OPENED, longestMs: HOUR };
    assert.match(words.text([event], AMSTERDAM), /So lange hat es selten gedauert\./);
    assert.match(words.speech([event], AMSTERDAM), /So lange hat es selten gedauert\./);
  });
});
