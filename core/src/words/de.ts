import { clock, dayMonthYear } from './moment.ts';
import type { Moment } from './moment.ts';
import { around } from './phrases.ts';
import type { Notation, Phrases, WrittenNotation } from './phrases.ts';
import { isOne, written } from './quantity.ts';
import type { Quantity } from './quantity.ts';

const ONES = [
  ...[
    'null',
    'eins',
    'zwei',
    'drei',
    'vier',
    'fünf',
    'sechs',
    'sieben',
    'acht',
    'neun',
    'zehn',
    'elf',
    'zwölf',
  ],
  ...['dreizehn', 'vierzehn', 'fünfzehn', 'sechzehn', 'siebzehn', 'achtzehn', 'neunzehn'],
];
const TENS = ['', '', 'zwanzig', 'dreißig', 'vierzig', 'fünfzig', 'sechzig', 'siebzig', 'achtzig', 'neunzig'];
const WEEKDAYS = ['Montag', 'Dienstag', 'Mittwoch', 'Donnerstag', 'Freitag', 'Samstag', 'Sonntag'];
const MONTHS = [
  ...['Januar', 'Februar', 'März', 'April', 'Mai', 'Juni'],
  ...['Juli', 'August', 'September', 'Oktober', 'November', 'Dezember'],
];

/**
 * A whole number in words, 0..999999.
 * @param one the form of 1 before a noun: ein, eine, einer; a longer number ends in `ein` then
 */
export function spell(n: number, one = 'eins'): string {
  if (n === 1) return one;
  if (n < 20) return ONES[n] ?? '';
  if (n < 100) return `${n % 10 === 0 ? '' : `${spell(n % 10, 'ein')}und`}${TENS[Math.floor(n / 10)] ?? ''}`;
  const [size, name] = n < 1000 ? [100, 'hundert'] : [1000, 'tausend'];
  const rest = n % size;
  const end = rest === 0 ? '' : spell(rest, one === 'eins' ? one : 'ein');
  return `${spell(Math.floor(n / size), 'ein')}${name}${end}`;
}

/** ersten, zweiten .. einunddreißigsten */
function ordinal(n: number): string {
  const irregular: Readonly<Record<number, string>> = {
    1: 'ersten',
    3: 'dritten',
    7: 'siebten',
    8: 'achten',
  };
  return irregular[n] ?? `${spell(n)}${n < 20 ? 'ten' : 'sten'}`;
}

// lengths stand after "seit" and "nach", in the dative
const read: WrittenNotation = {
  power: (watts) => written(watts, 'W', ','),
  energy: (wattHours, cost) =>
    `${written(wattHours, 'Wh', ',')}${cost === null ? '' : ` (${cost.toFixed(2).replace('.', ',')})`}`,
  length({ days, hours, minutes }) {
    if (days > 0) return `${days} ${days === 1 ? 'Tag' : 'Tagen'}${hours === 0 ? '' : ` ${hours} h`}`;
    if (hours === 0) return `${minutes} ${minutes === 1 ? 'Minute' : 'Minuten'}`;
    return minutes === 0 ? `${hours} ${hours === 1 ? 'Stunde' : 'Stunden'}` : `${hours} h ${minutes} min`;
  },
  since: (moment) => `seit ${dayOf(moment, 'dem ', dayMonthYear(moment, '.'))}${clock(moment)} Uhr`,
  when: (moment) => {
    const day = dayOf(moment, '', dayMonthYear(moment, '.'));
    return `${day === '' ? 'um ' : `am ${day}`}${clock(moment)} Uhr`;
  },
  count: String,
};

const said: Notation = {
  power(watts) {
    const { kilo, whole, tenths } = watts;
    if (!kilo) return `${minus(watts)}${spell(whole, 'ein')} Watt`;
    // nobody says null Komma zwei Kilowatt
    if (whole === 0) return `${minus(watts)}${spell(tenths * 100)} Watt`;
    return `${decimal(watts, 'ein')} Kilowatt`;
  },
  energy: (wattHours) =>
    `${decimal(wattHours, 'eine')} ${wattHours.kilo ? 'Kilowattstunde' : 'Wattstunde'}${isOne(wattHours) ? '' : 'n'}`,
  length({ days, hours, minutes }) {
    const parts = [
      days > 0 ? `${spell(days, 'einem')} ${days === 1 ? 'Tag' : 'Tagen'}` : '',
      hours > 0 ? `${spell(hours, 'einer')} ${hours === 1 ? 'Stunde' : 'Stunden'}` : '',
      minutes > 0 ? `${spell(minutes, 'einer')} ${minutes === 1 ? 'Minute' : 'Minuten'}` : '',
    ];
    return parts.filter((part) => part !== '').join(' und ');
  },
  since(moment) {
    const date = `${ordinal(moment.day)} ${MONTHS[moment.month - 1] ?? ''}`;
    return `seit ${dayOf(moment, 'dem ', date)}${timeOfDay(moment)}`;
  },
  count: (alerts) => spell(alerts, 'eine'),
};

/** `Dienstag um `, `dem 24.03.2026 um `, or nothing where the time is enough. */
function dayOf({ named, weekday }: Moment, article: string, date: string): string {
  if (named === 'clock') return '';
  return `${named === 'weekday' ? (WEEKDAYS[weekday] ?? '') : article + date} um `;
}

const minus = ({ negative }: Quantity): string => (negative ? 'minus ' : '');

