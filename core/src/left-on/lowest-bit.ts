/** Number of the lowest bit of these that is set; bits are not 0. */
export const lowestBit = (bits: number): number => 31 - Math.clz32(bits & -bits);
