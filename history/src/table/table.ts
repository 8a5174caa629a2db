import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { parse } from 'csv-parse';
import { LineGuard, OVERLONG } from '../files/line-guard.ts';

/** Receives the rows of a table, with the line each stands on, counted from 1. */
export interface RowTaker {
  row(cells: readonly string[], line: number): void;
  /** Instead of a row that is too long to be one. */
  overlong(line: number): void;
}

/**
 * Reads the rows of a table in UTF-8, a chunk at a time; a separator stands between its cells, some of which may be
 * enclosed in double quotes. An error of the taker ends the reading.
 */
export async function readTable(
  chunks: AsyncIterable<Uint8Array>,
  separator: string,
  taker: RowTaker,
): Promise<void> {
  const guard = new LineGuard(separator);
  const parser = parse({
    bom: true,
    delimiter: separator,
    quote: '"',
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: ['\r\n', '\n', '\r'],
    // rows are taken here one by one, none goes through the stream
    on_record: (cells: string[], { lines }) => {
      if (cells[0] === OVERLONG) taker.overlong(lines);
      else taker.row(cells, lines);
      return null;
    },
  });
  parser.resume();
  const done = finished(parser);
  // awaited below; a failure in between must not count as unhandled
  done.catch(() => undefined);
  try {
    for await (const chunk of chunks) {
      const lines = guard.push(chunk);
      if (lines.length > 0 && !parser.write(lines)) await Promise.race([once(parser, 'drain'), done]);
    }
    parser.end(guard.end());
    await done;
  } finally {
    parser.destroy();
  }
}
