import { numberOf, POWER_UNITS, telegramOf } from './json-power.ts';
import type { Telegram } from '../meter.ts';

const UNITS = 'W, kW, VA, Wh or kWh';
/** Home Assistant's own words for a sensor that tells nothing. */
const NOTHING: readonly unknown[] = ['unavailable', 'unknown'];

/** Monotonic ms, and ms of the clock that Home Assistant's instants are of. */
interface Now {
  readonly monotonic: number;
  readonly wall: number;
}

/**
 * What is known of one sensor of Home Assistant, from the events of its `subscribe_entities` command: `a` holds whole
 * states, `c` what changed (`+`) or went of them (`-`), `r` what is gone; `s` is the state, `a` its attributes, `lu` and
 * `lc` when it was updated and changed, in seconds.
 */
export class SensorState {
  readonly #entity: string;
  readonly #holdMs: number;
  #isThere = false;
  #state: unknown;
  #unit: unknown;
  #changed = -Infinity;

  /** @param holdMs a value is taken to hold for this long without a change */
  constructor(entity: string, holdMs: number) {
    this.#entity = entity;
    this.#holdMs = holdMs;
  }

  /** Whether the event is about this sensor. */
  take(event: unknown, now: Now): boolean {
    const { a, c, r } = record(event);
    const whole = record(a)[this.#entity];
    const change = record(c)[this.#entity];
    const gone = Array.isArray(r) && r.includes(this.#entity);
    if (whole === undefined && change === undefined && !gone) return false;
    this.#isThere = !gone;
    this.#changed = now.monotonic;
    if (whole !== undefined) this.#begin(record(whole), now);
    else if (change !== undefined) this.#follow(record(change));
    return true;
  }

  /** What holds now; undefined for a gap. @param now monotonic ms */
  telegram(now: number): Telegram | undefined {
    const unit = POWER_UNITS.find((each) => each === this.#unit);
    const value = numberOf(this.#state);
    if (!this.#isThere || unit === undefined || value === undefined || this.#isOld(now)) return undefined;
    return telegramOf(value, unit);
  }

  /** Why nothing is told, in words for people. @param now monotonic ms */
  trouble(now: number): string | undefined {
    const state = this.#state;
    if (!this.#isThere)
      return "there is no such sensor: Home Assistant's developer tools list those that there are";
    if (NOTHING.includes(state)) return `it is ${String(state)} in Home Assistant`;
    if (typeof this.#unit !== 'string') return `it has no unit, and should have ${UNITS}`;
    if (!POWER_UNITS.some((unit) => unit === this.#unit)) return `its unit is ${this.#unit}, not ${UNITS}`;
    if (numberOf(state) === undefined) return 'its state is no number';
    if (this.#isOld(now))
      return `it has not changed for ${this.#holdMs / 1_000} s, as long as hold_s has it hold`;
    return undefined;
  }

  #isOld(now: number): boolean {
    return now - this.#changed > this.#holdMs;
  }

  /** A whole state may be old: that of a device which has died stands as it was, and is told to whoever asks anew. */
  #begin({ s, a, lu, lc }: Fields, { monotonic, wall }: Now): void {
    this.#state = s;
    this.#unit = record(a).unit_of_measurement;
    const seconds = lu ?? lc;
    // a clock that is behind is no reason to take it for news from the future
    if (typeof seconds === 'number') this.#changed = monotonic - Math.max(0, wall - seconds * 1_000);
  }

  #follow({ '+': more, '-': less }: Fields): void {
    const { s, a } = record(more);
    const { a: lost } = record(less);
    if (s !== undefined) this.#state = s;
    if (Array.isArray(lost) && lost.includes('unit_of_measurement')) this.#unit = undefined;
    this.#unit = record(a).unit_of_measurement ?? this.#unit;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** An object's fields; none of what is no object. */
const record = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
