import type { Means } from './draws.ts';
import type { HomeResult, Row } from './protocol.ts';

const HEADER = ['detector', 'threshold', 'recall', 'within 1 h', 'delay min', 'false/30 d'];
const WIDTHS = [52, 14, 7, 11, 10, 11];

/** A home's result as text for people: one line about the home, then one per detector. */
export function tableOf(result: HomeResult): string {
  const { home, stepMin, days, missing, testDays, rows } = result;
  const windows = rows[0]?.evaluation.windows ?? 0;
  const about =
    `## ${home}: ${days.toFixed(0)} days at ${stepMin} min, ${(missing * 100).toFixed(1)} % missing; ` +
    `${testDays.toFixed(0)} test days, ${windows} left on`;
  return [about, line(HEADER), ...rows.map((row) => line(cellsOf(row)))].join('\n');
}

function cellsOf({ name, reading, threshold, evaluation }: Row): readonly string[] {
  const { recall, recallWithinHour, medianDelayMs, falseAlarmsPer30Days } = evaluation;
  const minutes = medianDelayMs === null ? null : medianDelayMs / 60_000;
  return [
    name,
    threshold === null ? reading : `${reading} ${threshold.toFixed(threshold < 100 ? 2 : 0)}`,
    figure(recall, 2),
    figure(recallWithinHour, 2),
    figure(minutes, 0),
    figure(falseAlarmsPer30Days, 1),
  ];
}

const figure = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '-';

const line = (cells: readonly string[]): string =>
  cells.map((cell, i) => (i === 0 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0))).join('');

/** The result in one JSON line, units in the names. */
export function recordOf({ home, stepMin, days, missing, testDays, rows }: HomeResult): string {
  return JSON.stringify({
    home,
    step_min: stepMin,
    days: Math.round(days),
    missing: Number(missing.toFixed(4)),
    test_days: Number(testDays.toFixed(1)),
    detectors: rows.map(({ name, reading, threshold, evaluation }) => ({
      name,
      reading,
      threshold,
      windows: evaluation.windows,
      recall: evaluation.recall,
      recall_within_hour: evaluation.recallWithinHour,
      median_delay_min: evaluation.medianDelayMs === null ? null : evaluation.medianDelayMs / 60_000,
      false_alarms: evaluation.falseAlarms,
      false_alarms_per_30_days: evaluation.falseAlarmsPer30Days,
    })),
  });
}

/** Means over draws as text for people. */
export function lineOfMeans(home: string, means: Means): string {
  const { recall, recallWithinHour, medianDelayMin, falseAlarmsPer30Days } = means;
  return (
    `${home}: recall ${figure(recall, 2)}, within 1 h ${figure(recallWithinHour, 2)}, ` +
    `delay ${figure(medianDelayMin, 0)} min, false alarms in 30 days ${figure(falseAlarmsPer30Days, 1)}`
  );
}

/** The same in one JSON line. */
export const recordOfMeans = (home: string, means: Means): string =>
  JSON.stringify({
    home,
    recall: means.recall,
    recall_within_hour: means.recallWithinHour,
    median_delay_min: means.medianDelayMin,
    false_alarms_per_30_days: means.falseAlarmsPer30Days,
  });
