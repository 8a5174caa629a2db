import { clock, yearMonthDay } from './moment.ts';
import type { Length, Moment } from './moment.ts';
import { around } from './phrases.ts';
import type { Notation, Phrases, WrittenNotation } from './phrases.ts';
import { isOne, written } from './quantity.ts';
import type { Quantity } from './quantity.ts';

const ONES = [
  ...[
    'zero',
    'one',
    'two',
    'three',
    'four',
    'five',
    'six',
    'seven',
    'eight',
    'nine',
    'ten',
    'eleven',
    'twelve',
  ],
  ...['thirteen', 'fourteen', 'fifteen', 'sixteen', 'seventeen', 'eighteen', 'nineteen'],
];
const TENS = ['', '', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];
const ORDINALS: Readonly<Record<string, string>> = {
  ...{ one: 'first', two: 'second', three: 'third', five: 'fifth', eight: 'eighth', nine: 'ninth' },
  ...{ twelve: 'twelfth', twenty: 'twentieth', thirty: 'thirtieth' },
};
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];

/** A whole number in words, 0..999999. */
export function spell(n: number): string {
  if (n < 20) return ONES[n] ?? '';
  if (n < 100) return `${TENS[Math.floor(n / 10)] ?? ''}${n % 10 === 0 ? '' : `-${spell(n % 10)}`}`;
  const [size, name] = n < 1000 ? [100, 'hundred'] : [1000, 'thousand'];
  const rest = n % size;
  const joint = rest < 100 ? ' and ' : ' ';
  return `${spell(Math.floor(n / size))} ${name}${rest === 0 ? '' : joint + spell(rest)}`;
}

/** first, second .. thirty-first */
const ordinal = (n: number): string => spell(n).replace(/[a-z]+$/, (last) => ORDINALS[last] ?? `${last}th`);

const plural = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
const spelled = (n: number, one: string): string =>
  plural(n, one).replace(/^\d+/, (digits) => spell(Number(digits)));

const read: WrittenNotation = {
  power: (watts) => written(watts, 'W', '.'),
  energy: (wattHours, cost) =>
    `${written(wattHours, 'Wh', '.')}${cost === null ? '' : ` (${cost.toFixed(2)})`}`,
  length({ days, hours, minutes }) {
    if (days > 0) return hours === 0 ? plural(days, 'day') : `${plural(days, 'day')} ${hours} h`;
    if (hours === 0) return plural(minutes, 'minute');
    return minutes === 0 ? plural(hours, 'hour') : `${hours} h ${minutes} min`;
  },
  since: (moment) => `since ${read.when(moment)}`,
  when(moment) {
    if (moment.named === 'clock') return clock(moment);
    const day = moment.named === 'weekday' ? (WEEKDAYS[moment.weekday] ?? '') : yearMonthDay(moment);
    return `${day} ${clock(moment)}`;
  },
  count: String,
};

const said: Notation = {
  power(watts) {
    const { negative, kilo, whole, tenths } = watts;
    const minus = negative ? 'minus ' : '';
    if (!kilo) return minus + spelled(whole, 'watt');
    // nobody says point two kilowatts
    if (whole === 0) return minus + spelled(tenths * 100, 'watt');
    return `${decimal(watts)} kilowatt${isOne(watts) ? '' : 's'}`;
  },
  energy: (wattHours) =>
    `${decimal(wattHours)} ${wattHours.kilo ? 'kilowatt' : 'watt'} hour${isOne(wattHours) ? '' : 's'}`,
  length({ days, hours, minutes }: Length) {
    const parts = [
      days > 0 ? spelled(days, 'day') : '',
      hours > 0 ? spelled(hours, 'hour') : '',
      minutes > 0 ? spelled(minutes, 'minute') : '',
    ];
    return parts.filter((part) => part !== '').join(' and ');
  },
  since(moment) {
    const { named, weekday, day, month } = moment;
    if (named === 'clock') return `since ${timeOfDay(moment)}`;
    const date = `the ${ordinal(day)} of ${MONTHS[month - 1] ?? ''}`;
    return `since ${named === 'weekday' ? (WEEKDAYS[weekday] ?? '') : date} at ${timeOfDay(moment)}`;
  },
  count: spell,
};

/** two point one, point four, six */
function decimal({ negative, whole, tenths }: Quantity): string {
  const point = tenths === 0 ? '' : `point ${spell(tenths)}`;
  const size = whole === 0 && tenths > 0 ? point : `${spell(whole)} ${point}`.trimEnd();
  return negative ? `minus ${size}` : size;
}

