import { DAY, HOUR, LeftOnError, Zone, defaultLimits, formatUtc } from '@lefton/core';
import { countGaps } from './power/cadence.ts';
import { compact } from './power/chronology.ts';
import { counted } from './counted.ts';
import { MarkFinder } from './numbers/decimal-mark.ts';
import { entityIds } from './power/direction.ts';
import type { LocalTimes } from './times/local-time.ts';
import { netPower, notesOn } from './power/net.ts';
import { MALFORMED, readNumber } from './numbers/number-text.ts';
import type { ImportOptions, Unit } from './options.ts';
import { quote } from './quote.ts';
import { Remarks } from './remarks.ts';
import type { ImportedHistory } from './report.ts';
import { refuseSeveralMeters } from './files/several-meters.ts';
import { isSameClock } from './times/same-clock.ts';
import { standingOffset } from './times/standing-clock.ts';
import { Track } from './power/track.ts';
import type { Labels, Settling, TrackKind } from './power/track.ts';

/** No export has more columns of numbers; a file that names more is damaged. */
const MAX_TRACKS = 1_000;

/** Takes what a format reads from a file, and makes the history and the report of it. */
export class Intake {
  readonly options: ImportOptions;
  /** Data rows seen. */
  rows = 0;
  /** Each row holds a value of every track. */
  sharedRows = false;
  /** Times are read on the zone's clock, also by a format that makes instants of them itself. */
  localTimes = false;
  /** Unit of the file's numbers, for the report. */
  unit = '';
  /** Meter that the file names. */
  meter: string | undefined;
  /** Names that a person may choose from, of all tables that follow each other. */
  readonly choices = new Set<string>();
  /** What may help where several files turn out to be of several meters. */
  severalHint = '';
  readonly #format: string;
  readonly #labels: Labels;
  readonly #marks: MarkFinder;
  readonly #tracks = new Map<string, Track>();
  readonly #remarks = new Remarks();
  /** Options that the format had a use for. */
  readonly #asked = new Set<'entity' | 'unit' | 'labels'>();
  #missing = 0;
  #zone: Zone | undefined;

