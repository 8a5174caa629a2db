import sax from 'sax';
import { SECOND, isInstant } from '@lefton/core';
import type { Intake } from '../intake.ts';
import { Packed } from '../power/packed.ts';

/** The fields of an ESPI ReadingType, as text; empty where absent. */
export interface ReadingType {
  uom: string;
  accumulationBehaviour: string;
  powerOfTenMultiplier: string;
  flowDirection: string;
  intervalLength: string;
}

/** Readings of one ESPI MeterReading. */
export interface MeterReading {
  /** Part of the links that names the usage point, for example `UsagePoint/1`. */
  readonly usagePoint: string;
  /** Instants, milliseconds, and values as written; one each per reading. */
  readonly start: Packed;
  readonly length: Packed;
  readonly value: Packed;
  readonly lines: Packed;
  /** Link of the ReadingType that came last before these readings. */
  nearestType: string;
}

/** Links of one Atom entry. */
interface Links {
  self: string;
  up: string;
  type: string;
}

/** A bill has a few; a file with more is damaged. */
const MOST_METER_READINGS = 1_000;
const TYPE_FIELDS = [
  'uom',
  'accumulationBehaviour',
  'powerOfTenMultiplier',
  'flowDirection',
  'intervalLength',
] as const;
/** Where sax stops looking for the end of a name or a text that is none. */
const TOO_LONG = /^Max buffer length exceeded/;

/** Collects the readings and their descriptions from a Green Button feed, with whatever namespace prefix. */
export class EspiFeed {
  readonly types = new Map<string, ReadingType>();
  /** Service kind by usage point; 0 is electricity. */
  readonly kinds = new Map<string, string>();
  readonly readings = new Map<string, MeterReading>();
  readonly #typeLinks = new Map<string, string>();
  readonly #intake: Intake;
  readonly #parser = sax.parser(true, { trim: true });
  readonly #path: string[] = [];
  #text = '';
  #links: Links = noLinks();
  #type: ReadingType | undefined;
  #latestType = '';
  #kind = '';
  #start = NaN;
  #length = NaN;
  #value = NaN;

  /** @param line lines of the file before the feed. */
  constructor(intake: Intake, line: number) {
    this.#intake = intake;
    this.#parser.line = line;
    this.#parser.onopentag = ({ name, attributes }) => {
      this.#open(localName(name), attributes as Readonly<Record<string, string>>);
    };
    this.#parser.ontext = (text) => (this.#text = text);
    this.#parser.onclosetag = () => {
      this.#close(this.#path.pop() ?? '');
    };
    this.#parser.onerror = (error) => {
      if (TOO_LONG.test(error.message)) throw intake.fault('bad_file', 'XML', 'a name or text without end');
      intake.note(`damaged XML at line ${this.#parser.line + 1}: ${error.message.split('\n')[0] ?? ''}`);
      this.#parser.resume();
    };
  }

  /** Line ends so far. */
  get line(): number {
    return this.#parser.line;
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): void {
    this.#parser.close();
  }

  /** The ReadingType of a MeterReading: the linked one, else the one that stood before its readings. */
  typeOf(meterReading: string, { nearestType }: MeterReading): ReadingType | undefined {
    return this.types.get(this.#typeLinks.get(meterReading) ?? nearestType) ?? this.types.get(nearestType);
  }

  #open(name: string, attributes: Readonly<Record<string, string>>): void {
    this.#path.push(name);
    this.#text = '';
    if (name === 'entry') this.#links = noLinks();
    else if (name === 'link') this.#link(attributes['rel'] ?? '', attributes['href'] ?? '');
    else if (name === 'ReadingType') this.#type = blankType();
    else if (name === 'IntervalReading') [this.#start, this.#length, this.#value] = [NaN, NaN, NaN];
  }

  #link(rel: string, href: string): void {
    if (rel === 'self') this.#links.self = href;
    else if (rel === 'up') this.#links.up = href;
    else if (href.includes('ReadingType/')) this.#links.type = href;
  }

  #close(name: string): void {
    const parent = this.#path.at(-1);
    if (parent === 'ReadingType') {
      const field = TYPE_FIELDS.find((known) => known === name);
      if (field !== undefined && this.#type !== undefined) this.#type[field] = this.#text;
    } else if (parent === 'ServiceCategory' && name === 'kind') this.#kind = this.#text;
    else if (parent === 'timePeriod' && name === 'start') this.#start = wholeSeconds(this.#text);
    else if (parent === 'timePeriod' && name === 'duration') this.#length = wholeSeconds(this.#text);
    else if (parent === 'IntervalReading' && name === 'value') {
      this.#value = this.#intake.number(this.#text, this.#parser.line + 1);
    }
    if (name === 'IntervalReading') this.#takeReading();
    else if (name === 'entry') this.#takeEntry();
    else if (name === 'ReadingType') this.#latestType = this.#links.self;
    this.#text = '';
  }

  #takeReading(): void {
    this.#intake.rows += 1;
    const line = this.#parser.line + 1;
    if (!isInstant(this.#start)) {
      this.#intake.reject(line, 'expected a start in whole seconds since 1970');
      return;
    }
    const { self, up } = this.#links;
    const [name = ''] = (self.includes('/IntervalBlock') ? self : up).split('/IntervalBlock', 1);
    const reading = this.readings.get(name) ?? newReading(name, this.#latestType);
    this.readings.set(name, reading);
    if (this.readings.size > MOST_METER_READINGS) {
      throw this.#intake.fault('bad_file', `at most ${MOST_METER_READINGS} meter readings`, 'more');
    }
    reading.start.push(this.#start);
    reading.length.push(this.#length);
    reading.value.push(this.#value);
    reading.lines.push(line);
  }

  #takeEntry(): void {
    const { self, type } = this.#links;
    if (this.#type !== undefined) {
      this.types.set(self, this.#type);
      this.#type = undefined;
    }
    if (this.#kind !== '') {
      this.kinds.set(usagePointOf(self), this.#kind);
      this.#kind = '';
    }
    if (type !== '') this.#typeLinks.set(self, type);
  }
}

const noLinks = (): Links => ({ self: '', up: '', type: '' });

const blankType = (): ReadingType => ({
  uom: '',
  accumulationBehaviour: '',
  powerOfTenMultiplier: '',
  flowDirection: '',
  intervalLength: '',
});

const newReading = (name: string, nearestType: string): MeterReading => ({
  usagePoint: usagePointOf(name),
  start: new Packed(),
  length: new Packed(),
  value: new Packed(),
  lines: new Packed(),
  nearestType,
});

/** `espi:value` and `value` are the same element. */
const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const usagePointOf = (link: string): string => /UsagePoint\/[^/]+/.exec(link)?.[0] ?? 'UsagePoint';

/** Milliseconds of a text in whole seconds, else NaN. */
const wholeSeconds = (text: string): number => (/^-?\d{1,15}$/.test(text) ? Number(text) * SECOND : NaN);
