/** Of columns some of which tell the energy of others again: the first that is the whole, else all, its parts. */
export function wholeOrParts<T>(all: readonly T[], isWhole: (one: T) => boolean): readonly T[] {
  const whole = all.find(isWhole);
  return whole === undefined ? all : [whole];
}