  constructor(
    options: ImportOptions,
    format: { readonly name: string; readonly labels: Labels },
    marks = new MarkFinder(','),
  ) {
    this.options = options;
    this.#format = format.name;
    this.#labels = format.labels === 'stated' ? 'stated' : (options.labels ?? format.labels);
    if (this.#labels !== 'stated') this.#asked.add('labels');
    this.#marks = marks;
    this.#zone = options.zone === undefined ? undefined : new Zone(options.zone);
  }

  /** Zone of local times. */
  get zone(): Zone | undefined {
    return this.#zone;
  }

  /** The entities the person named. */
  get wantedEntities(): readonly string[] | undefined {
    this.#asked.add('entity');
    return this.options.entity === undefined ? undefined : entityIds(this.options.entity);
  }

  /** The unit the person named. */
  get wantedUnit(): Unit | undefined {
    this.#asked.add('unit');
    return this.options.unit;
  }

  /**
   * Takes the zone that is known to be that of the times, where there is such a one; the person's is that of the home
   * then. why: how it is known.
   */
  stateZone(name: string, why: string): void {
    const [stated, asked] = [Zone.find(name), this.#zone];
    if (stated === undefined) return;
    // US/Eastern and America/New_York are one clock
    if (asked !== undefined && isSameClock(stated, asked, this.options.now ?? Date.now())) return;
    this.#zone = stated;
    if (asked !== undefined) this.note(`times are read in ${name}, ${why}, not in ${asked.name}`);
  }

  /** Takes the zone that a format has, unless the person named another. */
  suggestZone(name: string): void {
    this.#zone ??= new Zone(name);
  }

  /** The track of that name; made on first use. */
  track(name: string, kind: TrackKind): Track {
    const known = this.#tracks.get(name);
    if (known !== undefined) return known;
    if (this.#tracks.size >= MAX_TRACKS) {
      throw this.fault('bad_file', `at most ${MAX_TRACKS} columns`, 'more');
    }
    const track = new Track(kind);
    this.#tracks.set(name, track);
    return track;
  }

  /** Names of the tracks made so far. */
  get trackNames(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  /** The track of that name, where there is one. */
  existing(name: string): Track | undefined {
    return this.#tracks.get(name);
  }

  /** Number of a cell; NaN when it is missing, or malformed, and then the row is rejected. */
  number(text = '', line: number): number {
    const value = readNumber(text, this.#marks.markFor(text));
    if (value - value === 0) return value;
    if (value === MALFORMED) this.reject(line, `expected a number, found ${quote(text)}`);
    else this.#missing += 1;
    return NaN;
  }

  reject(line: number, why: string): void {
    this.#remarks.reject(line, why);
  }

  note(text: string): void {
    this.#remarks.note(text);
  }

  fault(code: string, expected: string, found: string): LeftOnError {
    return new LeftOnError({ code, place: this.options.place, expected, found });
  }

  /** Settles all tracks. Uses up the intake. */
  finish(): ImportedHistory {
    const { options } = this;
    const tracks = [...this.#tracks.values()];
    const local = this.localTimes || tracks.some(({ kind }) => kind.clock !== 'instant');
    const until = (options.now ?? Date.now()) + DAY;
    // several columns of one row share its time
    const timeless = new Set<number>();
    const settling: Settling = {
      place: options.place,
      zone: this.#zone,
      dayFirst: options.dayFirst,
      labels: this.#labels,
      maxPowerW: options.maxPowerW ?? defaultLimits.mainFuseW,
      note: (text) => {
        this.note(text);
      },
      until,
      reject: (line, why) => {
        if (!timeless.has(line)) this.reject(line, why);
        timeless.add(line);
      },
    };
    const standing = this.#standingOffset(tracks.flatMap((track) => track.readClock(settling) ?? []));
    const powers = tracks.map((track) => track.settle(settling, standing));
    refuseSeveralMeters(powers, { ...options, severalHint: this.severalHint });
    const duplicates = powers.map((power) => power.duplicates);
    const net = netPower(powers);
    const gaps = countGaps(net);
    for (const note of notesOn(net)) this.note(note);
    const { at, value: watts } = compact(net);
    if (this.#marks.doubt !== undefined) this.note(this.#marks.doubt);
    for (const name of ['entity', 'unit', 'labels'] as const)
      if (options[name] !== undefined && !this.#asked.has(name))
        this.note(
          `${name} ${quote(options[name])} changes nothing: files of the format ${this.#format} need none`,
        );
    if (this.#missing > 0) this.note(`${counted(this.#missing, 'value is', 'values are')} marked as missing`);
    const instant = (i: number): string | null => {
      const time = at[i];
      return time === undefined ? null : formatUtc(time);
    };
    return {
      meter: options.meter ?? this.meter ?? 'home',
      at,
      watts,
      report: {
        format: this.#format,
        unit: this.unit,
        zone: local ? (this.#zone?.name ?? 'UTC') : 'UTC',
        rows: this.rows,
        readings: at.length,
        duplicates: this.sharedRows ? Math.max(0, ...duplicates) : duplicates.reduce((sum, n) => sum + n, 0),
        gaps,
        rejected: this.#remarks.rejectedIn(options.files),
        rejected_count: this.#remarks.rejectedCount,
        first: instant(0),
        last: instant(at.length - 1),
        notes: this.#remarks.notes,
      },
    };
  }

  /** Offset of the file's clock, where it was never put forward or back. */
  #standingOffset(columns: readonly LocalTimes[]): number | undefined {
    const offset = this.#zone === undefined ? undefined : standingOffset(columns, this.#zone);
    if (offset === undefined) return undefined;
    const hours = `${offset < 0 ? '' : '+'}${offset / HOUR}`;
    this.note(`the file's clock was never changed for summer time: read as UTC${hours}`);
    return offset;
  }
}