/** zwei Komma eins, null Komma vier, sechs */
function decimal(quantity: Quantity, one: string): string {
  const { whole, tenths } = quantity;
  return minus(quantity) + (tenths === 0 ? spell(whole, one) : `${spell(whole)} Komma ${spell(tenths)}`);
}

/** drei Uhr zwölf */
function timeOfDay({ hour, minute }: Moment): string {
  if (hour === 0 && minute === 0) return 'Mitternacht';
  return `${spell(hour, 'ein')} Uhr${minute === 0 ? '' : ` ${spell(minute)}`}`;
}

/** German. */
export const de: Phrases = {
  language: 'de',
  read,
  said,
  tellings: {
    opened: {
      title: (power) => `Noch etwas an?${around(' ', power)}`,
      text: ({ power, since, usual, rare, energy }) =>
        `${around('Ungewöhnlich: ', power) || 'Ungewöhnlicher Verbrauch'} ${since}` +
        `${around(', um diese Zeit sonst ', usual)}.${around(' So lange hat es ', rare, ' gedauert.')}` +
        around(' Bisher etwa ', energy, '.'),
      todo: 'Ist noch etwas an? Bitte kurz nachsehen.',
      speech: ({ power, since, usual, rare, energy }) =>
        `Ist noch etwas an? Der Verbrauch ${around('liegt ' + since + ' bei ', power) || `ist ${since} ungewöhnlich`}.` +
        `${around(' Um diese Zeit liegt er sonst bei ', usual, '.')}${around(' So lange hat es ', rare, ' gedauert.')}` +
        `${around(' Bisher macht das etwa ', energy, '.')} Bitte kurz nachsehen.`,
      line: ({ power, since, energy }) =>
        `${around('Ungewöhnlich: ', power) || 'Ungewöhnlicher Verbrauch'} ${since}${around(', bisher etwa ', energy)}.`,
    },
    still_on: {
      title: (power) => `Noch an${around(': ', power)}`,
      text: ({ power, since, length, energy }) =>
        `Noch an${around(': ', power)} ${since}, also seit ${length}.${around(' Bisher etwa ', energy, '.')}`,
      todo: 'Bitte kurz nachsehen.',
      speech: ({ power, since, length, energy }) =>
        `Es ist noch immer etwas an, und zwar ${since}, also seit ${length}.` +
        `${around(' Der Verbrauch liegt bei ', power, '.')}${around(' Bisher macht das etwa ', energy, '.')} ` +
        'Bitte kurz nachsehen.',
      line: ({ power, since, energy }) =>
        `Noch an${around(': ', power)} ${since}${around(', bisher etwa ', energy)}.`,
    },
    closed: {
      title: () => 'Wieder wie sonst',
      text: ({ began, ended, energy }) =>
        `Wieder wie sonst. Es begann ${began}${energy === null ? ' und' : ','} endete ${ended}` +
        `${around(' und brauchte etwa ', energy, ' mehr als sonst')}.`,
      todo: 'Es ist nichts mehr zu tun.',
      speech: ({ length, energy }) =>
        `Nach ${length} ist alles wieder wie sonst.${around(' Das hat etwa ', energy, ' mehr gebraucht als sonst.')} ` +
        'Es ist nichts mehr zu tun.',
      line: ({ length, energy }) =>
        `Nach ${length} wieder wie sonst${around(', etwa ', energy, ' mehr als sonst')}.`,
    },
    meter_silent: {
      title: () => 'Zähler stumm',
      text: ({ since }) =>
        `Der Zähler ist ${since} stumm. Bis er sich wieder meldet, kann nichts bemerkt werden.`,
      todo: 'Bitte Zähler und Lesegerät prüfen.',
      speech: ({ since }) =>
        `Der Zähler ist ${since} stumm. Bis er sich wieder meldet, kann nichts bemerkt werden. ` +
        'Bitte Zähler und Lesegerät prüfen.',
      line: ({ since }) => `Zähler stumm ${since}.`,
    },
    meter_back: {
      title: () => 'Zähler wieder da',
      text: ({ length }) => `Der Zähler meldet sich nach ${length} wieder.`,
      todo: 'LeftOn passt wieder auf.',
      speech: ({ length }) =>
        `Der Zähler meldet sich nach ${length} wieder. Ab jetzt wird wieder aufgepasst.`,
      line: ({ length }) => `Zähler nach ${length} wieder da.`,
    },
  },
  rarely: { never: 'noch nie', seldom: 'selten' },
  alerts: (count) => `${count} Meldungen`,
  more: (_, count) => `Davor noch ${count} weitere.`,
  answers: { fine: 'Das war in Ordnung', mute: '2 h Ruhe' },
  channels: {
    ...{ phone: 'die Nachricht aufs Handy', pushbullet: 'Pushbullet', ntfy: 'ntfy', webhook: 'der Webhook' },
    ...{ dashboard: 'das Dashboard', speech: 'die Sprachausgabe', console: 'die Konsole' },
  },
  standIn: (channel) => `(Hierher geschickt, weil ${channel} nicht funktioniert hat.)`,
  test: {
    title: 'LeftOn: ein Test',
    text: 'Dies ist ein Test von LeftOn. Meldungen kommen hier an. Es ist nichts zu tun.',
    speech: 'Dies ist ein Test. Meldungen kommen hier an. Es ist nichts zu tun.',
  },
  entities: {
    ...{ score: 'Auffälligkeit', power: 'Leistung', usualPower: 'Übliche Leistung', unusual: 'Ungewöhnlich' },
    ...{ lastEpisode: 'Letzter Vorfall', meterSilent: 'Zähler stumm' },
  },
};
