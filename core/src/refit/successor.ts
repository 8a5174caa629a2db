import type { LeftOnModel } from '../model/model.ts';
import type { Challenge } from './challenge.ts';

/** The promoted model, with a provenance that names the one whose place it takes and how it stood against it. */
export function successor(
  { model, champion, challenger, heldOutDays, why }: Challenge,
  of: LeftOnModel,
): LeftOnModel {
  const { until, software } = of.provenance;
  const note = `Champion of the model fitted until ${until} by ${software}. ${why}`;
  const quality =
    champion === null || challenger === null
      ? null
      : {
          held_out_days: heldOutDays,
          alerts_per_30_days: Math.round(challenger.falseAlarmsPer30Days * 10) / 10,
        };
  return { ...model, provenance: { ...model.provenance, quality, notes: [...model.provenance.notes, note] } };
}
