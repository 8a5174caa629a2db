import type { Alert, Episode, ExpectedHour, Setting, State } from './answers.ts';
import type { Texts } from './texts/texts.ts';

/** A meter's readings: `at` in ms since 1970 UTC, `watts` beside it. */
export interface Power {
  readonly at: number[];
  readonly watts: number[];
}

/** A stretch of them as the service tells it. */
export interface Told extends Power {
  /** Every reading is there; else the lowest and highest of each of many columns. */
  readonly whole: boolean;
}

/** Expected range of an hour of the local clock, from `at` to `until` (ms). */
export interface RangeHour {
  readonly at: number;
  readonly until: number;
  readonly low: number;
  readonly usual: number;
  readonly high: number;
}

interface Readings {
  readonly column_s: number | null;
  readonly readings: readonly { readonly at: string; readonly watts: number }[];
}

/** So many fit into an address, however long the names of meters are. */
const EPISODES_ASKED = 10;
/** The service tells no more at once. */
const MOST_ALERTS = 1_000;

/** What the service would not do, in its own words. */
export class Refused extends Error {}

/** The service that this page comes from. Paths are relative, so that it may stand below any prefix. */
export const service = {
  /** Another one when the program has been updated; null where it does not tell. */
  version: async (): Promise<string | null> => {
    const response = await fetch('web/version');
    return response.ok ? response.text() : null;
  },

  /** @param meter told with its model; left out: the usual one */
  state: (meter?: string): Promise<State> => ask('api/state', meter === undefined ? {} : { meter }),

  /** By what right this page is answered. */
  session: (): Promise<{ readonly by: string }> => ask('api/session'),

  async readings(meter: string, from: number, to: number, points: number): Promise<Told> {
    const query = { meter, from: iso(from), to: iso(to), points: String(points) };
    const { column_s, readings } = await ask<Readings>('api/readings', query);
    const at = readings.map((reading) => Date.parse(reading.at));
    return { at, watts: readings.map(({ watts }) => watts), whole: column_s === null };
  },

  /** Hours without a range are left out. At most 62 days. */
  async expected(meter: string, from: number, to: number): Promise<RangeHour[]> {
    const query = { meter, from: iso(from), to: iso(to) };
    const { expected } = await ask<{ expected: ExpectedHour[] }>('api/expected', query);
    return expected.flatMap((hour) =>
      hour.known ? [{ ...hour, at: Date.parse(hour.at), until: Date.parse(hour.until) }] : [],
    );
  },

  /** Newest first. */
  async episodes(meter: string, limit: number, from?: number): Promise<Episode[]> {
    const query = { meter, limit: String(limit), ...(from === undefined ? {} : { from: iso(from) }) };
    return (await ask<{ episodes: Episode[] }>('api/episodes', query)).episodes;
  },

  /** All alerts about these episodes, newest first for each. */
  async alerts(meter: string, episodes: readonly string[]): Promise<Alert[]> {
    if (episodes.length === 0) return [];
    const [group, rest] = [episodes.slice(0, EPISODES_ASKED), episodes.slice(EPISODES_ASKED)];
    const query: [string, string][] = [
      ['meter', meter],
      ['limit', String(MOST_ALERTS)],
      ...group.map((episode): [string, string] => ['episode', episode]),
    ];
    const [{ alerts }, others] = await Promise.all([
      ask<{ alerts: Alert[] }>('api/alerts', query),
      this.alerts(meter, rest),
    ]);
    if (alerts.length < MOST_ALERTS || group.length === 1) return [...alerts, ...others];
    // a full answer may be cut off
    const each = await Promise.all(group.map((episode) => this.alerts(meter, [episode])));
    return [...each.flat(), ...others];
  },

  async settings(): Promise<Setting[]> {
    return (await ask<{ settings: Setting[] }>('api/settings')).settings;
  },

  label: (episode: string, label: 'fine' | 'left_on'): Promise<unknown> =>
    post(`api/episodes/${encodeURIComponent(episode)}/feedback`, { label }),

  /** @param until null: alerts again */
  mute: (until: number | null): Promise<unknown> =>
    post('api/mute', { until: until === null ? null : iso(until) }),
};

/** Why something that a person asked for did not work, in words for the reader: browsers have none for a service that is away. */
export const failure = (error: unknown, { page, told }: Texts): string =>
  page.failed(error instanceof Refused ? told(error.message) : page.unanswered);

/** @throws Refused, or TypeError while the service cannot be reached */
export async function ask<T>(
  path: string,
  query: Readonly<Record<string, string>> | [string, string][] = {},
): Promise<T> {
  const search = new URLSearchParams(query).toString();
  return answerOf<T>(await fetch(search === '' ? path : `${path}?${search}`));
}

/** @throws Refused, or TypeError while the service cannot be reached */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return answerOf<T>(await fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/** @throws Refused */
export async function answerOf<T>(response: Response): Promise<T> {
  if (response.ok) return (await response.json()) as T;
  throw await refusalOf(response);
}

/** What an answer that is none is thrown as. */
export async function refusalOf(response: Response): Promise<Refused> {
  // where a token is needed, the service answers the page itself with its login
  if (response.status === 401) location.reload();
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string };
  return new Refused(problem.detail ?? problem.title ?? response.statusText);
}

const iso = (at: number): string => new Date(at).toISOString();