/** three twelve in the morning */
function timeOfDay({ hour, minute }: Moment): string {
  const past = minute < 10 || hour === 0 ? `${spelled(minute, 'minute')} past ` : '';
  if (hour === 0) return minute === 0 ? 'midnight' : `${past}midnight`;
  if (hour === 12 && minute < 10) return minute === 0 ? 'noon' : `${past}noon`;
  const name = spell(hour > 12 ? hour - 12 : hour);
  const part =
    hour < 12 ? 'in the morning' : hour < 18 ? 'in the afternoon' : hour < 22 ? 'in the evening' : 'at night';
  if (minute === 0) return `${name} ${part}`;
  return minute < 10 ? `${past}${name} ${part}` : `${name} ${spell(minute)} ${part}`;
}

/** English; also what the console says. */
export const en: Phrases = {
  language: 'en',
  read,
  said,
  tellings: {
    opened: {
      title: (power) => `${power ?? 'Something'} left on?`,
      text: ({ power, since, usual, rare, energy }) =>
        `Unusual${around(': ', power) || ' power'} ${since}${around(', at this hour it is usually ', usual)}` +
        `${around(usual === null ? ', and ' : ' and ', rare, ' that long')}.${around(' About ', energy, ' so far.')}`,
      todo: 'Is something still on? Worth a look.',
      speech: ({ power, since, usual, rare, energy }) =>
        `Is something still on? Power has been ${around('at ', power) || 'unusual'} ${since}.` +
        `${around(' At this hour it is usually ', usual, '.')}${around(' It has ', rare, ' lasted that long.')}` +
        `${around(' That makes about ', energy, ' so far.')} It is worth a look.`,
      line: ({ power, since, energy }) =>
        `Unusual${around(': ', power) || ' power'} ${since}${around(', about ', energy, ' so far')}.`,
    },
    still_on: {
      title: (power) => `Still on${around(': ', power)}`,
      text: ({ power, since, length, energy }) =>
        `Still on${around(': ', power)} ${since}, ${length} by now.${around(' About ', energy, ' so far.')}`,
      todo: 'Please have a look.',
      speech: ({ power, since, length, energy }) =>
        `It is still on. It has been ${around('at ', power) || 'on'} ${since}, which is ${length} by now.` +
        `${around(' That makes about ', energy, ' so far.')} Please have a look.`,
      line: ({ power, since, energy }) =>
        `Still on${around(': ', power)} ${since}${around(', about ', energy, ' so far')}.`,
    },
    closed: {
      title: () => 'Back to usual',
      text: ({ began, ended, energy }) =>
        `Back to usual. It was on from ${began} to ${ended}${around(' and took about ', energy, ' more than usual')}.`,
      todo: 'Nothing more to do.',
      speech: ({ length, energy }) =>
        `All is back to usual. It was on for ${length}${around(' and took about ', energy, ' more than usual')}. ` +
        'There is nothing more to do.',
      line: ({ length, energy }) =>
        `Back to usual after ${length}${around(', about ', energy, ' more than usual')}.`,
    },
    meter_silent: {
      title: () => 'Meter silent',
      text: ({ since }) => `The meter has been silent ${since}. Nothing can be noticed until it is back.`,
      todo: 'Please check the meter and its reader.',
      speech: ({ since }) =>
        `The meter has been silent ${since}. Nothing can be noticed until it is back. Please check the meter and its reader.`,
      line: ({ since }) => `Meter silent ${since}.`,
    },
    meter_back: {
      title: () => 'Meter back',
      text: ({ length }) => `The meter is back after ${length}.`,
      todo: 'LeftOn is watching again.',
      speech: ({ length }) => `The meter is back after ${length}. Everything is being watched again.`,
      line: ({ length }) => `Meter back after ${length}.`,
    },
  },
  rarely: { never: 'never', seldom: 'seldom' },
  alerts: (count) => `${count} alerts`,
  more: (_, count) => `And ${count} more before that.`,
  answers: { fine: 'That was fine', mute: 'Mute 2 h' },
  channels: {
    ...{ phone: 'the phone', pushbullet: 'Pushbullet', ntfy: 'ntfy', webhook: 'the webhook' },
    ...{ dashboard: 'the dashboard', speech: 'speech', console: 'the console' },
  },
  standIn: (channel) => `(Sent here because ${channel} did not work.)`,
  test: {
    title: 'LeftOn: a test',
    text: 'This is a test of LeftOn. Alerts reach you here. There is nothing to do.',
    speech: 'This is a test. Alerts reach you here. There is nothing to do.',
  },
  entities: {
    ...{ score: 'Score', power: 'Power', usualPower: 'Usual power', unusual: 'Unusual' },
    ...{ lastEpisode: 'Last episode', meterSilent: 'Meter silent' },
  },
};
