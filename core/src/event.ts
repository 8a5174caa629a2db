import { formatUtc } from './time.ts';
import type { Instant } from './time.ts';
import type { Watts, WattHours } from './units.ts';

export type AnomalyType = 'opened' | 'still_on' | 'closed' | 'meter_silent' | 'meter_back';

/** What goes to the topic anomaly_power. One episode gives one opened, any number of still_on, one closed. */
export interface AnomalyEvent {
  readonly type: AnomalyType;
  /** Deterministic: meter and instant of onset, so that the same readings always give the same id. */
  readonly episode: string;
  readonly meter: string;
  readonly at: Instant;
  /** Local hour 0..23 and ISO weekday 1 = Monday .. 7 = Sunday of `at`. */
  readonly hour: number;
  readonly day: number;
  /** Mean of the newest step; null when unknown (meter_silent). */
  readonly watts: Watts | null;
  /** Mean since the onset, gaps left out: what goes on and off is as often off as on. Null when unknown. */
  readonly meanWatts: Watts | null;
  /** Usual power at this hour and weekday; null when the model cannot say. */
  readonly usualWatts: Watts | null;
  /** 1.0 = the edge of what has been normal; null when unknown (meter_silent). */
  readonly score: number | null;
  /** Onset of the episode, or the last good reading of a silent meter. */
  readonly since: Instant;
  /** Last unusual step of a closed episode, else null. */
  readonly until: Instant | null;
  /** How long the longest comparable stretch of the fitted history was, in ms; null where that was not asked. */
  readonly longestMs: number | null;
  /** Energy above usual since onset. */
  readonly excessWh: WattHours;
  /** In the currency of the price setting; null without one. */
  readonly cost: number | null;
  /** One sentence from the home's own history. */
  readonly why: string;
}

/** The event as it stands on the wire: JSON with units in the names. */
export interface AnomalyRecord {
  readonly v: 1;
  readonly type: AnomalyType;
  readonly episode: string;
  readonly meter: string;
  readonly at: string;
  readonly hour: number;
  readonly day: number;
  readonly watts: number | null;
  readonly usual_watts: number | null;
  readonly score: number | null;
  readonly since: string;
  readonly until?: string;
  readonly longest_s?: number;
  readonly mean_watts?: number;
  readonly excess_wh: number;
  readonly cost?: number;
  readonly why: string;
}

/** Turns an event into its wire form; rounds for people, never for decisions. */
export function toRecord(event: AnomalyEvent): AnomalyRecord {
  return {
    v: 1,
    type: event.type,
    episode: event.episode,
    meter: event.meter,
    at: formatUtc(event.at),
    hour: event.hour,
    day: event.day,
    watts: event.watts === null ? null : Math.round(event.watts),
    usual_watts: event.usualWatts === null ? null : Math.round(event.usualWatts),
    score: event.score === null ? null : Number(event.score.toFixed(3)),
    since: formatUtc(event.since),
    ...(event.until === null ? {} : { until: formatUtc(event.until) }),
    ...(event.longestMs === null ? {} : { longest_s: Math.round(event.longestMs / 1000) }),
    ...(event.meanWatts === null ? {} : { mean_watts: Math.round(event.meanWatts) }),
    excess_wh: Math.round(event.excessWh),
    ...(event.cost === null ? {} : { cost: Number(event.cost.toFixed(2)) }),
    why: event.why,
  };
}

/** Power to tell of an event: the mean since the onset, else what it was at that moment. */
export const powerToTell = ({ meanWatts, watts }: AnomalyEvent): Watts | null => meanWatts ?? watts;

/** `meter@2026-03-24T02:12:00Z` */
export const episodeId = (meter: string, onset: Instant): string => `${meter}@${formatUtc(onset)}`;

/** Nothing happened: shared, so that a quiet reading allocates nothing. */
export const NO_EVENTS: readonly AnomalyEvent[] = [];
