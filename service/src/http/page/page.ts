import type { Request, Response } from 'express';
import { z } from 'zod';
import type { WebFile, WebFiles } from './web-files.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { Problem } from '../problem.ts';

const text = { schema: z.string() };

const params = z.object({ file: z.string().meta({ examples: ['page.js'] }) });
const operations = {
  file: {
    method: 'get',
    path: '/web/:file',
    summary: 'what the page is made of',
    params,
    answers: { 200: { 'text/javascript': text, 'text/css': text, 'image/svg+xml': text, 'text/html': text } },
  },
} satisfies Operations;

/** GET / for browsers, GET /web/:file. All paths within are relative, so that it works below any prefix. */
export function pageRoutes(files: WebFiles): Endpoints {
  const endpoints = endpointsOf(operations, {
    file: async (request, response) => {
      send(request, response, await files.get(params.parse(request.params).file));
    },
  });
  // for whoever would not rather have text or a problem document, which the contents answer
  endpoints.router.get('/', async (request, response, next) => {
    if (request.accepts('text/plain', 'text/html') !== 'text/html') next();
    else send(request, response, await files.get('index.html'));
  });
  return endpoints;
}

/** A file, or that the browser has it already: it asks each time, so a new version is there at once. */
function send(request: Request, response: Response, file: WebFile | undefined): void {
  if (file === undefined) throw new Problem(404, 'Not found', 'The page has no such file.');
  response.set({ 'Cache-Control': 'no-cache', ETag: file.etag, Vary: 'Accept' });
  if (request.fresh) response.status(304).end();
  else response.type(file.type).send(file.body);
}
