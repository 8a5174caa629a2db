import { DAY } from '@lefton/core';
import type { Settings } from '../settings/settings.ts';
import type { Stretch } from '../topics/kafka/admin/stretch.ts';

/** What there is of a meter, or was. */
export interface Found {
  readonly rows: Readonly<Record<string, number>>;
  readonly spooled: number;
  /** Rows in the store of a fleet's models. */
  readonly stored: number;
  readonly files: readonly string[];
  readonly anybodys: readonly string[];
  readonly kafka: readonly Stretch[];
  /** What was named and is not there, so that nothing was looked at in it. */
  readonly missing: readonly string[];
}

export const placeOf = ({ topic, partition }: Stretch): string => `${topic} partition ${partition}`;
export const othersOf = ({ others }: Stretch): string =>
  `${others.records} records of ${others.meters} other meters`;

/** The lines for people. */
export function told(settings: Settings, found: Found, done: boolean, purge: boolean): string[] {
  const { rows, spooled, stored, files, anybodys, kafka, missing } = found;
  const lines = [
    ...Object.entries(rows).map(([table, count]) => `${settings.db}: ${count} rows of ${table}`),
    ...(spooled > 0 ? [`${settings.spool ?? ''}: ${spooled} readings that wait`] : []),
    ...(stored > 0 ? [`${settings.model_store ?? ''}: ${stored} rows of its models`] : []),
    ...files,
    ...kafka.map((stretch) => kafkaLine(stretch, purge)),
  ];
  return [
    ...lines,
    ...anybodys.map(
      (file) => `${file} is a model for any meter and stays: delete it if it learned from this one.`,
    ),
    ...missing.map((path) => `${path} is not there: nothing was looked at in it.`),
    lines.length === 0
      ? 'Nothing is kept of this meter here.'
      : done
        ? `Deleted.${purge || kafka.length === 0 ? '' : ' What Kafka keeps by time stays until then, or until --purge.'}`
        : 'Nothing was deleted; add --yes to do it.',
  ];
}

function kafkaLine(stretch: Stretch, purge: boolean): string {
  const { records, retentionMs } = stretch;
  if (purge)
    return `${placeOf(stretch)}: ${records} records of the meter, and with them ${othersOf(stretch)}`;
  const kept = retentionMs === null ? 'for good' : `${Math.round((retentionMs / DAY) * 10) / 10} days`;
  return `${placeOf(stretch)}: kept ${kept} by Kafka`;
}
