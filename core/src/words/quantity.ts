/** A power or an energy as people say it: whole units below 100, else thousands to one decimal. */
export interface Quantity {
  readonly negative: boolean;
  /** In thousands: kilowatts, kilowatt-hours. */
  readonly kilo: boolean;
  readonly whole: number;
  /** 0..9; always 0 below 100 units. */
  readonly tenths: number;
}

/** @param value in watts or watt-hours, |value| < 1e9 */
export function quantityOf(value: number): Quantity {
  const size = Math.abs(value);
  if (size < 100) return { negative: value <= -0.5, kilo: false, whole: Math.round(size), tenths: 0 };
  const [whole, tenths] = (size / 1000).toFixed(1).split('.');
  return { negative: value < 0, kilo: true, whole: Number(whole), tenths: Number(tenths) };
}

/** `2.1 kW`, `60 W`, `-1.5 kW`. @param unit `W` or `Wh`, @param point between whole and tenths */
export function written({ negative, kilo, whole, tenths }: Quantity, unit: string, point: string): string {
  const size = kilo ? `${whole}${point}${tenths} k` : `${whole} `;
  return `${negative ? '-' : ''}${size}${unit}`;
}

/** True for exactly one unit: one watt, one kilowatt. */
export const isOne = ({ whole, tenths }: Quantity): boolean => whole === 1 && tenths === 0;
