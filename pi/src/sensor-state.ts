import { numberOf, POWER_UNITS, telegramOf } from './json-power.ts';
import type { Telegram } from './meter.ts';

/**
 * What is known of one sensor of Home Assistant, from the events of its `subscribe_entities` command: `a` holds whole
 * states, `c` what changed, `r` what went; `s` is the state, `a` its attributes.
 */
export class SensorState {
  readonly #entity: string;
  readonly #holdMs: number;
  #value: number | undefined;
  #unit: string | undefined;
  #changed = -Infinity;

  /** @param holdMs a value is taken to hold for this long without a change */
  constructor(entity: string, holdMs: number) {
    this.#entity = entity;
    this.#holdMs = holdMs;
  }

  /** The unit where it is none of ours. */
  get foreignUnit(): string | undefined {
    return POWER_UNITS.some((unit) => unit === this.#unit) ? undefined : this.#unit;
  }

  /** Whether there is such a sensor, whatever its state. */
  get isThere(): boolean {
    return this.#changed > -Infinity;
  }

  /** Whether the event is about this sensor. @param now monotonic ms */
  take(event: unknown, now: number): boolean {
    const { a, c, r } = record(event);
    const whole = record(a)[this.#entity];
    const changed = record(record(record(c)[this.#entity])['+']);
    const gone = Array.isArray(r) && r.includes(this.#entity);
    const { s, a: attributes } = whole === undefined ? changed : record(whole);
    if (whole === undefined && Object.keys(changed).length === 0 && !gone) return false;
    const { unit_of_measurement: unit } = record(attributes);
    if (typeof unit === 'string') this.#unit = unit;
    if (gone) this.#value = undefined;
    else if (s !== undefined) this.#value = numberOf(s);
    this.#changed = now;
    return true;
  }

  /** What holds now; undefined for a gap. @param now monotonic ms */
  telegram(now: number): Telegram | undefined {
    const unit = POWER_UNITS.find((each) => each === this.#unit);
    if (unit === undefined || this.#value === undefined || now - this.#changed > this.#holdMs)
      return undefined;
    return telegramOf(this.#value, unit);
  }
}

/** An object's fields; none of what is no object. */
const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
