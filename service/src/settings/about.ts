import type { z } from 'zod';

/** What people are told of a setting, beside what its schema says: in `--help` and in docs/settings.md. */
export interface About {
  /** One plain line of what it does. */
  readonly does: string;
  /** What stands for its value in `--help`: a number, JSON or text where it is not said. */
  readonly value?: string;
  /** What it takes, where the schema does not say it. */
  readonly takes?: string;
  /** Of a number. */
  readonly unit?: string;
  /** What holds where it is not set, where the schema has no value for that. */
  readonly usual?: string;
  /** Must not stand on a command line, where every user of the machine can read it, nor be told. */
  readonly secret?: true;
}

/** The settings of one part, by name. */
export type Fields = Readonly<Record<string, z.ZodType>>;

/** A field, with what people are told of it. */
export const setting = <T extends z.ZodType>(field: T, does: string, more: Omit<About, 'does'> = {}): T =>
  field.meta({ about: { does, ...more } satisfies About });

/** @throws Error for a field that nobody has described: a test holds that there is none */
export function aboutOf(field: z.ZodType): About {
  const about = field.meta()?.about;
  if (about === undefined) throw new Error('expected a setting with what it does, found none');
  return about as About;
}

/** The settings of which something is told. */
const those = (fields: Fields, is: (about: About) => boolean): string[] =>
  Object.keys(fields).filter((key) => fields[key] !== undefined && is(aboutOf(fields[key])));

/** The settings that are secrets. */
export const secretsOf = (fields: Fields): string[] => those(fields, ({ secret }) => secret === true);

/** The settings that are instants, which are milliseconds once they are read. */
export const instantsOf = (fields: Fields): string[] => those(fields, ({ value }) => value === 'instant');
