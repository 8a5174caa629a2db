import type { Instant } from './time.ts';
import type { Watts, WattHours } from './units.ts';

/** One timestamped active power of one meter. */
export interface Reading {
  /** Meter id; the key of every topic. */
  readonly meter: string;
  /** Stamped at capture. */
  readonly at: Instant;
  /** Signed: import positive. */
  readonly watts: Watts;
  /** The meter's cumulative import register, where it has one. */
  readonly energyWh: WattHours | null;
  /** Where the reading came from, for people who look for a fault. */
  readonly source: string;
  /**
   * The local hour as told by who sent it, 0..23; only the original demo's records have one, and only the min-max table
   * heeds it.
   */
  readonly hour?: number;
}
