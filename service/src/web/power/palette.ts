/** A colour of the style sheet, as it is now: day or night. @param name such as `range` */
export const colour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

/** Calls when day turns to night on the reader's screen, and back. */
export function onScheme(changed: () => void): void {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', changed);
}
