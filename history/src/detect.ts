import { LeftOnError } from '@lefton/core';
import { Columns } from './table/columns.ts';
import { formatNames } from './format-names.ts';
import type { TableFormat } from './format.ts';
import { ameren } from './formats/ameren.ts';
import { canonical } from './formats/canonical.ts';
import { dsmrReader } from './formats/dsmr-reader.ts';
import { emoncms } from './formats/emoncms.ts';
import { emporia } from './formats/emporia.ts';
import { enel } from './formats/enel.ts';
import { engie } from './formats/engie.ts';
import { enphase } from './formats/enphase.ts';
import { fluvius } from './formats/fluvius.ts';
import { GREEN_BUTTON } from './formats/green-button.ts';
import { homeAssistantEnergy } from './formats/home-assistant-energy.ts';
import { homeAssistantStatistics } from './formats/home-assistant-statistics.ts';
import { homeAssistant } from './formats/home-assistant.ts';
import { homewizard } from './formats/homewizard.ts';
import { n3rgy } from './formats/n3rgy.ts';
import { nem12 } from './formats/nem12.ts';
import { octopus } from './formats/octopus.ts';
import { sense } from './formats/sense.ts';
import { shelly } from './formats/shelly.ts';
import { uci } from './formats/uci.ts';
import { zappi } from './formats/zappi.ts';
import type { Head } from './files/head.ts';
import type { ImportOptions } from './options.ts';
import { quote } from './quote.ts';

export const TABLES: readonly TableFormat[] = [
  canonical,
  uci,
  homeAssistant,
  homeAssistantEnergy,
  homeAssistantStatistics,
  emporia,
  sense,
  shelly,
  homewizard,
  dsmrReader,
  engie,
  fluvius,
  enel,
  nem12,
  enphase,
  zappi,
  n3rgy,
  octopus,
  emoncms,
  ameren,
];

/** A table found in a file. */
export interface FoundTable {
  readonly format: TableFormat;
  readonly columns: Columns;
  readonly separator: string;
  /** Line that names the columns, counted from 1; 0 when the first row is data. */
  readonly headingLine: number;
}

/**
 * Finds out what a file is: a table, or undefined for Green Button XML.
 * @throws LeftOnError `unknown_format` when nothing fits, or nothing of the format that was asked for.
 */
export function detect(head: Head, { place, format: wanted }: ImportOptions): FoundTable | undefined {
  if (wanted !== undefined && !formatNames.some((name) => name === wanted)) {
    throw unknown(place, `one of the formats ${formatNames.join(', ')}`, quote(wanted));
  }
  const xml = /^\uFEFF?\s*</.test(head.text);
  if (wanted === GREEN_BUTTON.name || (wanted === undefined && xml)) {
    if (xml && /IntervalBlock|IntervalReading|naesb\.org\/espi/.test(head.text)) return undefined;
    throw unknown(place, 'a Green Button feed', quote(head.text.slice(0, 80).trim()));
  }
  let best: FoundTable | undefined;
  let bestScore = 0;
  const firstRow = head.lines.findIndex(({ cells }) => cells.some((cell) => cell !== ''));
  head.lines.forEach(({ cells, separator }, i) => {
    const columns = new Columns(cells);
    for (const format of TABLES) {
      if (wanted !== undefined && format.name !== wanted) continue;
      // under a heading that nobody knows, two columns of numbers could be anything
      if (wanted === undefined && format.headless === true && i !== firstRow) continue;
      const score = format.recognise(columns);
      if (score <= bestScore) continue;
      bestScore = score;
      best = { format, columns, separator, headingLine: format.headless === true ? 0 : i + 1 };
    }
  });
  if (best !== undefined) return best;
  const expected =
    wanted === undefined
      ? `one of the formats ${formatNames.join(', ')}, or a table of your own headed at,watts`
      : `a file of the format ${wanted}`;
  throw unknown(place, expected, `a file whose first line is ${quote(head.lines[0]?.cells.join(' ') ?? '')}`);
}

const unknown = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'unknown_format', place, expected, found });
