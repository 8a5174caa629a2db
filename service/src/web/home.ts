import type { MeterState, State } from './answers.ts';
import type { Notation } from './document/notation.ts';
import type { Power } from './service.ts';
import type { Texts } from './texts/texts.ts';

/** A stretch to show on the picture of power; instants in ms. */
export interface Mark {
  readonly since: number;
  /** Null while it lasts. */
  readonly until: number | null;
  readonly kind: 'unusual' | 'tried';
}

/** What is told to whoever listens. */
interface Topics {
  /** A newer state of the same meter. */
  state: MeterState;
  /** Further readings of the same meter; after a break also older ones that were missed. */
  readings: Power;
  /** Another meter is looked at. */
  meter: MeterState;
  /** Marks have changed. */
  marks: readonly Mark[];
  /** Somebody wants to see this stretch of power. */
  look: { readonly from: number; readonly to: number };
}

type Listener<T> = (value: T) => void;

/** The home as the page knows it, for its panels: the one meter that is looked at, and the service's clock. */
export class Home {
  readonly texts: Texts;
  notation: Notation;
  #state: State;
  #meter: MeterState;
  #heardAt = performance.now();
  readonly #marks = new Map<string, readonly Mark[]>();
  readonly #notationOf: (zone: string) => Notation;
  readonly #listeners: { readonly [T in keyof Topics]: Set<Listener<Topics[T]>> } = {
    state: new Set(),
    readings: new Set(),
    meter: new Set(),
    marks: new Set(),
    look: new Set(),
  };

  constructor(texts: Texts, state: State, meter: MeterState, notationOf: (zone: string) => Notation) {
    this.texts = texts;
    this.#state = state;
    this.#meter = meter;
    this.#notationOf = notationOf;
    this.notation = notationOf(meter.zone);
  }

  get state(): State {
    return this.#state;
  }

  get meter(): MeterState {
    return this.#meter;
  }

  /** The service's clock in ms; a replay's stands where the last message put it. */
  get now(): number {
    const told = Date.parse(this.#state.now);
    return this.#state.simulated ? told : told + performance.now() - this.#heardAt;
  }

  /** Of the newest reading; now where there is none. What lasts is known to have lasted until then. */
  get heard(): number {
    const { newest_at } = this.#meter;
    return newest_at === null ? this.now : Math.min(this.now, Date.parse(newest_at));
  }

  on<T extends keyof Topics>(topic: T, listener: Listener<Topics[T]>): void {
    this.#listeners[topic].add(listener);
  }

  /** A newer state from the service. */
  hear(state: State): void {
    this.#state = state;
    this.#heardAt = performance.now();
    const meter = state.meters.find(({ meter: name }) => name === this.#meter.meter);
    // the service tells the one that is listened to with its model
    if (meter !== undefined && meter.model !== null) this.#meter = meter;
    this.#tell('state', this.#meter);
  }

  read(power: Power): void {
    this.#tell('readings', power);
  }

  /** Looks at another meter. */
  watch(meter: MeterState): void {
    this.#meter = meter;
    this.notation = this.#notationOf(meter.zone);
    this.#tell('meter', meter);
  }

  /** @param from who marks: what it marked before goes */
  mark(from: string, marks: readonly Mark[]): void {
    this.#marks.set(from, marks);
    this.#tell('marks', [...this.#marks.values()].flat());
  }

  /** Shows this stretch of power, wherever on the page the reader is. */
  look(from: number, to: number): void {
    this.#tell('look', { from, to });
  }

  #tell<T extends keyof Topics>(topic: T, value: Topics[T]): void {
    for (const listener of this.#listeners[topic]) listener(value);
  }
}
