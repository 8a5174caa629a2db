import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Gateway, Session } from './gateway.ts';

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

/** A session with the tables and views of sql/flink; only the places that the tables name are replaced. */
export async function prepare(gateway: Gateway, place: Place): Promise<Session> {
  const session = await gateway.session();
  // a statement that writes is over when its job is
  await session.run("SET 'table.dml-sync' = 'true'");
  await runFile(session, '1-tables.sql');
  for (const table of [...READ, ...WRITTEN]) await session.run(moved(table, place));
  await runFile(session, '2-score.sql');
  return session;
}

/** Scores what comes. Resolves when all is read, where it ends; rejects when Flink gives up. */
export const detect = (session: Session): Promise<void> => runFile(session, '3-detect.sql');

async function runFile(session: Session, name: string): Promise<void> {
  for (const statement of statementsOf(readFileSync(join(FOLDER, name), 'utf8')))
    await session.run(statement);
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
