import {
  above,
  bestThreshold,
  compileModel,
  DAY,
  defaultPolicy,
  historyOf,
  SeriesRun,
  Trial,
} from '@lefton/core';
import type { FitOptions, History, Model, Scorer, Series, Window, Zone } from '@lefton/core';

/** A home whose last weeks are held out, as they were and with appliances left on in them. */
export interface Contest {
  readonly home: string;
  readonly zone: Zone;
  readonly trial: Trial;
  /** When everybody learns anew, from what is before; the first is where the held-out weeks begin. */
  readonly lessons: readonly Lesson[];
}

/** What may be learned at one of these times. */
export interface Lesson {
  readonly history: History;
  /** The same in steps. */
  readonly before: Series;
  /** What a fit is asked for. */
  readonly options: FitOptions;
  readonly zone: Zone;
}

/** What somebody who was entered into a contest did: 1 per step of the trial at which an alarm was on. */
export interface Alarms {
  readonly clean: Uint8Array;
  readonly injected: Uint8Array;
}

/** A way to notice what was left on. */
export interface Contestant {
  readonly name: string;
  readonly enter: (contest: Contest) => Promise<Alarms>;
}

/** Held out is a quarter of the history in whole weeks, at least two and at most twelve. */
const WEEK = 7 * DAY;
const [LEAST_WEEKS, MOST_WEEKS] = [2, 12];
/** Homes change; a network is not trained anew every week. */
const LEARN_EVERY = 4 * WEEK;
/** A score has no threshold of its own: it is set on the last third of what may be learned. */
const FITTED = 2 / 3;
const MOST_CALIBRATED = 90 * DAY;

/**
 * @param windows what people say was left on, or fine
 * @param perMonth the false alarms in 30 days that a person accepts
 * @throws Error where the history is too short to hold weeks out
 */
export function contestOf(
  home: string,
  series: Series,
  zone: Zone,
  perMonth: number,
  windows: readonly Window[] = [],
): Contest {
  const { startAt, stepMs, watts } = series;
  const weeks = heldOutWeeks(series);
  if (weeks < LEAST_WEEKS) throw new Error(`${home}: ${tooShort(series)}`);
  const cut = watts.length - Math.round((weeks * WEEK) / stepMs);
  const history = historyOf(series);
  const times = Array.from({ length: Math.ceil((weeks * WEEK) / LEARN_EVERY) }, (_, i) =>
    Math.round(cut + (i * LEARN_EVERY) / stepMs),
  );
  return {
    home,
    zone,
    trial: new Trial(series, cut, { known: windows.filter(({ label }) => label === 'left_on') }),
    lessons: times.map((end) => ({
      history,
      before: upTo(series, end),
      options: {
        zone: zone.name,
        meter: null,
        until: startAt + end * stepMs,
        falseAlarmsPerMonth: perMonth,
        windows,
        fittedOn: home,
        sha256: null,
        software: 'notebook',
      },
      zone,
    })),
  };
}

function heldOutWeeks({ stepMs, watts }: Series): number {
  return Math.min(MOST_WEEKS, Math.floor((watts.length * stepMs) / 4 / WEEK));
}

/** Why no weeks can be held out of a history; null where they can. */
export function tooShort(series: Series): string | null {
  if (heldOutWeeks(series) >= LEAST_WEEKS) return null;
  const days = Math.floor((series.watts.length * series.stepMs) / DAY);
  return `${days} days are too few to hold weeks out of: it takes ${(4 * LEAST_WEEKS * WEEK) / DAY}`;
}

const upTo = ({ startAt, stepMs, watts, known }: Series, end: number): Series => ({
  ...{ startAt, stepMs, watts: watts.subarray(0, end), known: known.subarray(0, end) },
});

/** A model decides by itself, as it does in the service. */
export const byModel = (name: string, fit: (lesson: Lesson) => Model | Promise<Model>): Contestant => ({
  name,
  enter: async ({ trial, lessons }) => {
    const first = trial.cut - DAY / trial.clean.stepMs;
    const clean = new SeriesRun(trial.clean, defaultPolicy, first);
    const injected = new SeriesRun(trial.injected, defaultPolicy, first);
    for (const [i, lesson] of lessons.entries()) {
      const model = compileModel(await fit(lesson));
      for (const run of [clean, injected]) run.upTo(endOf(i, lessons, trial), model);
    }
    return { clean: clean.on, injected: injected.on };
  },
});

const endOf = (i: number, lessons: readonly Lesson[], trial: Trial): number =>
  lessons[i + 1]?.before.watts.length ?? trial.clean.watts.length;

/**
 * A score decides where it is above a threshold: the most sensitive one that would have kept the budget on days that it was
 * not fitted on, which are before the held-out weeks too. With that threshold it is fitted on everything before them.
 */
export const byScore = (
  name: string,
  fit: (history: Series, zone: Zone) => Scorer | Promise<Scorer>,
): Contestant => ({
  name,
  enter: async ({ trial, lessons }) => {
    const alarms = {
      clean: new Uint8Array(trial.clean.watts.length),
      injected: new Uint8Array(trial.clean.watts.length),
    };
    for (const [i, { before, options, zone }] of lessons.entries()) {
      const threshold = await thresholdFor(before, zone, options.falseAlarmsPerMonth, fit);
      const score = await fit(before, zone);
      const [from, end] = [i === 0 ? 0 : before.watts.length, endOf(i, lessons, trial)];
      for (const side of ['clean', 'injected'] as const)
        alarms[side].set(above(score(upTo(trial[side], end)), threshold).subarray(from), from);
    }
    return alarms;
  },
});

async function thresholdFor(
  before: Series,
  zone: Zone,
  perMonth: number,
  fit: (history: Series, zone: Zone) => Scorer | Promise<Scorer>,
): Promise<number> {
  const { stepMs, watts, known } = before;
  const cut = watts.length - Math.round(Math.min(watts.length * (1 - FITTED), MOST_CALIBRATED / stepMs));
  const days = (known.subarray(cut).reduce((sum, flag) => sum + flag, 0) * stepMs) / DAY;
  const score = (await fit(upTo(before, cut), zone))(before);
  return bestThreshold(score, stepMs, cut, days, perMonth);
}
