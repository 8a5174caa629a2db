import { Choice } from '../table/choice.ts';
import { directionOf } from '../power/direction.ts';
import type { RowReader, Table } from '../format.ts';
import { readMeterColumns } from '../table/meter-columns.ts';
import type { MeterColumns } from '../table/meter-columns.ts';
import { quote } from '../quote.ts';

/** In the name of a file or its folder: em1:0, em1-0, em1data_0, em1data/0. */
const CHANNEL = /em1(?:data)?[^a-z0-9]*([0-9])(?![0-9])/i;

/**
 * Tables of single channels, which name none (EM1Data): the names of their files do. Those that the person names are
 * added, as one may be the sun's or a part of another.
 * @throws LeftOnError `entity_choice_needed`
 */
export function readChannels(table: Table, shape: MeterColumns): RowReader {
  const { intake } = table;
  const { files, place } = intake.options;
  const names = files?.names ?? [place];
  const channels = new Set(names.map(channelOf));
  if (channels.size === 1 && (channels.has('') || intake.options.entity === undefined)) {
    intake.severalHint =
      '; channels of one home are chosen and added where their files are called em1-0.csv, em1-1.csv';
    return readMeterColumns(table, shape);
  }
  const choice = new Choice(intake, 'entity');
  const named = [...channels].filter((channel) => channel !== '');
  for (const channel of named) choice.accepts(channel, 0);
  if (intake.wantedEntities === undefined)
    throw choice.needed(
      'to know which one to read, or which ones to add, by comma',
      named.map(quote).join(', '),
    );
  choice.end();
  const several = intake.wantedEntities.length > 1;
  const readers = new Map<string, RowReader>();
  const open = (channel: string): RowReader => {
    const { imported, exported } = shape;
    const away = directionOf(intake, channel, several) === 'export';
    const turned = away ? { imported: exported, exported: imported } : {};
    const reader = readMeterColumns(table, {
      ...shape,
      ...turned,
      of: `${channel} `,
      isPhase: () => several,
    });
    readers.set(channel, reader);
    return reader;
  };
  return {
    row: (cells, line) => {
      const channel = channelOf(files?.placeOf(line).name ?? place);
      if (choice.accepts(channel, line)) (readers.get(channel) ?? open(channel)).row(cells, line);
    },
  };
}

function channelOf(name: string): string {
  const number = CHANNEL.exec(name)?.[1];
  return number === undefined ? '' : `em1:${number}`;
}
