import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DAY, HOUR, MINUTE } from '../time.ts';
import { AMSTERDAM, BARE, CLOSED, EVENTS, OPENED, saying, SILENT, tellings } from './an-event.test-data.ts';
import { fr, spell } from './fr.ts';
import { lengthOf } from './moment.ts';
import { wordsIn } from './words.ts';

const words = wordsIn('fr');
const { power, energy, since, weekday, date } = saying(fr);
/** No-break spaces as plain ones, so that the table can be read. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('French', () => {
  it('tells each event in a few words, to be read, and to be spoken', () => {
    const told = Object.entries(tellings(fr)).map(([type, said]) => [type, said.map(plain)]);
    assert.deepEqual(Object.fromEntries(told), {
      opened: [
        'Encore allumé ? 2,1 kW',
        "Inhabituel : 2,1 kW depuis 03:12, d'habitude 0,2 kW à cette heure. Cela n'a jamais duré aussi longtemps. " +
          "Environ 1,4 kWh jusqu'ici. Quelque chose est resté allumé ? Un coup d'œil serait utile.",
        'Quelque chose est-il resté allumé ? La consommation est à deux virgule un kilowatts depuis trois heures douze. ' +
          "D'habitude, à cette heure, elle est à deux cents watts. Cela n'a jamais duré aussi longtemps. " +
          "Cela fait environ un virgule quatre kilowattheure jusqu'ici. Un coup d'œil serait utile.",
      ],
      still_on: [
        'Toujours allumé : 2,1 kW',
        "Toujours allumé : 2,1 kW depuis 03:12, soit déjà 3 h 10 min. Environ 6,0 kWh (1,80) jusqu'ici. " +
          "Merci de jeter un coup d'œil.",
        'Quelque chose est toujours allumé depuis trois heures douze, soit déjà trois heures et dix minutes. ' +
          'La consommation est à deux virgule un kilowatts. ' +
          "Cela fait environ six kilowattheures jusqu'ici. Merci de jeter un coup d'œil.",
      ],
      closed: [
        'Retour à la normale',
        "Retour à la normale. Cela a commencé à 03:12, s'est terminé à 06:22 et a consommé environ 6,0 kWh (1,80) " +
          "de plus que d'habitude. Il n'y a plus rien à faire.",
        'Tout est revenu à la normale après trois heures et dix minutes. ' +
          "Cela a consommé environ six kilowattheures de plus que d'habitude. Il n'y a plus rien à faire.",
      ],
      meter_silent: [
        'Compteur muet',
        "Le compteur est muet depuis 03:12. Rien ne peut être remarqué jusqu'à son retour. " +
          'Merci de vérifier le compteur et son lecteur.',
        "Le compteur est muet depuis trois heures douze. Rien ne peut être remarqué jusqu'à son retour. " +
          'Merci de vérifier le compteur et son lecteur.',
      ],
      meter_back: [
        'Compteur de retour',
        'Le compteur répond de nouveau, après 3 h 10 min de silence. LeftOn veille de nouveau.',
        'Le compteur répond de nouveau, après trois heures et dix minutes de silence. La surveillance reprend.',
      ],
    });
  });

  it('keeps a colon and a question mark with the word before', () => {
    assert.match(words.text([OPENED], AMSTERDAM), /^Inhabituel\u00a0: .* allumé\u00a0\? /);
    assert.equal(words.title([OPENED]), 'Encore allumé\u00a0? 2,1 kW');
  });

  it('leaves out what is not known', () => {
    assert.equal(plain(words.title([BARE])), 'Encore allumé ?');
    assert.equal(
      plain(words.text([BARE], AMSTERDAM)),
      "Consommation inhabituelle depuis 03:12. Quelque chose est resté allumé ? Un coup d'œil serait utile.",
    );
    assert.equal(
      words.speech([BARE], AMSTERDAM),
      'Quelque chose est-il resté allumé ? La consommation est inhabituelle depuis trois heures douze. ' +
        "Un coup d'œil serait utile.",
    );
    assert.equal(
      words.text([{ ...BARE, type: 'still_on' }], AMSTERDAM),
      "Toujours allumé depuis 03:12, soit déjà 44 minutes. Merci de jeter un coup d'œil.",
    );
    assert.equal(
      words.text([{ ...BARE, type: 'closed' }], AMSTERDAM),
      "Retour à la normale. Cela a commencé à 03:12 et s'est terminé à 03:56. Il n'y a plus rien à faire.",
    );
  });

  it('names days and dates', () => {
    const closed = { ...CLOSED, at: CLOSED.at + 2 * DAY, until: CLOSED.at + 2 * DAY };
    assert.match(
      words.text([closed], AMSTERDAM),
      /a commencé mardi à 03:12, s'est terminé jeudi à 06:42 et a consommé/,
    );
    assert.match(
      words.text([{ ...SILENT, at: SILENT.at + 8 * DAY }], AMSTERDAM),
      /muet depuis le 24\/03\/2026 à 03:12\./,
    );
    assert.equal(weekday(1), 'depuis mardi à trois heures douze');
    assert.equal(date(1, 8), 'depuis le premier août à trois heures douze');
    assert.equal(date(24, 3), 'depuis le vingt-quatre mars à trois heures douze');
  });

  it('tells two and five as one digest', () => {
    assert.equal(words.title([OPENED, SILENT]), '2 alertes');
    assert.equal(
      plain(words.text(EVENTS, AMSTERDAM)),
      [
        "Inhabituel : 2,1 kW depuis 03:12, environ 1,4 kWh jusqu'ici.",
        "Toujours allumé : 2,1 kW depuis 03:12, environ 6,0 kWh (1,80) jusqu'ici.",
        "Retour à la normale après 3 h 10 min, environ 6,0 kWh (1,80) de plus que d'habitude.",
        'Compteur muet depuis 03:12.',
        'Compteur de retour après 3 h 10 min.',
      ].join('\n'),
    );
    assert.equal(
      words.speech(EVENTS, AMSTERDAM),
      'Cinq alertes. Retour à la normale après trois heures et dix minutes, environ six kilowattheures de plus que ' +
        "d'habitude. Compteur muet depuis trois heures douze. Compteur de retour après trois heures et dix minutes. " +
        'Et deux autres auparavant.',
    );
    assert.match(words.speech(EVENTS.slice(1), AMSTERDAM), /^Quatre alertes.* Et une autre auparavant\.$/);
    assert.match(words.speech(Array(21).fill(OPENED), AMSTERDAM), /^Vingt et une alertes\./);
  });

  it('spells numbers as counted in France', () => {
    assert.deepEqual([1, 17, 21, 22, 61, 70, 71, 72, 77, 80, 81, 90, 91, 97, 99].map(spell), [
      ...[
        'un',
        'dix-sept',
        'vingt et un',
        'vingt-deux',
        'soixante et un',
        'soixante-dix',
        'soixante et onze',
      ],
      ...['soixante-douze', 'soixante-dix-sept', 'quatre-vingts', 'quatre-vingt-un', 'quatre-vingt-dix'],
      ...['quatre-vingt-onze', 'quatre-vingt-dix-sept', 'quatre-vingt-dix-neuf'],
    ]);
    assert.deepEqual([100, 101, 200, 280, 201, 1000, 1001, 2000, 80_000, 200_000].map(spell), [
      ...['cent', 'cent un', 'deux cents', 'deux cent quatre-vingts', 'deux cent un', 'mille', 'mille un'],
      ...['deux mille', 'quatre-vingt mille', 'deux cent mille'],
    ]);
  });

  it('says power and energy as people do, with the plural from two', () => {
    assert.deepEqual([0, 1, 60, 200, 1000, 1500, 2000, 21_000, -1500].map(power), [
      ...['zéro watt', 'un watt', 'soixante watts', 'deux cents watts', 'un kilowatt'],
      ...[
        'un virgule cinq kilowatt',
        'deux kilowatts',
        'vingt et un kilowatts',
        'moins un virgule cinq kilowatt',
      ],
    ]);
    assert.deepEqual([1, 80, 400, 1000, 1400, 10_000].map(energy), [
      ...[
        'un wattheure',
        'quatre-vingts wattheures',
        'zéro virgule quatre kilowattheure',
        'un kilowattheure',
      ],
      ...['un virgule quatre kilowattheure', 'dix kilowattheures'],
    ]);
  });

  it('says a time so that it is no length', () => {
    assert.deepEqual(
      [since(0, 0), since(0, 12), since(1, 0), since(3, 1), since(12, 0), since(12, 30), since(21, 21)],
      [
        ...['depuis minuit', 'depuis minuit douze', 'depuis une heure pile', 'depuis trois heures une'],
        ...['depuis midi', 'depuis midi trente', 'depuis vingt et une heures vingt et une'],
      ],
    );
  });

  it('says how long', () => {
    const lengths = [MINUTE, 2 * MINUTE, 91 * MINUTE, 2 * HOUR, 49 * HOUR].map((ms) =>
      fr.said.length(lengthOf(ms)),
    );
    assert.deepEqual(lengths, [
      ...['une minute', 'deux minutes', 'une heure et trente et une minutes', 'deux heures'],
      'deux jours et une heure',
    ]);
  });

  it('says which channel it stands in for', () => {
    assert.equal(words.standIn('speech'), "(Envoyé ici parce que l'annonce vocale n'a pas fonctionné.)");
  });

  it('seldom is not never', () => {
    const event = { ...OPENED, longestMs: HOUR };
    assert.match(words.text([event], AMSTERDAM), /Cela a rarement duré aussi longtemps\./);
    assert.match(words.speech([event], AMSTERDAM), /Cela a rarement duré aussi longtemps\./);
  });
});
