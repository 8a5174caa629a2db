import { toRecord } from '@lefton/core';
import type { AnomalyEvent, AnomalyRecord } from '@lefton/core';
import type { LoadedModel } from '../models/models.ts';

/** As it stands on the wire; says so where a home is measured by others. */
export function recordOf(event: AnomalyEvent, { cohort, generation }: LoadedModel): AnomalyRecord & ToldBy {
  const record = toRecord(event);
  if (cohort === null) return generation === null ? record : { ...record, generation };
  const judged = event.type === 'opened' || event.type === 'still_on';
  const whose = `Measured by homes of cohort ${cohort}: this one has too little history of its own.`;
  const why = judged ? `${record.why} ${whose}`.trimStart() : record.why;
  return { ...record, why, cohort, generation: generation ?? 0 };
}

/** Beside a record: whose model it was told by, where it was none of a home's own file. */
interface ToldBy {
  readonly cohort?: string;
  readonly generation?: number;
}
