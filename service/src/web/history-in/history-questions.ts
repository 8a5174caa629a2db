import { button, element } from '../document/element.ts';
import { fieldsOf } from './history-fields.ts';
import type { HistoryChoices, HistoryJob } from './history-answers.ts';
import type { HistoryHome } from './history-in.ts';

/** What the person says of the file: what it leaves open first, and whose history it is. */
export function questionsOf(
  { texts: { historyIn } }: HistoryHome,
  job: HistoryJob,
  choose: (choices: HistoryChoices) => void,
): HTMLElement {
  const fields = fieldsOf(historyIn, job);
  const chosen = (): HistoryChoices =>
    fields.reduce<HistoryChoices>((all, field) => ({ ...all, ...field.said() }), {});
  const form = element('form', { class: 'questions', id: 'history-questions' });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    choose(chosen());
  });
  const again = element('button', { type: 'submit' }, historyIn.read);
  const take = button(historyIn.take, () => {
    if (form.reportValidity()) choose({ ...chosen(), take: true });
  });
  const tools = element('div', { class: 'tools' }, ...(job.state === 'read' ? [take, again] : [again]));
  form.append(...fields.flatMap(({ parts }) => parts), tools);
  return form;
}
