import { z } from 'zod';
import { meterField } from '../../settings/fields.ts';
import type { Forget } from '../../forget/forgetter.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

const params = z.strictObject({ meter: meterField });
const forgotten = z.object({
  meter: z.string(),
  deleted: z
    .record(z.string(), z.int())
    .nullable()
    .describe('rows by table; null: each process on Kafka does it'),
  model_files: z.array(z.string()),
});

const operations = {
  forget: {
    method: 'delete',
    path: '/api/meters/:meter',
    summary: 'forgets a meter: all that is kept of it',
    params,
    answers: { 200: json(forgotten), 202: json(forgotten) },
  },
} satisfies Operations;

/** DELETE /api/meters/:meter */
export function erasureRoutes({ forget }: { readonly forget: Forget }): Endpoints {
  return endpointsOf(operations, {
    forget: async (request, response) => {
      const { meter } = params.parse(request.params);
      const { rows, files } = await forget(meter);
      // a slip of the pen must not look like a meter that was forgotten
      if (rows !== null && Object.keys(rows).length + files.length === 0)
        throw new Problem(404, 'No such meter', 'Nothing is kept of a meter of this name.');
      response.status(rows === null ? 202 : 200).json({ meter, deleted: rows, model_files: files });
    },
  });
}
