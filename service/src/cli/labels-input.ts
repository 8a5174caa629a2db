import { LeftOnError, messageOf } from '@lefton/core';
import type { Window } from '@lefton/core';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';

const rows = z.array(
  z.object({ since: z.number(), until: z.number().nullable(), label: z.enum(['fine', 'left_on']) }),
);

/**
 * What people answered to alerts, from the database of a service, which may be running.
 * What was left on and is still on has no end yet.
 * @throws LeftOnError `bad_database`
 */
export function readLabels(path: string, meter: string): Window[] {
  try {
    const db = new DatabaseSync(path, { readOnly: true });
    try {
      const found = db
        .prepare(
          'SELECT since, until, label FROM episodes JOIN labels USING (episode) WHERE meter = ? AND kind = ?',
        )
        .all(meter, 'unusual');
      return rows
        .parse(found)
        .flatMap(({ since, until, label }) =>
          until === null && label === 'fine' ? [] : [{ from: since, to: until ?? Infinity, label }],
        );
    } finally {
      db.close();
    }
  } catch (error) {
    const found = messageOf(error);
    throw new LeftOnError({
      code: 'bad_database',
      place: path,
      expected: 'the database of lefton serve',
      found,
    });
  }
}
