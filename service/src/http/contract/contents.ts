import { z } from 'zod';
import { SOFTWARE } from '../../cli/software.ts';
import { endpointsOf } from './endpoints.ts';
import type { Endpoints, Operations } from './endpoints.ts';
import { documentOf } from './openapi.ts';
import { json } from './operation.ts';
import type { Operation } from './operation.ts';
import { Problem } from '../problem.ts';

const own = {
  list: {
    method: 'get',
    path: '/',
    summary: 'the page; for programs all paths, one a line',
    answers: { 200: { 'text/plain': { schema: z.string() }, 'text/html': { schema: z.string() } } },
  },
  document: {
    method: 'get',
    path: '/api/openapi.json',
    summary: 'this interface as an OpenAPI document',
    answers: { 200: json(z.looseObject({ openapi: z.literal('3.1.0') })) },
  },
} satisfies Operations;

/** GET / and /api/openapi.json: what else there is. */
export function contentsRoutes(others: readonly Operation[]): Endpoints {
  const operations = [...Object.values(own), ...others];
  const lines = operations.map(lineOf);
  let document: ReturnType<typeof documentOf> | undefined;
  return endpointsOf(own, {
    list: (request, response) => {
      if (request.accepts('text/plain', 'application/json', 'application/problem+json') !== 'text/plain')
        throw new Problem(404, 'Not found', 'Ask for text/plain or text/html.', { endpoints: lines });
      response.type('text/plain').send(`${TITLE}\n\n${lines.join('\n')}\n`);
    },
    document: (_request, response) => {
      document ??= documentOf(operations, SOFTWARE.replace(/^\S+ /, ''));
      response.json(document);
    },
  });
}

const TITLE = 'LeftOn: notices appliances that were left on.';

const lineOf = ({ method, path, summary }: Operation): string =>
  `${method.toUpperCase().padEnd(4)} ${path.padEnd(27)} ${summary}`;
