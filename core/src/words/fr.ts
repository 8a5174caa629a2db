import { clock, dayMonthYear } from './moment.ts';
import type { Moment } from './moment.ts';
import { around } from './phrases.ts';
import type { Notation, Phrases, WrittenNotation } from './phrases.ts';
import { written } from './quantity.ts';
import type { Quantity } from './quantity.ts';

const ONES = [
  ...['zéro', 'un', 'deux', 'trois', 'quatre', 'cinq', 'six', 'sept', 'huit', 'neuf', 'dix', 'onze', 'douze'],
  ...['treize', 'quatorze', 'quinze', 'seize', 'dix-sept', 'dix-huit', 'dix-neuf'],
];
const TENS = [
  '',
  '',
  'vingt',
  'trente',
  'quarante',
  'cinquante',
  'soixante',
  'soixante',
  'quatre-vingt',
  'quatre-vingt',
];
const WEEKDAYS = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche'];
const MONTHS = [
  ...['janvier', 'février', 'mars', 'avril', 'mai', 'juin'],
  ...['juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
];

/** A whole number in words, 0..999999, as counted in France. */
export function spell(n: number): string {
  if (n < 20) return ONES[n] ?? '';
  if (n === 80) return 'quatre-vingts';
  if (n < 100) {
    const ten = Math.floor(n / 10);
    // soixante-dix and quatre-vingt-dix go on counting from sixty and eighty
    const rest = ten === 7 || ten === 9 ? (n % 10) + 10 : n % 10;
    const joint = n < 80 && (rest === 1 || rest === 11) ? ' et ' : '-';
    return `${TENS[ten] ?? ''}${rest === 0 ? '' : joint + spell(rest)}`;
  }
  const [size, name] = n < 1000 ? [100, 'cent'] : [1000, 'mille'];
  const [times, rest] = [Math.floor(n / size), n % size];
  const head = times === 1 ? name : `${spell(times).replace(/(cent|vingt)s$/, '$1')} ${name}`;
  if (rest === 0) return size === 100 && times > 1 ? `${head}s` : head;
  return `${head} ${spell(rest)}`;
}

/** Before a feminine noun. */
const feminine = (n: number): string => spell(n).replace(/un$/, 'une');
/** The plural begins at two: un virgule cinq kilowatt. */
const plural = (n: number, one: string): string => `${one}${n < 2 ? '' : 's'}`;

const read: WrittenNotation = {
  power: (watts) => written(watts, 'W', ','),
  energy: (wattHours, cost) =>
    `${written(wattHours, 'Wh', ',')}${cost === null ? '' : ` (${cost.toFixed(2).replace('.', ',')})`}`,
  length({ days, hours, minutes }) {
    if (days > 0) return `${days} ${plural(days, 'jour')}${hours === 0 ? '' : ` ${hours} h`}`;
    if (hours === 0) return `${minutes} ${plural(minutes, 'minute')}`;
    return minutes === 0 ? `${hours} ${plural(hours, 'heure')}` : `${hours} h ${minutes} min`;
  },
  // 03:12, because 3 h 12 might be a length
  since: (moment) => `depuis ${dayOf(moment, dayMonthYear(moment, '/'))}${clock(moment)}`,
  when: (moment) => {
    const day = dayOf(moment, dayMonthYear(moment, '/'));
    return `${day === '' ? 'à ' : day}${clock(moment)}`;
  },
  count: String,
};

const said: Notation = {
  power(watts) {
    const { negative, kilo, whole, tenths } = watts;
    // nobody says zéro virgule deux kilowatt
    const small = kilo ? tenths * 100 : whole;
    if (!kilo || whole === 0) return `${negative ? 'moins ' : ''}${spell(small)} ${plural(small, 'watt')}`;
    return `${decimal(watts)} ${plural(whole, 'kilowatt')}`;
  },
  energy: (wattHours) =>
    `${decimal(wattHours)} ${plural(wattHours.whole, wattHours.kilo ? 'kilowattheure' : 'wattheure')}`,
  length({ days, hours, minutes }) {
    const parts = [
      days > 0 ? `${spell(days)} ${plural(days, 'jour')}` : '',
      hours > 0 ? `${feminine(hours)} ${plural(hours, 'heure')}` : '',
      minutes > 0 ? `${feminine(minutes)} ${plural(minutes, 'minute')}` : '',
    ];
    return parts.filter((part) => part !== '').join(' et ');
  },
  since(moment) {
    const { day, month } = moment;
    const date = `${day === 1 ? 'premier' : spell(day)} ${MONTHS[month - 1] ?? ''}`;
    return `depuis ${dayOf(moment, date)}${timeOfDay(moment)}`;
  },
  count: feminine,
};

/** `mardi à `, `le 24/03/2026 à `, or nothing where the time is enough. */
function dayOf({ named, weekday }: Moment, date: string): string {
  if (named === 'clock') return '';
  return `${named === 'weekday' ? (WEEKDAYS[weekday] ?? '') : `le ${date}`} à `;
}

/** deux virgule un, zéro virgule quatre, six */
function decimal({ negative, whole, tenths }: Quantity): string {
  return `${negative ? 'moins ' : ''}${spell(whole)}${tenths === 0 ? '' : ` virgule ${spell(tenths)}`}`;
}

/** trois heures douze */
function timeOfDay({ hour, minute }: Moment): string {
  const minutes = minute === 0 ? '' : ` ${feminine(minute)}`;
  if (hour === 0) return `minuit${minutes}`;
  if (hour === 12) return `midi${minutes}`;
  // "depuis trois heures" would be a length
  return `${feminine(hour)} ${plural(hour, 'heure')}${minute === 0 ? ' pile' : minutes}`;
}

/** French. */
export const fr: Phrases = {
  language: 'fr',
  read,
  said,
  tellings: {
    opened: {
      title: (power) => `Encore allumé ?${around(' ', power)}`,
      text: ({ power, since, usual, rare, energy }) =>
        `${around('Inhabituel : ', power) || 'Consommation inhabituelle'} ${since}` +
        `${around(", d'habitude ", usual, ' à cette heure')}.${around(' Cela ', rare, ' duré aussi longtemps.')}` +
        around(' Environ ', energy, " jusqu'ici."),
      todo: "Quelque chose est resté allumé ? Un coup d'œil serait utile.",
      speech: ({ power, since, usual, rare, energy }) =>
        `Quelque chose est-il resté allumé ? La consommation est ${around('à ', power) || 'inhabituelle'} ${since}.` +
        around(" D'habitude, à cette heure, elle est à ", usual, '.') +
        around(' Cela ', rare, ' duré aussi longtemps.') +
        `${around(' Cela fait environ ', energy, " jusqu'ici.")} Un coup d'œil serait utile.`,
      line: ({ power, since, energy }) =>
        `${around('Inhabituel : ', power) || 'Consommation inhabituelle'} ${since}` +
        `${around(', environ ', energy, " jusqu'ici")}.`,
    },
    still_on: {
      title: (power) => `Toujours allumé${around(' : ', power)}`,
      text: ({ power, since, length, energy }) =>
        `Toujours allumé${around(' : ', power)} ${since}, soit déjà ${length}.` +
        around(' Environ ', energy, " jusqu'ici."),
      todo: "Merci de jeter un coup d'œil.",
      speech: ({ power, since, length, energy }) =>
        `Quelque chose est toujours allumé ${since}, soit déjà ${length}.` +
        `${around(' La consommation est à ', power, '.')}${around(' Cela fait environ ', energy, " jusqu'ici.")} ` +
        "Merci de jeter un coup d'œil.",
      line: ({ power, since, energy }) =>
        `Toujours allumé${around(' : ', power)} ${since}${around(', environ ', energy, " jusqu'ici")}.`,
    },
    closed: {
      title: () => 'Retour à la normale',
      text: ({ began, ended, energy }) =>
        `Retour à la normale. Cela a commencé ${began}${energy === null ? ' et' : ','} s'est terminé ${ended}` +
        `${around(' et a consommé environ ', energy, " de plus que d'habitude")}.`,
      todo: "Il n'y a plus rien à faire.",
      speech: ({ length, energy }) =>
        `Tout est revenu à la normale après ${length}.` +
        `${around(' Cela a consommé environ ', energy, " de plus que d'habitude.")} Il n'y a plus rien à faire.`,
      line: ({ length, energy }) =>
        `Retour à la normale après ${length}${around(', environ ', energy, " de plus que d'habitude")}.`,
    },
    meter_silent: {
      title: () => 'Compteur muet',
      text: ({ since }) => `Le compteur est muet ${since}. Rien ne peut être remarqué jusqu'à son retour.`,
      todo: 'Merci de vérifier le compteur et son lecteur.',
      speech: ({ since }) =>
        `Le compteur est muet ${since}. Rien ne peut être remarqué jusqu'à son retour. ` +
        'Merci de vérifier le compteur et son lecteur.',
      line: ({ since }) => `Compteur muet ${since}.`,
    },
    meter_back: {
      title: () => 'Compteur de retour',
      text: ({ length }) => `Le compteur répond de nouveau, après ${length} de silence.`,
      todo: 'LeftOn veille de nouveau.',
      speech: ({ length }) =>
        `Le compteur répond de nouveau, après ${length} de silence. La surveillance reprend.`,
      line: ({ length }) => `Compteur de retour après ${length}.`,
    },
  },
  rarely: { never: "n'a jamais", seldom: 'a rarement' },
  alerts: (count) => `${count} alertes`,
  more: (alerts, count) => `Et ${count} ${plural(alerts, 'autre')} auparavant.`,
  answers: { fine: "C'était normal", mute: 'Silence 2 h' },
  channels: {
    ...{ phone: 'le téléphone', pushbullet: 'Pushbullet', ntfy: 'ntfy', webhook: 'le webhook' },
    ...{ dashboard: 'le tableau de bord', speech: "l'annonce vocale", console: 'la console' },
  },
  standIn: (channel) => `(Envoyé ici parce que ${channel} n'a pas fonctionné.)`,
  test: {
    title: 'LeftOn\u00a0: un test',
    text: "Ceci est un test de LeftOn. Les alertes arrivent bien ici. Il n'y a rien à faire.",
    speech: "Ceci est un test. Les alertes arrivent bien ici. Il n'y a rien à faire.",
  },
  entities: {
    ...{ score: 'Score', power: 'Puissance', usualPower: 'Puissance habituelle', unusual: 'Inhabituel' },
    ...{ lastEpisode: 'Dernier épisode', meterSilent: 'Compteur muet' },
  },
  // no line may begin with one of these
  typeset: (text) => text.replace(/ (?=[:?])/g, '\u00a0'),
};
