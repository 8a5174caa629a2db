import { formatUtc } from '@lefton/core';
import { Choice } from '../table/choice.ts';
import type { TableFormat } from '../format.ts';
import type { ImportedHistory } from '../report.ts';
import { TimeColumn } from '../times/time-column.ts';

/** LeftOn's own table `at,watts[,meter]`: at an ISO instant with an offset or Z, watts import positive. */
export const canonical: TableFormat = {
  name: 'canonical',
  labels: 'start',
  recognise: (columns) => (columns.has('at', 'watts') ? 1 : 0),
  open: (table) => {
    const { columns, intake } = table;
    const [at, watts, meter] = [columns.index('at'), columns.index('watts'), columns.index('meter')];
    const time = new TimeColumn(table, at, {});
    intake.unit = 'W';
    const kind = { quantity: 'power', clock: time.clock, scale: 1, direction: 'import' } as const;
    const track = intake.track('watts', kind);
    const choice = new Choice(intake, 'meter');
    return {
      row: (cells, line) => {
        const instant = time.read(cells[at] ?? '', line);
        if (Number.isNaN(instant) || (meter >= 0 && !choice.accepts(cells[meter] ?? '', line))) return;
        track.add(instant, intake.number(cells[watts], line), line);
      },
      end: () => {
        if (meter < 0) return;
        choice.end();
        intake.meter = choice.names[0];
      },
    };
  },
};

/** So few that their text is gone with the next small collection of garbage. */
const CHUNK_ROWS = 256;

/** Writes a history as canonical CSV, chunks of text: instants in UTC, watts rounded to a milliwatt. */
export function* writeCanonical({
  at,
  watts,
}: Pick<ImportedHistory, 'at' | 'watts'>): Generator<string, void> {
  let text = 'at,watts\n';
  for (let i = 0; i < at.length; i++) {
    text += `${formatUtc(at[i] ?? NaN)},${decimal(watts[i] ?? NaN)}\n`;
    if (i % CHUNK_ROWS !== CHUNK_ROWS - 1) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}

/** At most three decimals and never an exponent. */
function decimal(value: number): string {
  // a number this large has no fraction, and toFixed would give it an exponent
  if (Math.abs(value) >= 1e15) return BigInt(Math.round(value)).toString();
  return String(Math.round(value * 1_000) / 1_000);
}
