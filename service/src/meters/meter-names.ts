/** What people call their meters, by id. */
export type MeterNames = Readonly<Record<string, string>>;

/** The name that a meter was given; a meter may be called as what every object has: constructor. */
export const nameIn = (names: MeterNames, meter: string): string | undefined =>
  Object.hasOwn(names, meter) ? names[meter] : undefined;
