import { Router } from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { WebFile, WebFiles } from './web-files.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const text = { schema: z.string() };

export const pageOperations: readonly Operation[] = [
  {
    method: 'get',
    path: '/web/:file',
    summary: 'what the page is made of',
    params: z.object({ file: z.string().meta({ examples: ['page.js'] }) }),
    answers: { 200: { 'text/javascript': text, 'text/css': text, 'image/svg+xml': text, 'text/html': text } },
  },
];

/** GET / for browsers, GET /web/:file. All paths within are relative, so that it works below any prefix. */
export function pageRoutes(files: WebFiles): Router {
  const router = Router();
  // for whoever would not rather have text or a problem document, which the contents answer
  router.get('/', async (request, response, next) => {
    if (request.accepts('text/plain', 'text/html') !== 'text/html') next();
    else send(request, response, await files.get('index.html'));
  });
  router
    .route('/web/:file')
    .get(async (request, response) => {
      send(request, response, await files.get(request.params.file));
    })
    .all(methodNotAllowed('GET'));
  return router;
}

/** A file, or that the browser has it already: it asks each time, so a new version is there at once. */
function send(request: Request, response: Response, file: WebFile | undefined): void {
  if (file === undefined) throw new Problem(404, 'Not found', 'The page has no such file.');
  response.set({ 'Cache-Control': 'no-cache', ETag: file.etag, Vary: 'Accept' });
  if (request.fresh) response.status(304).end();
  else response.type(file.type).send(file.body);
}
