/** Why something is not well, remembered so that it is told once for each reason, until it is well again. */
export class LastReason {
  #why = '';

  /** Whether anything was the matter since it was last well. */
  get isKnown(): boolean {
    return this.#why !== '';
  }

  /** True where it was not the last reason: it is to be told now. */
  isNew(why: string): boolean {
    const before = this.#why;
    this.#why = why;
    return why !== before;
  }

  /** All is well. */
  clear(): void {
    this.#why = '';
  }
}
