/** Meters that a log names for one reason; of more, counters tell. */
const MOST = 20;

/** Whose meters have been named already: each is said once, and of many not all. */
export class NamedOnce {
  readonly #named = new Set<string>();

  /** True where it is to be said now. */
  isNew(meter: string): boolean {
    if (this.#named.has(meter) || this.#named.size >= MOST) return false;
    this.#named.add(meter);
    return true;
  }
}
