/** A unit of power or energy as a file states it. */
export interface StatedUnit {
  readonly name: string;
  readonly quantity: 'power' | 'energy';
  /** W or Wh per unit. */
  readonly scale: number;
}

const UNIT = /^([kKM]?)[wW]([hH]?)$/;
/** A large M is mega, a small one milli, which no meter of a home counts in. */
const PREFIXES: Readonly<Record<string, number>> = { '': 1, k: 1_000, K: 1_000, M: 1_000_000 };

/** The unit of power or energy that a text names; undefined when it names none. */
export function statedUnit(text: string): StatedUnit | undefined {
  const name = text.trim();
  const [whole, prefix = '', hours] = UNIT.exec(name) ?? [];
  const scale = PREFIXES[prefix];
  if (whole === undefined || scale === undefined) return undefined;
  return { name, quantity: hours === '' ? 'power' : 'energy', scale };
}
