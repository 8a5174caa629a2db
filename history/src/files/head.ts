import { parse } from 'csv-parse/sync';

/** Bytes looked at to find out what a file is. */
export const HEAD_BYTES = 65_536;
/** Lines looked at; the longest known preamble has 10. */
const HEAD_LINES = 60;
/** In the order of trust: a comma may also be a decimal mark, a semicolon never. */
const SEPARATORS = ['\t', ';', ',', '|'] as const;

/** One of the first lines of a file, its cells trimmed. */
export interface HeadLine {
  readonly separator: string;
  readonly cells: readonly string[];
}

/** The beginning of a file. */
export interface Head {
  readonly text: string;
  readonly lines: readonly HeadLine[];
}

/** @param bytes the first bytes of a file in UTF-8. @param whole whether they are all it has. */
export function readHead(bytes: Uint8Array, whole: boolean): Head {
  const text = new TextDecoder().decode(bytes);
  const lines = text.split(/\r\n|\n|\r/, HEAD_LINES + 1);
  // the last line may be cut
  if (!whole && lines.length > 1) lines.pop();
  return { text, lines: lines.slice(0, HEAD_LINES).map(headLine) };
}

function headLine(line: string): HeadLine {
  const bare = line.replace(/"[^"]*"/g, '');
  const separator = SEPARATORS.find((mark) => bare.includes(mark)) ?? ',';
  return { separator, cells: cellsOf(line, separator).map((cell) => cell.trim()) };
}

function cellsOf(line: string, separator: string): readonly string[] {
  try {
    const rows = parse(line, { delimiter: separator, relax_quotes: true, relax_column_count: true });
    return rows[0] ?? [];
  } catch {
    return line.split(separator);
  }
}
