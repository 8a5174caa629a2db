import { LeftOnError } from '@lefton/core';
import { peek, slices } from './files/chunks.ts';
import { Columns } from './table/columns.ts';
import { MarkFinder } from './numbers/decimal-mark.ts';
import { detect } from './detect.ts';
import type { FoundTable } from './detect.ts';
import { GREEN_BUTTON, readGreenButton } from './formats/green-button.ts';
import { readHead } from './files/head.ts';
import type { Head } from './files/head.ts';
import { Heading } from './table/heading.ts';
import { Intake } from './intake.ts';
import { MAX_LINE_BYTES } from './files/line-guard.ts';
import type { ImportOptions } from './options.ts';
import { quote } from './quote.ts';
import type { ImportedHistory } from './report.ts';
import { readTable } from './table/table.ts';

/** Rows shown to a format before it reads, to settle what the file leaves open. */
const SAMPLE_ROWS = 40;

/**
 * Imports an export of electricity history: detects the format, reads it as a stream, and gives mean powers labelled
 * at the start of their intervals (W, import positive), with a report of what was read, dropped and assumed.
 * A bad row is rejected with its line and never loses the others.
 * @param chunks the bytes of the file, not compressed; see openHistoryFile.
 * @throws LeftOnError `unknown_format`; `zone_needed`, `unit_needed`, `date_order_needed`, `meter_choice_needed` or `entity_choice_needed` with
 * the option to pass; `unknown_zone`; `bad_file`.
 */
export async function importHistory(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  options: ImportOptions,
): Promise<ImportedHistory> {
  const source = slices(chunks, (bytesRead) => options.onProgress?.(bytesRead));
  try {
    return await importSource(source, options);
  } finally {
    // a refused file is closed too
    await source.return();
  }
}

async function importSource(
  source: AsyncGenerator<Uint8Array, void>,
  options: ImportOptions,
): Promise<ImportedHistory> {
  const file = await peek(source);
  if (file.head.length === 0) {
    throw new LeftOnError({
      code: 'unknown_format',
      place: options.place,
      expected: 'a table',
      found: 'no bytes',
    });
  }
  const head = readHead(file.head, file.whole);
  const found = detect(head, options);
  if (found !== undefined) return await importTable(file.chunks, head, found, options);
  const intake = new Intake(options, GREEN_BUTTON);
  await readGreenButton(file.chunks, intake);
  return intake.finish();
}

async function importTable(
  chunks: AsyncIterable<Uint8Array>,
  head: Head,
  { format, columns, separator, headingLine }: FoundTable,
  options: ImportOptions,
): Promise<ImportedHistory> {
  const following = head.lines.slice(headingLine, headingLine + SAMPLE_ROWS).map(({ cells }) => cells);
  const sample = following.filter((cells) => cells.some((cell) => cell !== ''));
  const intake = new Intake(options, format, new MarkFinder(separator, sample));
  let reader = format.open({ columns, line: headingLine, sample, intake });
  const readers = [reader];
  let heading = new Heading(format, columns, separator);
  await readTable(chunks, separator, {
    row: (cells, line) => {
      if (line <= headingLine) return;
      const kind = heading.kindOf(cells);
      if (kind === 'again') return;
      if (kind === 'other') {
        if (format.joins !== true) throw appended(intake, cells, line);
        const next = new Columns(cells);
        reader = format.open({ columns: next, line, sample, intake });
        readers.push(reader);
        heading = new Heading(format, next, separator);
        return;
      }
      intake.rows += 1;
      const misfit = heading.misfit(cells);
      if (misfit === undefined) reader.row(cells, line);
      else intake.reject(line, misfit);
    },
    overlong: (line) => {
      if (line <= headingLine) return;
      intake.rows += 1;
      intake.reject(line, `the line is longer than ${MAX_LINE_BYTES} bytes`);
    },
  });
  for (const one of readers) one.end?.();
  return intake.finish();
}

/** What stands below other names would be read as something else than it is. */
function appended(intake: Intake, cells: readonly string[], line: number): LeftOnError {
  const hint = 'one table: import each export on its own, and append the tables at,watts that come of them';
  return intake.fault('bad_file', hint, `other columns from line ${line} on: ${quote(cells.join())}`);
}
