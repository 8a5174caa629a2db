declare const unit: unique symbol;

/** Active power in watts; positive is import from the grid, negative is export. */
export type Watts = number & { readonly [unit]: 'W' };
/** Energy in watt-hours. */
export type WattHours = number & { readonly [unit]: 'Wh' };

/** Marks a number as watts. The caller has already converted to watts. */
export const watts = (value: number): Watts => value as Watts;
/** Marks a number as watt-hours. The caller has already converted to watt-hours. */
export const wattHours = (value: number): WattHours => value as WattHours;

/** Energy of a constant power over a time in milliseconds. */
export const energyOver = (power: Watts, ms: number): WattHours => wattHours((power * ms) / 3_600_000);
/** Mean power of an energy over a time in milliseconds, ms > 0. */
export const meanPower = (energy: WattHours, ms: number): Watts => watts((energy * 3_600_000) / ms);
