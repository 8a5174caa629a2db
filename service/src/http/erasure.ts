import { Router } from 'express';
import { z } from 'zod';
import { meterField } from '../settings/fields.ts';
import type { Forget } from '../forget/forgetter.ts';
import { json } from './operation.ts';
import type { Operation } from './operation.ts';
import { methodNotAllowed, Problem } from './problem.ts';

const params = z.strictObject({ meter: meterField });
const forgotten = z.object({
  meter: z.string(),
  deleted: z
    .record(z.string(), z.int())
    .nullable()
    .describe('rows by table; null: each process on Kafka does it'),
  model_files: z.array(z.string()),
});

export const erasureOperations: readonly Operation[] = [
  {
    method: 'delete',
    path: '/api/meters/:meter',
    summary: 'forgets a meter: all that is kept of it',
    params,
    answers: { 200: json(forgotten), 202: json(forgotten) },
  },
];

/** DELETE /api/meters/:meter */
export function erasureRoutes({ forget }: { readonly forget: Forget }): Router {
  const router = Router();
  router
    .route('/api/meters/:meter')
    .delete(async (request, response) => {
      const { meter } = params.parse(request.params);
      const { rows, files } = await forget(meter);
      // a slip of the pen must not look like a meter that was forgotten
      if (rows !== null && Object.keys(rows).length + files.length === 0)
        throw new Problem(404, 'No such meter', 'Nothing is kept of a meter of this name.');
      response.status(rows === null ? 202 : 200).json({ meter, deleted: rows, model_files: files });
    })
    .all(methodNotAllowed('DELETE'));
  return router;
}
