import { Decoder } from './decode.ts';
import type { LeftOnModel, Model, ModelQuality } from './model.ts';

/** What people are told of a model: nothing that is in its long lists. */
export interface ModelFacts {
  readonly kind: Model['kind'];
  readonly mode: LeftOnModel['mode'];
  /** Why nothing is decided; null where it is. */
  readonly why: string | null;
  /** Null for a table, which has no budget. */
  readonly falseAlarmsPerMonth: number | null;
  /** What it was fitted on ends here. */
  readonly until: string;
  readonly days: number;
  readonly quality: ModelQuality | null;
}

/**
 * The facts in the head of a packed model.
 * @throws LeftOnError where bytes of a store say what no model says
 */
export function factsOf(text: string): ModelFacts {
  const head = new Decoder(JSON.parse(text), 'head');
  const kind = head.at('kind').oneOf('min-max', 'left-on');
  const provenance = head.at('provenance');
  const quality = provenance.at('quality').nullable((item) => ({
    held_out_days: item.at('held_out_days').number(0),
    alerts_per_30_days: item.at('alerts_per_30_days').number(0),
  }));
  const learnt = {
    kind,
    until: provenance.at('until').string(),
    days: provenance.at('days').number(0),
    quality,
  };
  if (kind === 'min-max') return { ...learnt, mode: 'ready', why: null, falseAlarmsPerMonth: null };
  return {
    ...learnt,
    mode: head.at('mode').oneOf('learning', 'ready'),
    why: head.at('why').nullable((item) => item.string()),
    falseAlarmsPerMonth: head.at('false_alarms_per_month').number(0),
  };
}
