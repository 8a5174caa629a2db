const NEWLINE = 10;
const RETURN = 13;
/** No line of ours comes near this; a file without line ends must not fill the memory. */
export const LONGEST_LINE = 64 * 1024;

/** Whole lines at the start of a buffer, without their ends, and how many bytes they took. */
export function wholeLines(bytes: Buffer): { readonly lines: Buffer[]; readonly taken: number } {
  const lines: Buffer[] = [];
  let taken = 0;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, taken);
    if (end < 0) return { lines, taken };
    const last = end > taken && bytes[end - 1] === RETURN ? end - 1 : end;
    lines.push(bytes.subarray(taken, last));
    taken = end + 1;
  }
}

/** Cuts a stream of bytes into batches of lines; the last line needs no line end, and one too long is cut. */
export async function* lineBatches(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    const { lines, taken } = wholeLines(bytes);
    rest = bytes.subarray(taken);
    if (rest.length > LONGEST_LINE) {
      lines.push(rest);
      rest = Buffer.alloc(0);
    }
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}
