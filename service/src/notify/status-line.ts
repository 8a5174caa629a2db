import { kilowatts, scoreNow } from '@lefton/core';
import type { Meter, Meters } from '../meters/meters.ts';
import type { Clock } from '../ports.ts';

/** Meters told in one go; a home has a few. */
const MOST_METERS = 5;

/** Says now and then how each meter stands, so that silence on the terminal can be told from a fault. */
export class StatusLine {
  readonly #meters: Meters;
  readonly #clock: Clock;
  readonly #everyMs: number;
  readonly #write: (line: string) => void;
  #next = -Infinity;

  /** @param everyMs on the given clock, which may be a replay's */
  constructor(meters: Meters, clock: Clock, everyMs: number, write: (line: string) => void) {
    this.#meters = meters;
    this.#clock = clock;
    this.#everyMs = everyMs;
    this.#write = write;
  }

  tick(): void {
    const now = this.#clock.now();
    if (now < this.#next || this.#meters.size === 0) return;
    this.#next = (Math.floor(now / this.#everyMs) + 1) * this.#everyMs;
    let told = 0;
    for (const meter of this.#meters.all) {
      if (told++ >= MOST_METERS) return;
      this.#write(`${lineOf(meter, now)}\n`);
    }
  }
}

function lineOf({ name, model, state }: Meter, now: number): string {
  const at = model.compiled.zone.format(now).slice(0, 16).replace('T', ' ');
  const score = scoreNow(model.compiled, state);
  if (!score.known) return `${at}  ${name}: score unknown, ${score.why}`;
  const usual = score.usualWatts === null ? '' : `, usually ${kilowatts(score.usualWatts)}`;
  return `${at}  ${name}: ${kilowatts(score.watts)}${usual}, score ${score.score.toFixed(2)}`;
}
