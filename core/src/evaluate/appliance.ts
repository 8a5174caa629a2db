/** An appliance that people leave on. duty: share of each period that it draws; periodMin 0 = all the time. */
export interface Appliance {
  readonly name: string;
  readonly watts: number;
  readonly duty: number;
  readonly periodMin: number;
  /** Shortest and longest time left on. */
  readonly hours: readonly [number, number];
}

/** Source: shared/detector.md, the protocol; the order is that of shared/bench/left_on_bench.py. */
export const APPLIANCES: readonly Appliance[] = [
  { name: 'fan heater', watts: 2000, duty: 1, periodMin: 0, hours: [2, 9] },
  { name: 'oil radiator', watts: 1500, duty: 0.6, periodMin: 20, hours: [3, 10] },
  { name: 'oven', watts: 2200, duty: 0.4, periodMin: 12, hours: [2, 8] },
  { name: 'iron', watts: 1200, duty: 0.3, periodMin: 4, hours: [2, 8] },
  { name: 'immersion heater', watts: 3000, duty: 1, periodMin: 0, hours: [2, 6] },
  { name: 'towel rail', watts: 500, duty: 1, periodMin: 0, hours: [6, 14] },
  { name: 'hob ring', watts: 900, duty: 0.5, periodMin: 2, hours: [1, 6] },
];

/** Watts drawn so many minutes after it was left on; its mean where the step is longer than the period. */
export function drawn({ watts, duty, periodMin }: Appliance, minute: number, stepMin: number): number {
  if (periodMin === 0) return watts;
  if (stepMin > periodMin) return watts * duty;
  return minute % periodMin < duty * periodMin ? watts : 0;
}
