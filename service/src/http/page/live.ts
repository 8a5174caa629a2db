import { setTimeout } from 'node:timers/promises';
import { z } from 'zod';
import { Bell } from '../../runtime/bell.ts';
import { meterField } from '../../settings/fields.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { frameOf, framePlace, streamAnswers } from './event-streams.ts';
import type { EventStreams } from './event-streams.ts';
import { meterCountOf, meterStateOf } from './meter-states.ts';
import { homeOf } from './state.ts';
import type { State, StateDeps } from './state.ts';

/** So often the state is told without a reading: that is how a silence shows. */
const STATE_MS = 5_000;
/** Turns are at least so far apart; what comes between is in the next one. */
const PACE_MS = 100;
/** Whoever missed more gets the lowest and highest of each stretch. */
const MOST_POINTS = 4_000;

const query = z.strictObject({ meter: meterField.optional(), after: framePlace });
const FRAMES =
  'The event "state" has what /api/state answers, of this meter alone; the event "readings" {meter, readings: ' +
  '[[at, watts], ...]}, at in ms since 1970 UTC. The id of a frame is the instant of the newest reading told: to go on ' +
  'after it.';

const operations = {
  follow: {
    method: 'get',
    path: '/api/live',
    summary: 'readings and scores of a meter as they come (server-sent events)',
    query,
    headers: z.object({ 'Last-Event-ID': framePlace }),
    answers: streamAnswers(FRAMES),
  },
} satisfies Operations;

/** What the live stream needs. */
export interface LiveDeps extends StateDeps {
  /** Rings when readings have been committed. */
  readonly committed: Bell;
  readonly stopping: AbortSignal;
}

/** GET /api/live: a meter's readings and score as server-sent events. */
export function liveRoutes(deps: LiveDeps, streams: EventStreams): Endpoints {
  const turns = new Turns(deps);
  return endpointsOf(operations, {
    follow: async (request, response) => {
      const { meter = deps.meter, after } = query.parse(request.query);
      const resumed = framePlace.parse(request.get('last-event-id')) ?? after;
      const from = resumed === undefined ? undefined : Number(resumed);
      await streams.answer(response, (signal) => turns.listen(meter, from, signal));
    },
  });
}

/**
 * What listeners get, turn by turn. Nothing is queued for one: each frame is what the store has after the one before, so
 * a slow one, and one that comes back, gets what it missed at once. Those who are up to date share one frame.
 */
class Turns {
  readonly #deps: LiveDeps;
  readonly #begun = new Bell();
  /** Frames of this turn, by meter and what is known already. */
  readonly #frames = new Map<string, { readonly text: string; readonly newest: number }>();
  #listeners = 0;
  #running = false;

  constructor(deps: LiveDeps) {
    this.#deps = deps;
  }

  async *listen(meter: string, resumed: number | undefined, signal: AbortSignal): AsyncGenerator<string> {
    this.#listeners++;
    if (!this.#running) void this.#run();
    try {
      let after = resumed ?? this.#newestOf(meter);
      while (!signal.aborted) {
        // asked for before the client takes its time, so that no turn meanwhile is missed
        const next = this.#begun.next(signal);
        const { text, newest } = this.#frameAfter(meter, after);
        after = newest;
        yield text;
        await next;
      }
    } finally {
      this.#listeners--;
    }
  }

  /** Begins a turn at each commit, until nobody listens. */
  async #run(): Promise<void> {
    this.#running = true;
    const { committed, stopping } = this.#deps;
    const begin = (): void => {
      this.#frames.clear();
      this.#begun.ring();
    };
    const regularly = setInterval(begin, STATE_MS);
    while (this.#listeners > 0 && !stopping.aborted) {
      await committed.next(stopping);
      await setTimeout(PACE_MS, undefined, { signal: stopping }).catch(() => undefined);
      begin();
    }
    clearInterval(regularly);
    this.#frames.clear();
    this.#running = false;
  }

  #newestOf(meter: string): number {
    const newest = this.#deps.meters.find(meter)?.state.newestReading ?? NaN;
    return Number.isNaN(newest) ? 0 : newest;
  }

  #frameAfter(meter: string, after: number): { readonly text: string; readonly newest: number } {
    const key = `${after} ${meter}`;
    const made = this.#frames.get(key);
    if (made !== undefined) return made;
    const { store } = this.#deps;
    const newest = Math.max(after, this.#newestOf(meter));
    const range = { meter, from: after + 1, to: newest + 1, points: MOST_POINTS };
    const readings = newest === after ? [] : store.readings(range).points.map(({ at, watts }) => [at, watts]);
    const frame = (event: string, value: unknown): string =>
      frameOf(String(newest), event, JSON.stringify(value));
    const told = readings.length === 0 ? '' : frame('readings', { meter, readings });
    const fresh = { text: told + frame('state', this.#stateOf(meter)), newest };
    this.#frames.set(key, fresh);
    return fresh;
  }

  /** Of this meter alone: turns come often, and there may be many others. */
  #stateOf(meter: string): State {
    const told = meterStateOf(this.#deps, meter);
    const meters = told === undefined ? [] : [told];
    return { ...homeOf(this.#deps), meter_count: meterCountOf(this.#deps), meters };
  }
}
