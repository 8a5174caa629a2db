import { HOUR, wattHours, watts } from '@lefton/core';
import type { Instant, Reading } from '@lefton/core';
import type { CaptureLog } from '../capture-log.ts';
import type { Telegram } from '../meter.ts';
import { RegisterPower } from './register-power.ts';
import { Register } from './register.ts';

/** A meter's clock that differs by more from this machine's is not believed. */
const MOST_APART_MS = HOUR;
/** Over a gap of this length nobody knows how a register rose. */
const GAP_MS = 1_800_000;

/** How the telegrams of a source are to be understood. */
export interface Meaning {
  /** Id of the meter that is heard. */
  readonly meter: string;
  /** Ids by the names that meters give themselves, where several are heard; others are then not taken. */
  readonly names: Readonly<Record<string, string>> | null;
  /** For people who look for a fault. */
  readonly source: string;
  /** Instants are those of the meter, where it tells its clock with a zone; else those of arrival. */
  readonly meterClock: boolean;
  /** Export counts as positive there. */
  readonly inverted: boolean;
  /** What the mains can give, in W. */
  readonly mostW: number;
}

/** What is remembered of one meter. */
class Memory {
  readonly register: Register;
  /** Power of the register, while the meter tells none itself. */
  power: RegisterPower | null = null;
  at: Instant = -Infinity;
  /** When it last told power itself. */
  toldPowerAt: Instant = -Infinity;

  constructor(mostW: number) {
    this.register = new Register(mostW);
  }
}

/** Makes readings of telegrams: an id, an instant, active power, and a register that can be believed. */
export class Interpreter {
  readonly #meaning: Meaning;
  readonly #now: () => Instant;
  readonly #log: CaptureLog;
  readonly #memories = new Map<string, Memory>();
  /** Whose telegrams are taken where `names` tells none apart; undefined before the first. */
  #only: string | null | undefined;
  /** Whether that was told twice: damage is hardly ever the same again. */
  #settled = false;
  #toldLast: string | null | undefined;

  /** @param now stamps arrivals */
  constructor(meaning: Meaning, now: () => Instant, log: CaptureLog) {
    this.#meaning = meaning;
    this.#now = now;
    this.#log = log;
  }

  /** Undefined for a telegram that tells no power yet, none that can be, or what was told before. */
  read(telegram: Telegram): Reading | undefined {
    const { source, mostW, inverted, meterClock } = this.#meaning;
    const meter = this.#idOf(telegram);
    if (meter === undefined) return undefined;
    const at = this.#instantOf(telegram);
    const memory = this.#memories.get(meter) ?? new Memory(mostW);
    this.#memories.set(meter, memory);
    // a meter that tells its last telegram again has told nothing
    if (meterClock && at === memory.at) return undefined;
    memory.at = at;
    const energy = telegram.energyWh;
    const believed = energy !== null && memory.register.take(energy, at);
    if (telegram.watts !== null) {
      memory.power = null;
      memory.toldPowerAt = at;
    }
    const power = telegram.watts ?? this.#powerOf(memory, at, telegram);
    if (power === null || !(Math.abs(power) <= mostW)) return undefined;
    return {
      ...{ meter, at, source },
      watts: watts(inverted && power !== 0 ? -power : power),
      energyWh: believed ? wattHours(energy) : null,
    };
  }

  /**
   * Where a meter once tells no power, as after missed pulses, its register knows no better; where it no longer does, it is
   * all there is.
   */
  #powerOf(memory: Memory, at: Instant, telegram: Telegram): number | null {
    if (at - memory.toldPowerAt <= GAP_MS) return null;
    memory.power ??= new RegisterPower({ mostW: this.#meaning.mostW, gapMs: GAP_MS });
    return memory.power.push(at, telegram);
  }

  #idOf({ meter: told }: Telegram): string | undefined {
    const { meter, names, source } = this.#meaning;
    // a meter may call itself as what every object has: constructor
    if (names !== null) return told !== null && Object.hasOwn(names, told) ? names[told] : undefined;
    const again = told === this.#toldLast;
    this.#toldLast = told;
    if (told === this.#only) this.#settled = true;
    // a first name may have been damaged, where a checksum is weak or not there: another told twice in a row takes its place
    else if (this.#only === undefined || (again && told !== null && !this.#settled)) {
      this.#only = told;
      this.#settled = again;
    }
    if (told === this.#only) return meter;
    this.#log.warn('another meter is heard and not taken: `names`, or a source of its own, gives it an id', {
      ...{ source, other: told ?? '', meter },
    });
    return undefined;
  }

  #instantOf({ toldAt }: Telegram): Instant {
    const now = this.#now();
    const believed = this.#meaning.meterClock && toldAt !== null && Math.abs(toldAt - now) <= MOST_APART_MS;
    return believed ? toldAt : now;
  }
}
