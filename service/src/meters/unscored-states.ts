import type { MeterRow } from '../ports.ts';

/** Saved states of meters that have no model now, and of those whose model is not read yet. */
export class UnscoredStates {
  readonly #rows = new Map<string, MeterRow>();
  /** Names whose model was not asked for yet. */
  readonly #unsettled = new Set<string>();

  of(meter: string): MeterRow | undefined {
    return this.#rows.get(meter);
  }

  /** @param settled its model was asked for, and there is none */
  keep(row: MeterRow, settled: boolean): void {
    this.#rows.set(row.meter, row);
    if (!settled) this.#unsettled.add(row.meter);
  }

  delete(meter: string): void {
    this.#rows.delete(meter);
    this.#unsettled.delete(meter);
  }

  clear(): void {
    this.#rows.clear();
    this.#unsettled.clear();
  }

  /** Some of those whose model was not asked for yet; from now on it was. */
  settle(most: number): MeterRow[] {
    const rows: MeterRow[] = [];
    for (const name of this.#unsettled) {
      if (rows.length === most) break;
      this.#unsettled.delete(name);
      const row = this.#rows.get(name);
      if (row !== undefined) rows.push(row);
    }
    return rows;
  }
}
