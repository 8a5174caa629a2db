import type { Instant } from '@lefton/core';
import type { Histogram } from '../telemetry/metric.ts';

/** Readings by verdict, or by why there is none. Most are like the one before, and cost an addition. */
export class Counts {
  readonly #counts = new Map<string, number>();
  #last = 'ok';
  #run = 0;

  add(verdict: string): void {
    if (verdict !== this.#last) this.#flush(verdict);
    this.#run++;
  }

  all(): ReadonlyMap<string, number> {
    this.#flush(this.#last);
    return this.#counts;
  }

  #flush(next: string): void {
    if (this.#run > 0) this.#counts.set(this.#last, (this.#counts.get(this.#last) ?? 0) + this.#run);
    this.#last = next;
    this.#run = 0;
  }
}

/** When records came, and how many at once: runs of the same instant, as most of a batch are. */
export class Arrivals {
  readonly #at: Instant[] = [];
  readonly #times: number[] = [];

  add(at: Instant): void {
    const last = this.#at.length - 1;
    if (last >= 0 && this.#at[last] === at) this.#times[last] = (this.#times[last] ?? 0) + 1;
    else {
      this.#at.push(at);
      this.#times.push(1);
    }
  }

  tell(latency: Histogram, now: Instant): void {
    for (const [i, at] of this.#at.entries()) latency.observe(Math.max(0, now - at) / 1_000, this.#times[i]);
  }
}
