/**
 * How likely it is, 0..1, that at least `losses` of the pairs that differ go against one of two that are equally good: the
 * sign test, one-sided. Pairs in which both do the same say nothing and are not counted.
 */
export function signTest(losses: number, wins: number): number {
  const pairs = losses + wins;
  let [ways, tail] = [1, 0];
  // from the last summand to the first, so that small ones are not lost
  for (let i = pairs; i >= losses; i--) {
    tail += ways;
    ways = (ways * i) / (pairs - i + 1);
  }
  return Math.min(1, tail / 2 ** pairs);
}
