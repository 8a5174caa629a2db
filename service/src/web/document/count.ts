/** A number, as it is written, with what is counted: `1 day`, `12 days`. */
export const counted = (number: string, one: string, many: string): string =>
  `${number} ${number === '1' ? one : many}`;
