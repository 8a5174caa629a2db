import { SECOND } from '@lefton/core';
import { z } from 'zod';
import { reasonOf, RegistryClient } from './registry-client.ts';
import type { RegistrySettings } from './registry-client.ts';
import type { IdMeaning, SchemaIds } from './schema-ids.ts';

/** Where the schema of the values of raw_power stands in a registry. */
const SUBJECT = 'raw_power-value';
/** An id that the registry does not know is asked for again after this long. */
const UNKNOWN_MS = 60 * SECOND;
/** Unknown ids that are remembered; noise can make four billion of them. */
const MOST_UNKNOWN = 10_000;
/** Registries count in signed 32 bits, and take a larger id for a wrong path. */
const LARGEST_ID = 0x7fff_ffff;
/** Characters of a schema. */
const LONGEST_SCHEMA = 64 * 1024;

const UNKNOWN: IdMeaning = { known: false, why: 'the registry does not know it' };
const TOO_LARGE: IdMeaning = { known: false, why: 'no registry has ids as large' };
const TOO_LONG: IdMeaning = { known: false, why: 'its schema is longer than 64 KB' };

const schemaAnswer = z.object({ schema: z.string() });
const idAnswer = z.object({ id: z.int().min(0).max(LARGEST_ID) });
/** Subject, version or schema not found: registries differ in which of them an unknown id is. */
const notFound = z.object({ error_code: z.int().min(40_401).max(40_403) });

/** Schema ids from a registry of Confluent's API, as Confluent, Redpanda, Karapace and Apicurio have it. */
export class RegistrySchemaIds implements SchemaIds {
  readonly #client: RegistryClient;
  readonly #now: () => number;
  readonly #subject: string;
  readonly #meanings = new Map<number, IdMeaning>();
  /** When the registry said that it does not know an id; oldest first. */
  readonly #unknown = new Map<number, number>();
  readonly #asking = new Map<number, Promise<void>>();

  /**
   * @param now milliseconds of a clock that nobody sets, such as performance.now
   * @throws LeftOnError `bad_registry_url` (fatal)
   */
  constructor(settings: RegistrySettings, now: () => number, subject = SUBJECT) {
    this.#client = new RegistryClient(settings);
    this.#now = now;
    this.#subject = subject;
  }

  known(id: number): IdMeaning | undefined {
    const meaning = this.#meanings.get(id);
    if (meaning !== undefined) return meaning;
    if (id > LARGEST_ID) return TOO_LARGE;
    const since = this.#unknown.get(id);
    return since !== undefined && this.#now() - since < UNKNOWN_MS ? UNKNOWN : undefined;
  }

  learn(id: number): Promise<void> {
    if (this.known(id) !== undefined) return Promise.resolve();
    const asking = this.#asking.get(id) ?? this.#ask(id).finally(() => this.#asking.delete(id));
    this.#asking.set(id, asking);
    return asking;
  }

  async writer(schema: string): Promise<number> {
    const { status, json } = await this.#client.ask(
      `subjects/${encodeURIComponent(this.#subject)}/versions`,
      { schema },
    );
    if (status === 409 || status === 422) {
      const todo = `subject ${this.#subject} to take the schema: give it another subject, or set its compatibility`;
      throw this.#client.refused(todo, `HTTP ${status}, ${reasonOf(json)}`);
    }
    const answer = idAnswer.safeParse(json);
    if (status >= 300 || !answer.success) throw this.#client.noRegistry(`HTTP ${status} without an id`);
    this.#meanings.set(answer.data.id, { known: true, schema });
    return answer.data.id;
  }

  async #ask(id: number): Promise<void> {
    const { status, json } = await this.#client.ask(`schemas/ids/${id}`);
    if (status === 404 && notFound.safeParse(json).success) {
      this.#noteUnknown(id);
      return;
    }
    const answer = schemaAnswer.safeParse(json);
    const tooLong = json === undefined || (answer.success && answer.data.schema.length > LONGEST_SCHEMA);
    if (status >= 300 || !(tooLong || answer.success))
      throw this.#client.noRegistry(`HTTP ${status} without a schema`);
    this.#meanings.set(
      id,
      answer.success && !tooLong ? { known: true, schema: answer.data.schema } : TOO_LONG,
    );
  }

  #noteUnknown(id: number): void {
    this.#unknown.delete(id);
    this.#unknown.set(id, this.#now());
    for (const oldest of this.#unknown.keys()) {
      if (this.#unknown.size <= MOST_UNKNOWN) return;
      this.#unknown.delete(oldest);
    }
  }
}
