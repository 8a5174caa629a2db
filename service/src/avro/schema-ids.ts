import { LeftOnError } from '@lefton/core';
import { DEMO, schemaOf } from './schema-file.ts';
import type { SchemaFile } from './schema-file.ts';

/** What a schema id stands for: a schema as JSON text, or why there is none. */
export type IdMeaning =
  { readonly known: true; readonly schema: string } | { readonly known: false; readonly why: string };

/** Tells what schema an id stands for. */
export interface SchemaIds {
  /** What an id stands for; undefined when that has to be learnt first. Asked for each record, so it never waits. */
  known(id: number): IdMeaning | undefined;
  /**
   * Finds out what an id stands for. After it `known` answers, also for an id that stands for nothing.
   * @throws LeftOnError `registry_away` (transient) when nobody can be asked now; `registry_refused` (fatal)
   */
  learn(id: number): Promise<void>;
  /**
   * The id that values of this schema are written under.
   * @throws LeftOnError as `learn`
   */
  writer(schema: string): Promise<number>;
}

/** Ids where there is no registry: in every database and log, so a number keeps its meaning for ever. */
const EMBEDDED: readonly (readonly [number, SchemaFile])[] = [
  [1, 'reading.v1'],
  [2, 'reading.v2'],
  [3, DEMO],
];

/** The id of the newest version there. */
export const EMBEDDED_WRITER = 2;

/** A fixed list of ids, for a transport without a registry. */
export class EmbeddedSchemaIds implements SchemaIds {
  readonly #meanings = new Map<number, IdMeaning>(
    EMBEDDED.map(([id, file]) => [id, { known: true, schema: schemaOf(file) }]),
  );
  readonly #other: IdMeaning = { known: false, why: `known are 1 to ${EMBEDDED.length}` };

  known(id: number): IdMeaning {
    return this.#meanings.get(id) ?? this.#other;
  }

  learn(): Promise<void> {
    return Promise.resolve();
  }

  writer(schema: string): Promise<number> {
    for (const [id, meaning] of this.#meanings)
      if (meaning.known && meaning.schema === schema) return Promise.resolve(id);
    const fault = { code: 'unknown_schema', place: 'embedded schemas', faultClass: 'fatal' } as const;
    return Promise.reject(new LeftOnError({ ...fault, expected: 'one of them', found: schema.slice(0, 80) }));
  }
}
