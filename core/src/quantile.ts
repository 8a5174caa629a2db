/** Value below which a share q (0..1) of the values lies, linear between two of them; sorted ascending, NaN of none. */
export function quantile(sorted: Float64Array, q: number): number {
  const place = q * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  return low + ((sorted[below + 1] ?? low) - low) * (place - below);
}
