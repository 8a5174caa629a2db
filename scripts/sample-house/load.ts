/** Watts drawn in each minute of the simulated time, to which appliances add theirs. */
export class Load {
  readonly watts: Float64Array;

  constructor(minutes: number) {
    this.watts = new Float64Array(minutes);
  }

  /** Adds a constant draw. from and minutes may have fractions; what lies outside the time is lost. */
  add(from: number, minutes: number, watts: number): void {
    const to = Math.min(from + minutes, this.watts.length);
    for (let minute = Math.max(0, Math.floor(from)); minute < to; minute++) {
      const share = Math.min(minute + 1, to) - Math.max(minute, from);
      this.watts[minute] = (this.watts[minute] ?? 0) + watts * share;
    }
  }

  /** Adds a chain of [minutes, watts] and returns when it ends. */
  chain(from: number, phases: readonly (readonly [number, number])[]): number {
    let at = from;
    for (const [minutes, watts] of phases) {
      this.add(at, minutes, watts);
      at += minutes;
    }
    return at;
  }
}
