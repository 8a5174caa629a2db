import { DAYS, HOUR, LENGTH, of, POWER, translator, withDays } from './translator.ts';
import type { Saying } from './translator.ts';

const TAGE = ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'];

/** Sentences that core and the service say in English, each as it is said here; a test holds both together. */
const SAYINGS: readonly (readonly [RegExp, Saying])[] = [
  [
    of(`In ${DAYS} days power never rose above ${POWER} around ${HOUR}.`),
    (days, power, hour) => `In ${days} Tagen stieg die Leistung gegen ${hour} Uhr nie über ${power}.`,
  ],
  [
    of(
      `In ${DAYS} days power that rose above ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `In ${days} Tagen blieb die Leistung, wenn sie gegen ${hour} Uhr über ${power} stieg, nie länger als ${length} dort.`,
  ],
  [
    of(`In ${DAYS} days the hourly mean never rose above ${POWER} around ${HOUR}.`),
    (days, power, hour) => `In ${days} Tagen stieg das Stundenmittel gegen ${hour} Uhr nie über ${power}.`,
  ],
  [
    of(
      `In ${DAYS} days an hourly mean that rose above ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `In ${days} Tagen blieb ein Stundenmittel, das gegen ${hour} Uhr über ${power} stieg, nie länger als ${length} dort.`,
  ],
  [
    of(`In ${DAYS} days power never kept coming up to between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `In ${days} Tagen kam die Leistung gegen ${hour} Uhr nie immer wieder auf ${low} bis ${high}.`,
  ],
  [
    of(
      `In ${DAYS} days power that kept coming up to between ${POWER} and ${POWER} around ${HOUR} never did so for longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `In ${days} Tagen kam die Leistung gegen ${hour} Uhr nie länger als ${length} immer wieder auf ${low} bis ${high}.`,
  ],
  [
    of(`In ${DAYS} days power never kept returning to between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `In ${days} Tagen kehrte die Leistung gegen ${hour} Uhr nie immer wieder auf ${low} bis ${high} zurück.`,
  ],
  [
    of(
      `In ${DAYS} days power that kept returning to between ${POWER} and ${POWER} around ${HOUR} never did so for longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `In ${days} Tagen kehrte die Leistung gegen ${hour} Uhr nie länger als ${length} immer wieder auf ${low} bis ${high} zurück.`,
  ],
  [
    of(`In ${DAYS} days power never settled between ${POWER} and ${POWER} around ${HOUR}.`),
    (days, low, high, hour) =>
      `In ${days} Tagen blieb die Leistung gegen ${hour} Uhr nie zwischen ${low} und ${high}.`,
  ],
  [
    of(
      `In ${DAYS} days power that settled between ${POWER} and ${POWER} around ${HOUR} never stayed there longer than ${LENGTH}.`,
    ),
    (days, low, high, hour, length) =>
      `In ${days} Tagen blieb die Leistung gegen ${hour} Uhr nie länger als ${length} zwischen ${low} und ${high}.`,
  ],
  [
    of(`In ${DAYS} days nothing of about ${POWER} kept going on and off around ${HOUR}.`),
    (days, power, hour) =>
      `In ${days} Tagen ging gegen ${hour} Uhr nichts von etwa ${power} immer wieder an und aus.`,
  ],
  [
    of(
      `In ${DAYS} days nothing of about ${POWER} that went on and off around ${HOUR} kept at it longer than ${LENGTH}.`,
    ),
    (days, power, hour, length) =>
      `In ${days} Tagen ging nichts von etwa ${power}, das gegen ${hour} Uhr begann, länger als ${length} immer wieder an und aus.`,
  ],
  [
    of(`${POWER} now; at (\\d+):00 it has always been between ${POWER} and ${POWER}.`),
    (power, hour, low, high) =>
      `Jetzt ${power}; um ${hour} Uhr waren es sonst immer zwischen ${low} und ${high}.`,
  ],
  [of('No reading since (.+).'), (when) => `Kein Messwert seit ${when}.`],
  [of('Nothing was heard for (.+).'), (length) => `Für ${length} war nichts zu hören.`],
  [of('It went on for (.+).'), (length) => `Es dauerte ${length}.`],
  [of('printed'), () => 'ausgegeben'],
  [of('muted'), () => 'stumm'],
  [of('answered: that was fine'), () => 'beantwortet: war in Ordnung'],
  [of('less than (info|warning|critical)'), (severity) => `weniger als ${severity}`],
  [
    of('a newer event of the episode took its place'),
    () => 'eine neuere Meldung des Vorfalls nahm ihren Platz ein',
  ],
  [of('too old to be told'), () => 'zu alt, um noch gemeldet zu werden'],
  [of('nobody is at home'), () => 'niemand ist zu Hause'],
  [of('for the digest'), () => 'für die Sammelmeldung'],
  [of('quiet hours'), () => 'Ruhezeit'],
  [of('soon after another'), () => 'kurz nach einer anderen'],
  [of('(\\d+) messages this month'), (count) => `schon ${count} in diesem Monat`],
  [of('(\\d+) in an hour'), (count) => `schon ${count} in einer Stunde`],
  [
    of('stopped in the middle of the delivery; not repeated'),
    () => 'mitten in der Zustellung abgebrochen; nicht wiederholt',
  ],
  [of('the channel is no longer set up'), () => 'der Kanal ist nicht mehr eingerichtet'],
  [of(', and too old after that'), () => ', und danach zu alt'],
  [of('; (.+) stands in'), (channel) => `; ${channel} springt ein`],
  [of('no reading yet'), () => 'noch kein Messwert'],
  [of('a gap in the readings'), () => 'eine Lücke in den Messwerten'],
  [of('too few readings since the last gap'), () => 'zu wenige Messwerte seit der letzten Lücke'],
  [of('low equals high at this hour'), () => 'zu dieser Stunde sind unten und oben gleich'],
  [
    of('less than one day of history: no expected range yet'),
    () => 'weniger als ein Tag Verlauf: noch kein erwarteter Bereich',
  ],
  [
    of('([\\d.]+) days of readings; the first (\\d+) days are for learning'),
    (days, first) => `${days} Tage Messwerte; die ersten ${first} Tage sind zum Lernen`,
  ],
  [
    of('a reading every (\\d+) hours; one in an hour or more often is needed'),
    (hours) => `alle ${hours} Stunden ein Messwert; gebraucht wird einer in jeder Stunde oder öfter`,
  ],
  [
    of('it was made by another version of LeftOn and is to be fitted anew: lefton fit, or lefton refit'),
    () =>
      'es stammt von einer anderen Version von LeftOn und ist neu zu berechnen: lefton fit, oder lefton refit',
  ],
  [
    of('This service keeps no readings in its own file: start it with LEFTON_KEEP_READINGS=on to look back.'),
    () =>
      'Dieser Dienst hebt keine Messwerte in seiner eigenen Datei auf: mit LEFTON_KEEP_READINGS=on starten, um zurückzublicken.',
  ],
  [
    of(
      'On Kafka the history is kept in the file of this process, and this process alone takes the new model up: copy the model file to the others.',
    ),
    () =>
      'Auf Kafka liegt der Verlauf in der Datei dieses Prozesses, und nur er übernimmt das neue Modell: die Modelldatei zu den anderen kopieren.',
  ],
  [of('Not worse:'), () => 'Nicht schlechter:'],
  [of('It finds less:'), () => 'Es findet weniger:'],
  [of('It has fewer false alarms:'), () => 'Es meldet seltener unnötig:'],
  [of('It has more false alarms:'), () => 'Es meldet öfter unnötig:'],
  [
    of('The model before tells too much, (\\d+) false alarms where (\\d+) (?:was|were) accepted:'),
    (told, accepted) =>
      `Das bisherige meldet zu viel, ${told} Mal unnötig, wo ${accepted} hingenommen werden:`,
  ],
  [
    of('found (.+) with (\\d+) false alarms; the model before (.+) with (\\d+) false alarms'),
    (found, alarms, before, then) =>
      `gefunden ${found} bei ${alarms} unnötigen Meldungen; das bisherige ${before} bei ${then}`,
  ],
  [
    of('found (.+); the model before (.+), false alarms not compared as it has seen some of these weeks'),
    (found, before) =>
      `gefunden ${found}; das bisherige ${before}, unnötige Meldungen nicht verglichen, da es einige dieser Wochen kennt`,
  ],
  [
    of('It can decide now, on ([\\d.]+) days; the model before could not.'),
    (days) => `Es kann jetzt entscheiden, aus ${days} Tagen; das bisherige konnte es nicht.`,
  ],
  [
    of(
      '([\\d.]+) days are too few to hold some out; it has seen as much of the home as the model before, or more.',
    ),
    (days) =>
      `${days} Tage sind zu wenige, um einige zurückzuhalten; es kennt das Haus so lange wie das bisherige oder länger.`,
  ],
  [
    of('([\\d.]+) days are too few to hold some out; the model before has seen ([\\d.]+) days.'),
    (days, before) =>
      `${days} Tage sind zu wenige, um einige zurückzuhalten; das bisherige kennt ${before} Tage.`,
  ],
  [of('Still learning:'), () => 'Es lernt noch:'],
  [of('The model before can decide.'), () => 'Das bisherige kann entscheiden.'],
  [of('Nothing new to learn from.'), () => 'Nichts Neues zu lernen.'],
  [of('It knows more of the home than the one before.'), () => 'Es weiß mehr vom Haus als das bisherige.'],
  [
    of('.+: expected no other export on its way; finish or cancel that first, found .+'),
    () => 'ein anderer Export ist unterwegs; erst diesen zu Ende bringen oder abbrechen',
  ],
  [
    of('.+: expected one of the formats (.+), or a table of your own headed at,watts, found .+'),
    (formats) =>
      `kein Format, das hier bekannt ist. Bekannt sind ${formats}, und eigene Tabellen mit der Kopfzeile at,watts.`,
  ],
  [
    of('.+: expected at most (\\d+) MB; pack it with gzip, or take a shorter time, found (\\d+) MB'),
    (most, found) =>
      `${found} MB; höchstens ${most} MB gehen: mit gzip packen oder einen kürzeren Zeitraum nehmen`,
  ],
  [
    of('.+: expected an export that this machine can read; take a shorter time, or longer steps, found .+'),
    () => 'zu groß für dieses Gerät: einen kürzeren Zeitraum oder längere Abschnitte nehmen',
  ],
  [
    of('meter: expected another name: what is replayed here is not mixed with a history, found .+'),
    () => 'einen anderen Namen wählen: was hier abgespielt wird, wird nicht mit einem Verlauf vermischt',
  ],
  [
    of('.+: expected a folder of models .+, found one file, for another meter'),
    () => 'das Modell dieses Zählers braucht einen Ordner: lefton serve mit --model ORDNER starten',
  ],
];

/** A sentence of the service in German; one that is not known here stays as it is. */
export const toldDe = translator({
  sayings: SAYINGS,
  measuredBy: (cohort) => `Gemessen an Häusern der Gruppe ${cohort}: dieses hat selbst zu wenig Verlauf.`,
  put: (part) =>
    withDays(part, TAGE)
      .replace('nothing to find', '–')
      .replace(/\bday(s?)\b/, (_, many: string) => (many === '' ? 'Tag' : 'Tage'))
      .replace(/\bhour(s?)\b/, (_, many: string) => (many === '' ? 'Stunde' : 'Stunden'))
      .replace(/\bminute(s?)\b/, (_, many: string) => (many === '' ? 'Minute' : 'Minuten')),
});
