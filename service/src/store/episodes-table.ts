import { powerToTell } from '@lefton/core';
import type { AnomalyEvent, Instant } from '@lefton/core';
import type { EpisodeQuery, EpisodeView, FeedbackLabel } from '../store-ports.ts';
import type { Database } from '../sqlite/database.ts';
import { nullable, number, oneOf, text } from '../sqlite/row.ts';
import type { Row, Statement } from '../sqlite/statement.ts';

const KINDS = ['unusual', 'silent'] as const;
const LABELS = ['fine', 'left_on'] as const;
const COLUMNS =
  'e.episode, kind, meter, since, opened_at, until, closed_at, watts, usual_watts, score, excess_wh, cost, why';

/** Episodes as their events left them, and what people said of them. */
export class EpisodesTable {
  readonly #upsert: Statement;
  readonly #ofAll: Statement;
  readonly #ofMeter: Statement;
  readonly #lastUnusual: Statement;
  readonly #label: Statement;
  readonly #labelOf: Statement;

  constructor(db: Database) {
    this.#upsert = db.prepare(
      `INSERT INTO episodes VALUES (:episode, :kind, :meter, :since, :opened_at, :until, :closed_at, :watts,
         :usual_watts, :score, :excess_wh, :cost, :why)
       ON CONFLICT DO UPDATE SET
         opened_at = coalesce(opened_at, excluded.opened_at),
         until = coalesce(excluded.until, until),
         closed_at = coalesce(excluded.closed_at, closed_at),
         watts = iif(excluded.closed_at IS NULL, excluded.watts, watts),
         usual_watts = coalesce(usual_watts, excluded.usual_watts),
         score = max(coalesce(score, excluded.score), coalesce(excluded.score, score)),
         excess_wh = excluded.excess_wh,
         cost = excluded.cost,
         why = iif(excluded.closed_at IS NULL, excluded.why, why)`,
    );
    // a statement for each: one for both could not go by the index of a meter
    const select = `SELECT ${COLUMNS}, label FROM episodes AS e LEFT JOIN labels AS l ON l.episode = e.episode`;
    const since =
      '(:from IS NULL OR closed_at IS NULL OR closed_at >= :from) ORDER BY since DESC LIMIT :limit';
    this.#ofAll = db.prepare(`${select} WHERE ${since}`);
    this.#ofMeter = db.prepare(`${select} WHERE meter = :meter AND ${since}`);
    this.#lastUnusual = db.prepare(
      `${select} WHERE meter = ? AND kind = 'unusual' ORDER BY since DESC LIMIT 1`,
    );
    this.#label = db.prepare(
      `INSERT INTO labels SELECT episode, :label, :at FROM episodes WHERE episode = :episode AND kind = 'unusual'
       ON CONFLICT DO UPDATE SET label = excluded.label, labelled_at = excluded.labelled_at`,
    );
    this.#labelOf = db.prepare('SELECT label FROM labels WHERE episode = ?');
  }

  apply(event: AnomalyEvent): void {
    const silent = event.type === 'meter_silent' || event.type === 'meter_back';
    const begins = event.type === 'opened' || event.type === 'meter_silent';
    const ends = event.type === 'closed' || event.type === 'meter_back';
    this.#upsert.run({
      episode: event.episode,
      kind: silent ? 'silent' : 'unusual',
      meter: event.meter,
      since: event.since,
      opened_at: begins ? event.at : null,
      until: ends ? (event.until ?? event.at) : null,
      closed_at: ends ? event.at : null,
      watts: powerToTell(event),
      usual_watts: event.usualWatts,
      score: event.score,
      excess_wh: event.excessWh,
      cost: event.cost,
      why: event.why,
    });
  }

  /** Newest first. */
  query({ meter, from: begin, limit }: EpisodeQuery): EpisodeView[] {
    const from = begin ?? null;
    const rows =
      meter === undefined ? this.#ofAll.all({ from, limit }) : this.#ofMeter.all({ meter, from, limit });
    return rows.map(viewOf);
  }

  /** The newest that was no silence; null: none yet. */
  lastUnusual(meter: string): EpisodeView | null {
    const row = this.#lastUnusual.get(meter);
    return row === undefined ? null : viewOf(row);
  }

  label(episode: string, label: FeedbackLabel, at: Instant): boolean {
    return this.#label.run({ episode, label, at }) > 0;
  }

  labelOf(episode: string): FeedbackLabel | null {
    const row = this.#labelOf.get(episode);
    return row === undefined ? null : oneOf(LABELS, row, 'label');
  }
}

const viewOf = (row: Row): EpisodeView => ({
  episode: text(row, 'episode'),
  kind: oneOf(KINDS, row, 'kind'),
  meter: text(row, 'meter'),
  open: row.closed_at === null,
  since: number(row, 'since'),
  opened_at: nullable(number, row, 'opened_at'),
  until: nullable(number, row, 'until'),
  closed_at: nullable(number, row, 'closed_at'),
  watts: nullable(number, row, 'watts'),
  usual_watts: nullable(number, row, 'usual_watts'),
  score: nullable(number, row, 'score'),
  excess_wh: number(row, 'excess_wh'),
  cost: nullable(number, row, 'cost'),
  why: text(row, 'why'),
  label: row.label === null ? null : oneOf(LABELS, row, 'label'),
});
