import { readFileSync } from 'node:fs';

/** Every version of lefton.Reading, oldest first. A file never changes once records are written with it. */
export const READING_VERSIONS = ['reading.v1', 'reading.v2'] as const;
/** The version that is written, and that every record is read as. */
export const NEWEST = 'reading.v2';
/** The record of the original demo. */
export const DEMO = 'demo';

/** The rows of a model that is published. */
export const RANGE = 'expected-range.v1';
export const ZONE = 'meter-zone.v1';

/** A schema file beside this one, without `.avsc`. */
export type SchemaFile = (typeof READING_VERSIONS)[number] | typeof DEMO | typeof RANGE | typeof ZONE;

/** Its JSON in one line, the same however the file is laid out. */
export const schemaOf = (file: SchemaFile): string =>
  JSON.stringify(JSON.parse(readFileSync(new URL(`./${file}.avsc`, import.meta.url), 'utf8')));
