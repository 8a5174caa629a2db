import { button, element } from '../document/element.ts';
import type { HistoryChoices, HistoryJob } from './history-answers.ts';
import type { HistoryHome } from './history-in.ts';

/** Where a model is in use: how the new one stands against it, and which of them it is to be. */
export function choiceOf(
  { texts }: HistoryHome,
  { record, in_use }: HistoryJob,
  choose: (choices: HistoryChoices) => void,
): HTMLElement[] {
  const { historyIn } = texts;
  const verdict = record?.promoted === false ? historyIn.worse : historyIn.better;
  const compared = record === null ? [historyIn.noComparison] : [verdict, ' ', texts.told(record.why)];
  return [
    element('p', {}, historyIn.replaces(in_use?.file ?? ''), ' ', ...compared),
    element(
      'div',
      { class: 'tools' },
      button(historyIn.use, () => {
        choose({ use: true });
      }),
      button(historyIn.leave, () => {
        choose({ use: false });
      }),
    ),
  ];
}
