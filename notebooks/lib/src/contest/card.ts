import { overall } from './standings.ts';
import type { Standings } from './standings.ts';

/** What the table calls who was entered; others by their own name. */
const SHORT = new Map([
  ['min-max table, above its 1.0', 'min-max, its 1.0'],
  ['min-max of readings (the article)', 'min-max readings'],
  ['min-max of the trailing hour', 'min-max hour'],
  ['z-score over 30 min', 'z-score 30 min'],
  ['above X W for 30 min', 'X W 30 min'],
  ['means and floors 10-240 min', 'means, floors'],
]);

/**
 * The table of the model's card (docs/model.md) in Markdown: share that was found / false alarms in 30 days. The last row is
 * that of all homes but the first, which is simulated.
 */
export function cardTable(homes: readonly Standings[]): string[] {
  const real = homes.slice(1);
  const names = homes[0]?.standings.map(({ name }) => SHORT.get(name) ?? name) ?? [];
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    row(['home', 'step', ...names]),
    row(['---', '---', ...names.map(() => '---')]),
    ...homes.map(({ home, stepMin, standings }) =>
      row([
        home,
        stepMin % 60 === 0 ? `${stepMin / 60} h` : `${stepMin} min`,
        ...standings.map(({ evaluation }) => figures(evaluation.recall, evaluation.falseAlarmsPer30Days)),
      ]),
    ),
    row([
      `**the ${real.length} real ones**`,
      '',
      ...overall(real).map(({ recall, falseAlarmsPer30Days }) => figures(recall, falseAlarmsPer30Days)),
    ]),
  ];
}

const figures = (recall: number | null, falseAlarms: number | null): string =>
  `${recall?.toFixed(2).replace(/^0/, '') ?? '-'} / ${falseAlarms?.toFixed(1) ?? '-'}`;
