/** A number with what is counted: `1 gap`, `2 gaps`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;
