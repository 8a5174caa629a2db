import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway } from './gateway.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'sql', 'flink');
/** Tables on topics that are read; the others are written. */
const READ = ['raw_power', 'meter_zone', 'power_model'];
const WRITTEN = ['power_score', 'power_above', 'power_run'];

/** Where the topics are, and how far they are read. */
export interface Place {
  /** host:port, several by comma */
  readonly brokers: string;
  readonly registry: string;
  /** In front of the names of the topics. */
  readonly prefix: string;
  /** Ends where the topics end now; else it goes on until the gateway stops. */
  readonly once: boolean;
}

/** Runs sql/flink as it stands; only the places that its tables name are replaced. Resolves when it is under way, or has ended. */
export async function detect(gateway: Gateway, place: Place): Promise<void> {
  const session = await gateway.session();
  await session.run(`SET 'table.dml-sync' = '${String(place.once)}'`);
  for (const file of readdirSync(FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort()) {
    // a job comes after all tables, and these are moved before
    if (file.startsWith('3'))
      for (const table of [...READ, ...WRITTEN]) await session.run(moved(table, place));
    for (const statement of statementsOf(readFileSync(join(FOLDER, file), 'utf8')))
      await session.run(statement);
  }
}

/** Statements of a file: each ends with a semicolon and a blank line. */
export const statementsOf = (text: string): string[] =>
  text
    .split(/;\n(?:\n|$)/)
    .map((part) => part.replace(/^--.*\n/gm, '').trim())
    .filter((part) => part !== '');

function moved(table: string, { brokers, registry, prefix, once }: Place): string {
  const read = READ.includes(table);
  const options = {
    topic: `${prefix}${table}`,
    'properties.bootstrap.servers': brokers,
    ...(read ? { 'value.avro-confluent.url': registry } : {}),
    ...(read && once ? { 'scan.bounded.mode': 'latest-offset' } : {}),
  };
  const pairs = Object.entries(options).map(([key, value]) => `'${key}' = '${value}'`);
  return `ALTER TABLE ${table} SET (${pairs.join(', ')})`;
}
