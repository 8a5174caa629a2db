import { powerToTell } from '../event.ts';
import type { AnomalyEvent } from '../event.ts';
import { MINUTE } from '../time.ts';
import type { Instant } from '../time.ts';
import type { Zone } from '../zone.ts';
import { lengthOf, momentOf } from './moment.ts';
import { around } from './phrases.ts';
import type { Notation, Parts, Phrases } from './phrases.ts';
import { quantityOf } from './quantity.ts';
import type { NameOf, Words } from './words.ts';

/** Lines of a digest: what fits a push, and what can be listened to. */
const LINES_READ = 8;
const LINES_SAID = 3;
/** Room for one more, which counts the others. */
const LONGEST_DIGEST = 900;
/** "So far" is until now: of what goes on no energy is told that is older than this. A list says when each was. */
const SO_FAR_MS = 15 * MINUTE;
/** No home has a gigawatt, and no language a word for it here. */
const LARGEST = 1e9;

/** Makes the words of a language from its file. */
export function compose(phrases: Phrases): Words {
  const { language, read, said, answers, test, entities } = phrases;
  const typeset = phrases.typeset ?? ((text: string) => text);
  return {
    ...{ language, answers, test, entities },
    title(events, nameOf = nameless) {
      const [event, other] = events;
      const title =
        event === undefined || other !== undefined
          ? phrases.alerts(read.count(events.length))
          : phrases.tellings[event.type].title(powerOf(event, read));
      return typeset(around('', commonName(events, nameOf), ': ') + title);
    },
    text(events, zone, now = -Infinity, nameOf = nameless) {
      const [event, other] = events;
      if (event !== undefined && other === undefined)
        return typeset(`${happened(phrases, event, zone, now)} ${phrases.tellings[event.type].todo}`);
      return typeset(digest(phrases, read, events, zone, now, LINES_READ, nameOf).join('\n'));
    },
    speech(events, zone, now = -Infinity, nameOf = nameless) {
      const [event, other] = events;
      const whose = around('', commonName(events, nameOf), '. ');
      if (event !== undefined && other === undefined)
        return capitalised(
          whose +
            phrases.tellings[event.type].speech(asOfNow(phrases, said, event, zone, Math.max(event.at, now))),
        );
      const lines = digest(phrases, said, events, zone, now, LINES_SAID, nameOf);
      return capitalised(whose + [`${phrases.alerts(said.count(events.length))}.`, ...lines].join(' '));
    },
    standIn(channel) {
      const { channels } = phrases;
      return phrases.standIn((Object.hasOwn(channels, channel) ? channels[channel] : undefined) ?? channel);
    },
  };
}

const nameless: NameOf = () => undefined;

/** The name of the meter that all are of; null where it has none, or they are of several. */
function commonName(events: readonly AnomalyEvent[], nameOf: NameOf): string | null {
  const meters = new Set(events.map(({ meter }) => meter));
  const [meter] = meters;
  return meter === undefined || meters.size > 1 ? null : (nameOf(meter) ?? null);
}

/** One event to be read, without what to do. */
export function happened(
  phrases: Phrases,
  event: AnomalyEvent,
  zone: Zone,
  toldAt: Instant = -Infinity,
): string {
  const { at, since, until } = event;
  const { read } = phrases;
  const now = Math.max(at, toldAt);
  const began = momentOf(zone, since, now);
  const ended = momentOf(zone, until ?? at, now);
  // beside a day that is named, a bare time would seem to be of that day
  const named = began.named !== 'clock' && ended.named === 'clock' ? 'weekday' : ended.named;
  const parts = asOfNow(phrases, read, event, zone, now);
  const end = read.when({ ...ended, named });
  // two clocks in one sentence: from 02:40 to 02:30
  const overChange = zone.offsetAt(since) !== zone.offsetAt(until ?? at);
  return phrases.tellings[event.type].text({
    ...parts,
    began: read.when(began),
    ended: overChange ? `${end} (${parts.length})` : end,
  });
}

/** A line for each event, as of the newest or when it is told; where they are too many, the newest say how it is now. */
function digest(
  phrases: Phrases,
  notation: Notation,
  events: readonly AnomalyEvent[],
  zone: Zone,
  toldAt: Instant,
  most: number,
  nameOf: NameOf,
): string[] {
  const now = events.reduce((newest, { at }) => Math.max(newest, at), toldAt);
  const areNamed = commonName(events, nameOf) !== null;
  const lines = events.slice(-most).map((event) => {
    const whose = areNamed ? null : (nameOf(event.meter) ?? null);
    const line = phrases.tellings[event.type].line(partsOf(phrases, notation, event, zone, now));
    return around('', whose, ': ') + line;
  });
  while (lines.length > 1 && lines.join('\n').length > LONGEST_DIGEST) lines.shift();
  const more = events.length - lines.length;
  return more === 0 ? lines : [...lines, phrases.more(more, notation.count(more))];
}

/** The parts of one event that is told alone. */
function asOfNow(phrases: Phrases, notation: Notation, event: AnomalyEvent, zone: Zone, now: Instant): Parts {
  const parts = partsOf(phrases, notation, event, zone, now);
  const goesOn = event.type === 'opened' || event.type === 'still_on';
  return goesOn && now - event.at > SO_FAR_MS ? { ...parts, energy: null } : parts;
}

function partsOf(
  { rarely }: Phrases,
  notation: Notation,
  event: AnomalyEvent,
  zone: Zone,
  now: Instant,
): Parts {
  const { type, at, since, until, longestMs } = event;
  // a reminder that was held back is told as of now
  const end = until ?? (type === 'still_on' ? now : at);
  const usual = known(event.usualWatts);
  const excess = known(event.excessWh);
  const cost = known(event.cost);
  return {
    power: powerOf(event, notation),
    usual: usual === null ? null : notation.power(quantityOf(usual)),
    rare: longestMs === null ? null : longestMs < at - since ? rarely.never : rarely.seldom,
    since: notation.since(momentOf(zone, since, now)),
    length: notation.length(lengthOf(end - since)),
    // what rounds to nothing is not worth a word
    energy:
      excess === null || excess < 0.5
        ? null
        : notation.energy(quantityOf(excess), cost === null || cost < 0.005 ? null : cost),
  };
}

/** What has just begun has no mean worth telling. */
function powerOf(event: AnomalyEvent, notation: Notation): string | null {
  const young = event.at - event.since < 10 * MINUTE;
  const power = known(young ? event.watts : powerToTell(event));
  return power === null ? null : notation.power(quantityOf(power));
}

const known = (value: number | null): number | null =>
  value !== null && Math.abs(value) < LARGEST ? value : null;

/** Spelled numbers may begin a sentence. */
const capitalised = (speech: string): string =>
  speech.replace(/(?:^|[.?] )\p{Ll}/gu, (start) => start.toUpperCase());
