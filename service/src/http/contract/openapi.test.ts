import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { z } from 'zod';
import { aService, minutesCsv, until } from '../../a-service.test-data.ts';

type Schema = Parameters<typeof z.fromJSONSchema>[0] & object;
type Content = Record<string, { schema: Schema; examples?: Record<string, { value: unknown }> }>;
interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: { examples?: string[]; default?: number };
}
interface Described {
  summary: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { content: Content } | { $ref: string }>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Described>>;
  components: { responses: Record<string, { content: Content }> };
}

/** The document of a service that has seen something left on from 2:00 to 3:20. */
async function aDocument(t: TestContext): Promise<{ url: string; document: Document }> {
  const { url, metrics } = await aService(t);
  const body = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
  await fetch(`${url}/api/readings`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body });
  await until('the day is scored', () => metrics.events.get({ type: 'closed' }) === 1);
  const document = (await (await fetch(`${url}/api/openapi.json`)).json()) as Document;
  return { url, document };
}

interface Example {
  readonly path: string;
  readonly init: RequestInit;
}

/** The requests that the document gives as examples: each body, without and with what may be left out. */
function examplesOf(path: string, method: string, { parameters = [], requestBody }: Described): Example[] {
  const first = ({ name, schema }: Parameter): [string, string] => [
    name,
    schema.examples?.[0] ?? String(schema.default ?? assert.fail(`${path} ${name} has no example`)),
  ];
  const of = (place: Parameter['in']): [string, string][] =>
    parameters.filter((parameter) => parameter.in === place).map(first);
  const filled = of('path').reduce((text, [name, value]) => text.replace(`{${name}}`, value), path);
  const query = new URLSearchParams(of('query')).toString();
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([type, { examples }]) =>
    Object.values(examples ?? assert.fail(`${path} has no example of ${type}`)).map(({ value: body }) => ({
      headers: { 'content-type': type },
      body: type === 'application/json' ? JSON.stringify(body) : String(body),
    })),
  );
  return (bodies.length === 0 ? [{}] : bodies).flatMap((rest) => [
    { path: filled, init: { method, ...rest } },
    ...(query === '' ? [] : [{ path: `${filled}?${query}`, init: { method, ...rest } }]),
    ...(of('header').length === 0
      ? []
      : [{ path: filled, init: { method, headers: of('header'), ...rest } }]),
  ]);
}

/** Fails when an answer is not what the document says of it. */
async function checkAnswer(
  url: string,
  { path, init }: Example,
  document: Document,
  { responses }: Described,
): Promise<number> {
  const hangUp = new AbortController();
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, signal: hangUp.signal });
  const described = responses[response.status] ?? responses.default ?? assert.fail(path);
  const { content } =
    '$ref' in described ? (document.components.responses.problem ?? assert.fail(described.$ref)) : described;
  const type = response.headers.get('content-type')?.replace(/;.*/, '') ?? '';
  if (Object.keys(content).length === 0) {
    assert.ok(response.headers.has('location'), `${path}: ${response.status} leads nowhere`);
    return response.status;
  }
  const schema = content[type]?.schema ?? assert.fail(`${path}: ${response.status} ${type} is not described`);
  // a stream of events does not end by itself
  const text = type === 'text/event-stream' ? '' : await response.text();
  hangUp.abort();
  // of lines, each is what the schema says
  const parts = type === 'application/x-ndjson' ? text.trim().split('\n') : [text];
  for (const part of parts) {
    const checked = z.fromJSONSchema(schema).safeParse(type.includes('json') ? JSON.parse(part) : part);
    assert.ok(checked.success, `${String(init.method)} ${path}: ${checked.error?.message ?? ''}\n${part}`);
  }
  return response.status;
}

const operationsOf = ({ paths }: Document): [string, string, Described][] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]): [string, string, Described] => [
      path,
      method.toUpperCase(),
      described,
    ]),
  );

describe('the OpenAPI document', () => {
  it('gives examples that work, and their answers are as it says', async (t) => {
    const { url, document } = await aDocument(t);
    for (const [path, method, described] of operationsOf(document)) {
      for (const example of examplesOf(path, method, described))
        assert.ok(
          (await checkAnswer(url, example, document, described)) < 400,
          `${method} ${example.path} ${JSON.stringify(example.init)}`,
        );
    }
  });

  it('says how mistakes are answered', async (t) => {
    const { url, document } = await aDocument(t);
    for (const [path, method, described] of operationsOf(document)) {
      const init =
        method === 'GET'
          ? { method }
          : { method, headers: { 'content-type': 'application/json' }, body: '{"x":1}' };
      const status = await checkAnswer(url, { path: `${path}?nonsense=1`, init }, document, described);
      const asked =
        described.parameters?.some((parameter) => parameter.in !== 'header') === true ||
        described.requestBody !== undefined;
      assert.ok(asked ? status >= 400 && status < 500 : status < 400, `${method} ${path}: ${status}`);
    }
  });

  it('has every path of the service, with the methods that it takes', async (t) => {
    const { url, document } = await aDocument(t);
    const http = join(import.meta.dirname, '..');
    const sources = readdirSync(http, { recursive: true, encoding: 'utf8' }).filter((path) =>
      /(?:^|\/)[\w-]+\.ts$/.test(path),
    );
    const textOf = (path: string): string => readFileSync(join(http, path), 'utf8');
    const routing = sources.filter((path) => textOf(path).includes('.route('));
    assert.deepEqual(routing, ['contract/endpoints.ts'], 'only an operation has a route');
    const stated = sources.flatMap((name) =>
      [...textOf(name).matchAll(/\bpath: '(\/[^']*)'/g)].map(([, path = '']) =>
        path.replaceAll(/:(\w+)/g, '{$1}'),
      ),
    );
    assert.ok(stated.length > 10);
    assert.deepEqual(Object.keys(document.paths).sort(), [...new Set(stated)].sort());
    for (const [path, methods] of Object.entries(document.paths)) {
      const { headers } = await fetch(`${url}${path}`, { method: 'PUT' });
      assert.equal(headers.get('allow')?.toLowerCase(), Object.keys(methods).join(', '), path);
    }
  });
});

describe('GET /', () => {
  it('lists all paths as text, and for programs beside the problem', async (t) => {
    const { url, document } = await aDocument(t);
    const response = await fetch(url);
    assert.equal(response.status, 200);
    const text = await response.text();
    for (const path of Object.keys(document.paths))
      assert.ok(text.includes(` ${path.replaceAll(/\{(\w+)\}/g, ':$1')} `), path);
    const asJson = await fetch(url, { headers: { accept: 'application/json' } });
    assert.equal(asJson.status, 404);
    assert.match(asJson.headers.get('content-type') ?? '', /problem\+json/);
    assert.ok(((await asJson.json()) as { endpoints: string[] }).endpoints.length > 10);
  });
});
