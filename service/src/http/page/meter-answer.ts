import { formatUtc, scoreNow, VERDICTS } from '@lefton/core';
import type { CompiledModel, MeterState } from '@lefton/core';
import { z } from 'zod';
import { utcField } from '../../settings/fields.ts';
import type { Meter } from '../../meters/meters.ts';

/** Why nothing is said of a power. */
export const unknown = z.object({ known: z.literal(false), why: z.string() });
/** Where a meter stands. */
export const known = z.object({
  known: z.literal(true),
  score: z.number(),
  at: utcField,
  watts: z.number(),
  usual_watts: z.number().nullable(),
});
/** A meter that was heard of. */
export const meterShape = z.object({
  meter: z.string(),
  newest_at: utcField.nullable(),
  heard_at: utcField.nullable(),
  silent_since: utcField.nullable(),
  verdict: z.enum(VERDICTS),
  phase: z.enum(['quiet', 'suspect', 'open']),
  model: z.string(),
  score: z.union([known, unknown]),
});

/** Where a meter stands that was never heard. */
export const NOT_HEARD = { known: false, why: 'no reading yet' } as const;

/** A meter that was not heard yet, but for its model. */
export const unheardAnswer = (meter: string): Omit<z.infer<typeof meterShape>, 'model'> => ({
  ...{ meter, newest_at: null, heard_at: null, silent_since: null, verdict: 'ok', phase: 'quiet' },
  score: NOT_HEARD,
});

/** @param model undefined where it is not in memory */
export function scoreAnswer(
  state: MeterState,
  model: CompiledModel | undefined,
): z.infer<typeof meterShape>['score'] {
  const score = scoreNow(model, state);
  if (!score.known) return { ...score };
  const { usualWatts, at, ...rest } = score;
  return { ...rest, at: formatUtc(at), usual_watts: usualWatts };
}

/**
 * A meter as it stands.
 * @param compiled its model where that is in memory: of a fleet not all models are read for a list
 */
export function meterAnswer(meter: Meter, compiled = meter.model.resident): z.infer<typeof meterShape> {
  const { name, model, state, heardAt } = meter;
  const instant = (at: number): string | null => (Number.isFinite(at) ? formatUtc(at) : null);
  return {
    meter: name,
    newest_at: instant(state.newestReading),
    heard_at: instant(heardAt),
    silent_since: instant(state.silentSince),
    verdict: state.verdict,
    phase: state.phase,
    model: model.file,
    score: scoreAnswer(state, compiled),
  };
}
