import type { z } from 'zod';

/** What a body may be, by media type. */
export type Content = Readonly<Record<string, Body>>;

interface Body {
  readonly schema: z.ZodType;
  /** Requests that work, for people to copy and for tests to send. */
  readonly examples?: readonly unknown[];
}

/** One method of one path, as people and the OpenAPI document see it: its schemas are those that requests are read with. */
export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** As Express has it: `:id` for what varies. */
  readonly path: string;
  readonly summary: string;
  /** Answered without a token. */
  readonly open?: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly headers?: z.ZodObject;
  readonly body?: Content;
  /** By status; every other status is a problem document. */
  readonly answers: Readonly<Record<number, Content>>;
}

/** A body that is JSON and nothing else. */
export const json = (schema: z.ZodType, ...examples: readonly unknown[]): Content => ({
  'application/json': { schema, examples },
});
