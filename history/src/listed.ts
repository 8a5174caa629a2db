/** Names shown to people at most. */
export const SHOWN_NAMES = 20;

/** Several names for a person, but not hundreds: `a.csv, b.csv and 7 more` */
export function listed(names: readonly string[], most = SHOWN_NAMES): string {
  const shown = names.slice(0, most);
  const more = names.length - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
