const LONGEST = 100;

/** A short, printable form of a text from a file. */
export function quote(text: string): string {
  return JSON.stringify(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
