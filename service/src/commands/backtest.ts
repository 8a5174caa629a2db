import {
  alarmsOf,
  backtest,
  DAY,
  defaultPolicy,
  evaluateAlarms,
  fit,
  formatUtc,
  parseInstant,
  sentence,
} from '@lefton/core';
import { toRecord, Zone } from '@lefton/core';
import type {
  AnomalyEvent,
  BacktestSummary,
  Evaluation,
  History,
  Instant,
  LeftOnModel,
  Model,
  Stretch,
  Window,
} from '@lefton/core';
import { counted } from '@lefton/history';
import { Command } from 'commander';
import { action, instantOption, numberOption, say } from '../cli/command.ts';
import { CSV, readHistory, tellNotes } from '../cli/history-input.ts';
import type { HistoryInput, HistoryPaths } from '../cli/history-input.ts';
import { readModel } from '../models/model-input.ts';
import { SOFTWARE } from '../cli/software.ts';
import { readWindows } from '../cli/windows-file.ts';
import { withImportOptions } from './import.ts';

const EXAMPLES = `
Examples:
  What would I have been told since the model was fitted?
    lefton backtest --csv home.csv --model models/home.json
  The same with a fit every week, and held against what is known
    lefton backtest --csv home.csv --model home.json --from 2026-03-24T00:00:00+01:00 --refit-weekly --windows known.json

With --json: one anomaly event a line, then {"summary": …}.`;

interface Options {
  readonly csv: HistoryPaths;
  readonly model: string;
  readonly from?: Instant;
  readonly refitWeekly?: boolean;
  readonly windows?: string;
  readonly pricePerKwh?: number;
  readonly meter?: string;
  readonly json?: boolean;
}

/** `lefton backtest` */
export function backtestCommand(): Command {
  const command = new Command('backtest')
    .description('run a history through detection: what would I have been told?')
    .requiredOption(...CSV)
    .requiredOption('--model <file>', 'the model to begin with')
    .option('--from <instant>', 'tell from here on (default: where the model’s history ended)', instantOption)
    .option('--refit-weekly', 'fit anew every seven days on all that came before')
    .option('--windows <file>', 'what was really left on, to measure against')
    .option('--price-per-kwh <n>', 'for the cost of an episode', numberOption(0))
    .option('--json', 'JSON lines of events, then the summary');
  return withImportOptions(command).addHelpText('after', EXAMPLES).action(action('backtest', run));
}

async function run(options: Options): Promise<number> {
  const model = readModel(options.model);
  const history = await readHistory(options.csv, { ...options, zone: model.zone }, process.stderr);
  tellNotes(history, process.stderr);
  const windows = options.windows === undefined ? [] : readWindows(options.windows);
  const from = options.from ?? parseInstant(model.provenance.until) ?? -Infinity;
  const leftOn = windows.filter(({ label }) => label === 'left_on');
  const weekly = options.refitWeekly === true && model.kind === 'left-on';
  const steps = backtest(history, model, {
    meter: model.meter ?? history.meter,
    policy: {
      ...defaultPolicy,
      pricePerKwh: options.pricePerKwh ?? null,
      away: windows.filter(({ label }) => label === 'away'),
    },
    from: from < (history.at[0] ?? 0) ? (history.at[0] ?? 0) : from,
    leftOn,
    ...(weekly ? { refit: { everyMs: 7 * DAY, fit: refitting(history, model, windows) } } : {}),
  });
  const zone = new Zone(model.zone);
  const events: AnomalyEvent[] = [];
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) {
    events.push(step.value);
    say(options.json === true ? JSON.stringify(toRecord(step.value)) : line(step.value, zone));
  }
  const summary = step.value;
  const remark = remarkOn(summary, model);
  if (remark !== null)
    if (options.json === true) process.stderr.write(`${remark}\n`);
    else say(remark);
  const evaluation = windows.length === 0 ? null : evaluate(events, summary, leftOn);
  say(
    options.json === true
      ? JSON.stringify({ summary: record(summary, evaluation) })
      : told(summary, evaluation),
  );
  return 0;
}

const refitting =
  (history: HistoryInput, model: LeftOnModel, windows: readonly Window[]) =>
  (until: Instant, alarmed: readonly Stretch[]): Model =>
    fit(history satisfies History, {
      zone: model.zone,
      meter: model.meter,
      until,
      falseAlarmsPerMonth: model.false_alarms_per_month,
      alarmed,
      // what was left on is the question here; the answers people gave are not
      windows: windows.filter(({ label }) => label !== 'left_on'),
      holidays: model.holidays.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY),
      fittedOn: history.place,
      sha256: history.sha256,
      software: SOFTWARE,
    });

function evaluate(
  events: readonly AnomalyEvent[],
  summary: BacktestSummary,
  leftOn: readonly Window[],
): Evaluation {
  const { from, until, cleanDays } = summary;
  const windows = leftOn.filter((window) => window.to > from && window.from < until);
  return evaluateAlarms({ alarms: alarmsOf(events, until), windows, cleanDays });
}

/** What a person should know of the figures that follow. */
function remarkOn({ from, until }: BacktestSummary, model: Model): string | null {
  const seenUntil = parseInstant(model.provenance.until) ?? -Infinity;
  // the last reading that a model has learned from may stand there
  if (until <= from)
    return `There are no readings after ${formatUtc(from)}. Fit with --until, or pass --from.`;
  if (from >= seenUntil) return null;
  return 'The model has learned from some of these days: what follows flatters it.';
}

function record(summary: BacktestSummary, evaluation: Evaluation | null): Record<string, unknown> {
  const { from, until, days, readings, verdicts, episodes, refits } = summary;
  return {
    from: formatUtc(from),
    until: formatUtc(until),
    days: Math.round(days * 100) / 100,
    readings,
    verdicts,
    episodes,
    episodes_per_30_days: per30(episodes, days),
    refits,
    ...(evaluation === null
      ? {}
      : {
          windows: evaluation.windows,
          found: evaluation.found,
          recall: evaluation.recall,
          recall_within_1_h: evaluation.recallWithinHour,
          median_delay_min: evaluation.medianDelayMs === null ? null : evaluation.medianDelayMs / 60_000,
          false_alarms: evaluation.falseAlarms,
          false_alarms_per_30_days: evaluation.falseAlarmsPer30Days,
        }),
  };
}

const per30 = (count: number, days: number): number | null =>
  days > 0 ? Math.round((count / days) * 3000) / 100 : null;

const line = (event: AnomalyEvent, zone: Zone): string =>
  `${zone.format(event.at).slice(0, 16).replace('T', ' ')}  ${sentence(event, zone)} ${event.why}`.trimEnd();

function told(summary: BacktestSummary, evaluation: Evaluation | null): string {
  const { days, readings, episodes, refits } = summary;
  const rate = per30(episodes, days);
  const lines = [
    `${counted(Math.round(days), 'day')}, ${counted(readings, 'reading')}${refits > 0 ? `, ${counted(refits, 'refit')}` : ''}: ${counted(episodes, 'alert')}` +
      (rate === null ? '.' : `, ${rate} in 30 days.`),
  ];
  if (evaluation !== null) {
    const { found, windows, falseAlarms, medianDelayMs } = evaluation;
    const delay =
      medianDelayMs === null ? '' : `, half of them within ${Math.round(medianDelayMs / 60_000)} min`;
    lines.push(
      `Of ${counted(windows, 'thing')} left on it found ${found}${delay}; ${counted(falseAlarms, 'alert was', 'alerts were')} false.`,
    );
  }
  return lines.join('\n');
}
