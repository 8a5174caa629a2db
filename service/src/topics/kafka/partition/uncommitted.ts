import type { Outcome } from '../../../ports.ts';

/** What tells nothing commits no more often than that; what tells something does at once, with all before it. */
const QUIET_MS = 100;

/** What was folded of a partition since its last commit, and when it is to be committed. */
export class Uncommitted {
  readonly #outcomes: Outcome[] = [];
  readonly #quietMs: number;
  #committedAt = -Infinity;
  #later: NodeJS.Timeout | undefined;

  constructor(quietMs = QUIET_MS) {
    this.#quietMs = quietMs;
  }

  get isEmpty(): boolean {
    return this.#outcomes.length === 0;
  }

  /** How long it may wait. */
  get waitMs(): number {
    return this.#outcomes.some(tells) ? 0 : this.#committedAt + this.#quietMs - performance.now();
  }

  add(...outcomes: readonly Outcome[]): void {
    this.#outcomes.push(...outcomes);
  }

  /** All of it; nothing waits any more. */
  take(): Outcome[] {
    this.hold();
    return this.#outcomes.splice(0);
  }

  committed(): void {
    this.#committedAt = performance.now();
  }

  later(commit: () => void): void {
    this.#later ??= setTimeout(() => {
      this.#later = undefined;
      commit();
    }, this.waitMs);
  }

  /** What was to be done later is not. */
  hold(): void {
    clearTimeout(this.#later);
    this.#later = undefined;
  }
}

const tells = ({ produce, forgotten = [] }: Outcome): boolean => produce.length > 0 || forgotten.length > 0;
