import { falseAlarmsForgiven } from '@lefton/core';
import type { Evaluation } from '@lefton/core';
import type { Contest, Contestant } from './contest.ts';

/** How somebody stood in a contest. */
export interface Standing {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** A home with all who were entered, in their order. */
export interface Standings {
  readonly home: string;
  readonly stepMin: number;
  /** Known days that were held out. */
  readonly days: number;
  /** More false alarms than this, and what a detector finds does not count. */
  readonly accepted: number;
  readonly standings: readonly Standing[];
}

/** Enters them all, one after the other. */
export async function standingsOf(contest: Contest, contestants: readonly Contestant[]): Promise<Standings> {
  const { home, trial, lessons } = contest;
  const perMonth = lessons[0]?.options.falseAlarmsPerMonth ?? 0;
  const standings: Standing[] = [];
  for (const { name, enter } of contestants) {
    const { clean, injected } = await enter(contest);
    standings.push({ name, evaluation: trial.judge(clean, injected) });
  }
  return {
    home,
    stepMin: trial.clean.stepMs / 60_000,
    days: trial.days,
    accepted: falseAlarmsForgiven(perMonth, trial.days),
    standings,
  };
}

/** One contestant over all homes. Shares are means over homes, as each home is one. */
export interface Overall {
  readonly name: string;
  readonly recall: number;
  readonly recallWithinHour: number;
  /** Over all held-out days. */
  readonly falseAlarmsPer30Days: number;
  /** Had no more false alarms than refits forgive. */
  readonly withinBudget: boolean;
}

/** All contestants over all homes, in their order. */
export function overall(homes: readonly Standings[]): Overall[] {
  const days = homes.reduce((sum, home) => sum + home.days, 0);
  const accepted = homes.reduce((sum, home) => sum + home.accepted, 0);
  const names = homes[0]?.standings.map(({ name }) => name) ?? [];
  return names.map((name) => {
    const own = homes.flatMap(({ standings }) => standings.filter((standing) => standing.name === name));
    const mean = (share: (evaluation: Evaluation) => number | null): number =>
      own.reduce((sum, { evaluation }) => sum + (share(evaluation) ?? 0), 0) / own.length;
    const alarms = own.reduce((sum, { evaluation }) => sum + evaluation.falseAlarms, 0);
    return {
      name,
      recall: mean(({ recall }) => recall),
      recallWithinHour: mean(({ recallWithinHour }) => recallWithinHour),
      falseAlarmsPer30Days: (alarms / days) * 30,
      withinBudget: alarms <= accepted,
    };
  });
}

/**
 * The one that finds most of those within the budget, and of equals the sooner; where none is within it, the one with the
 * fewest false alarms.
 */
export function championOf(all: readonly Overall[]): Overall {
  const able = all.filter(({ withinBudget }) => withinBudget);
  const fewest = Math.min(...all.map(({ falseAlarmsPer30Days }) => falseAlarmsPer30Days));
  const eligible = able.length > 0 ? able : all.filter((one) => one.falseAlarmsPer30Days === fewest);
  const [best] = eligible.toSorted((a, b) => b.recall - a.recall || b.recallWithinHour - a.recallWithinHour);
  if (best === undefined) throw new RangeError('nobody was entered');
  return best;
}

/** Who won, in one sentence. */
export function championSentence(homes: readonly Standings[]): string {
  const { name, recall, falseAlarmsPer30Days, withinBudget } = championOf(overall(homes));
  const where = homes.length === 1 ? `in ${homes[0]?.home ?? ''}` : `over ${homes.length} homes`;
  const kept = withinBudget
    ? 'of those that keep the budget'
    : 'with the fewest false alarms, as none keeps the budget';
  return `Champion ${where}: ${name}, which finds ${recall.toFixed(2)} with ${falseAlarmsPer30Days.toFixed(1)} false alarms in 30 days, ${withinBudget ? `most ${kept}` : kept}.`;
}

const WIDTH = 40;

/** A home as lines for people. */
export function standingsTable({ home, stepMin, days, standings }: Standings): string[] {
  const windows = standings[0]?.evaluation.windows ?? 0;
  const title = `${home}, ${stepMin} min: ${windows} left on in ${days.toFixed(0)} days that nobody had seen`;
  const head = ['found', 'within 1 h', 'delay min', 'false/30 d'].map((text) => text.padStart(12));
  return [
    title,
    `${'  detector'.padEnd(WIDTH)}${head.join('')}`,
    ...standings.map(({ name, evaluation }) => {
      const { recall, recallWithinHour, medianDelayMs, falseAlarmsPer30Days } = evaluation;
      const delay = medianDelayMs === null ? '-' : (medianDelayMs / 60_000).toFixed(0);
      const cells = [figure(recall, 2), figure(recallWithinHour, 2), delay, figure(falseAlarmsPer30Days, 1)];
      return `  ${name.padEnd(WIDTH - 2)}${cells.map((cell) => cell.padStart(12)).join('')}`;
    }),
  ];
}

const figure = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '-';

/** All homes as lines for people: means over homes, false alarms over all days. */
export function overallTable(homes: readonly Standings[]): string[] {
  const head = ['found', 'within 1 h', 'false/30 d', 'budget'].map((text) => text.padStart(12));
  return [
    `${`  over ${homes.length} ${homes.length === 1 ? 'home' : 'homes'}`.padEnd(WIDTH)}${head.join('')}`,
    ...overall(homes).map(({ name, recall, recallWithinHour, falseAlarmsPer30Days, withinBudget }) => {
      const cells = [recall.toFixed(2), recallWithinHour.toFixed(2), falseAlarmsPer30Days.toFixed(1)];
      const kept = withinBudget ? 'kept' : 'exceeded';
      return `  ${name.padEnd(WIDTH - 2)}${[...cells, kept].map((cell) => cell.padStart(12)).join('')}`;
    }),
  ];
}
