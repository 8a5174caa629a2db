/** What the service answers, as its OpenAPI document has it; instants are ISO texts. */
export type Score =
  | {
      readonly known: true;
      readonly score: number;
      readonly at: string;
      readonly watts: number;
      readonly usual_watts: number | null;
    }
  | { readonly known: false; readonly why: string };

interface ModelState {
  readonly file: string;
  readonly loaded_at: string;
  readonly kind: 'min-max' | 'left-on';
  readonly mode: 'learning' | 'ready';
  readonly why: string | null;
  readonly fitted_until: string;
  readonly days: number;
  readonly false_alarms_per_month: number | null;
  readonly quality: { readonly held_out_days: number; readonly alerts_per_30_days: number } | null;
}

export interface MeterState {
  readonly meter: string;
  readonly name: string;
  readonly zone: string;
  readonly newest_at: string | null;
  readonly silent_since: string | null;
  readonly phase: 'quiet' | 'suspect' | 'open';
  readonly score: Score;
  readonly model: ModelState;
  readonly last_episode: {
    readonly episode: string;
    readonly since: string;
    readonly until: string | null;
    readonly open: boolean;
  } | null;
}

/** One of many: a model that is not in memory is not read for a list. */
export type ListedMeter = MeterState | (Omit<MeterState, 'zone' | 'model'> & { zone: null; model: null });

export interface State {
  readonly now: string;
  readonly simulated: boolean;
  readonly meter: string;
  readonly muted_until: string | null;
  readonly refit: 'off' | 'weekly';
  readonly alert_at: number;
  /** How many there are; not all may be told. */
  readonly meter_count: number;
  readonly meters: readonly ListedMeter[];
}

export interface Episode {
  readonly episode: string;
  readonly kind: 'unusual' | 'silent';
  readonly meter: string;
  readonly open: boolean;
  readonly since: string;
  readonly opened_at: string | null;
  readonly until: string | null;
  readonly closed_at: string | null;
  readonly watts: number | null;
  readonly usual_watts: number | null;
  readonly score: number | null;
  readonly excess_wh: number;
  readonly cost: number | null;
  readonly why: string;
  readonly label: 'fine' | 'left_on' | null;
  readonly learning: { readonly command: string; readonly by_itself: boolean } | null;
}

export interface Alert {
  readonly episode: string;
  readonly event: string;
  readonly channel: string;
  readonly state: 'pending' | 'sent' | 'failed' | 'expired' | 'dropped';
  readonly stands_in_for: string | null;
  readonly created_at: string;
  readonly settled_at: string | null;
  readonly note: string | null;
}

export interface Setting {
  readonly key: string;
  readonly value: string;
  readonly source: string | null;
}

export type ExpectedHour =
  | {
      readonly at: string;
      readonly until: string;
      readonly known: true;
      readonly low: number;
      readonly usual: number;
      readonly high: number;
    }
  | { readonly at: string; readonly until: string; readonly known: false; readonly why: string };
