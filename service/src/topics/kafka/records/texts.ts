/** A power of two: one text in each place. */
const PLACES = 8_192;
const LONGEST = 64;
/** FNV-1a. */
const [BASIS, PRIME] = [0x811c9dc5, 0x01000193];
const NOT_ASCII = 0x80;

/** Texts that come again and again, such as names of meters: each is made once and not for each record. */
export class Texts {
  readonly #texts: string[] = new Array<string>(PLACES).fill('');

  /** The text of these bytes of UTF-8. */
  of(bytes: Buffer, start: number, end: number): string {
    if (end - start > LONGEST) return bytes.toString('utf8', start, end);
    let [hash, seen] = [BASIS, 0];
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      hash = Math.imul(hash ^ byte, PRIME);
      seen |= byte;
    }
    if (seen >= NOT_ASCII) return bytes.toString('utf8', start, end);
    const place = (hash ^ (hash >>> 16)) & (PLACES - 1);
    const known = this.#texts[place] ?? '';
    if (isText(known, bytes, start, end)) return known;
    return (this.#texts[place] = bytes.toString('latin1', start, end));
  }
}

/** Whether these bytes are a text of ASCII. */
function isText(text: string, bytes: Buffer, start: number, end: number): boolean {
  if (text.length !== end - start) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false;
  return true;
}
