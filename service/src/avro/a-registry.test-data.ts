import avro from 'avsc';
import type { Type } from 'avsc';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { text } from 'node:stream/consumers';

const TYPES = ['application/vnd.schemaregistry.v1+json', 'application/json'];

/** Answers instead of the registry's rules. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A registry that keeps Confluent's rules, on a free port. */
export interface TestRegistry {
  /** Without user and password; with the path that it was given. */
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly asked: string[];
  /** Schemas by id; a test may put any text there. */
  readonly schemas: Map<number, string>;
  /** While set, it answers everything. */
  instead: Answer | undefined;
  /** From then on nobody listens there. */
  stop(): void;
}

export interface TestRegistryOptions {
  /** Before each path of the API. */
  readonly path?: string;
  /** `user:password` that is asked for. */
  readonly auth?: string;
}

/** Starts a registry that ends with the test. */
export async function aRegistry(t: TestContext, options: TestRegistryOptions = {}): Promise<TestRegistry> {
  const { path = '', auth } = options;
  const asked: string[] = [];
  const schemas = new Map<number, string>();
  const subjects = new Map<string, number[]>();
  const server = createServer((request, response) => {
    const { method = '', url = '' } = request;
    asked.push(`${method} ${url}`);
    if (registry.instead !== undefined) {
      registry.instead(response, request);
      return;
    }
    const basic = auth === undefined ? undefined : `Basic ${Buffer.from(auth).toString('base64')}`;
    if (basic !== undefined && request.headers.authorization !== basic) {
      answer(response, 401, { error_code: 401, message: 'Unauthorized' });
      return;
    }
    const id = url.startsWith(`${path}/schemas/ids/`)
      ? Number(url.slice(`${path}/schemas/ids/`.length))
      : NaN;
    const subject = /^\/subjects\/([^/]+)\/versions$/.exec(url.slice(path.length))?.[1];
    if (method === 'GET' && id < 2 ** 31) {
      const schema = schemas.get(id);
      if (schema === undefined)
        answer(response, 404, { error_code: 40_403, message: `Schema ${id} not found` });
      else answer(response, 200, { schema });
    } else if (method === 'POST' && subject !== undefined && url.startsWith(path)) {
      void register(request, response, decodeURIComponent(subject));
    } else answer(response, 404, { error_code: 404, message: 'HTTP 404 Not Found' });
  });

  async function register(
    request: IncomingMessage,
    response: ServerResponse,
    subject: string,
  ): Promise<void> {
    if (!TYPES.includes(request.headers['content-type'] ?? '')) {
      answer(response, 415, { error_code: 415, message: 'HTTP 415 Unsupported Media Type' });
      return;
    }
    const { schema } = JSON.parse(await text(request)) as { schema: string };
    let type: Type;
    try {
      type = avro.Type.forSchema(JSON.parse(schema) as Type);
    } catch {
      answer(response, 422, { error_code: 42_201, message: 'Invalid schema' });
      return;
    }
    const versions = subjects.get(subject) ?? [];
    const newest = versions.at(-1);
    try {
      if (newest !== undefined)
        type.createResolver(avro.Type.forSchema(JSON.parse(schemas.get(newest) ?? '') as Type));
    } catch {
      answer(response, 409, {
        error_code: 409,
        message: 'Schema being registered is incompatible with an earlier',
      });
      return;
    }
    const same = [...schemas].find(([, known]) => known === schema)?.[0];
    const id = same ?? Math.max(100, ...schemas.keys()) + 1;
    schemas.set(id, schema);
    subjects.set(subject, [...versions, id]);
    answer(response, 200, { id });
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  t.after(stop);
  const { port } = server.address() as AddressInfo;
  const registry: TestRegistry = {
    url: `http://127.0.0.1:${port}${path}`,
    asked,
    schemas,
    instead: undefined,
    stop,
  };
  return registry;
}

/** JSON as the registry answers it. */
export function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' });
  response.end(JSON.stringify(body));
}
