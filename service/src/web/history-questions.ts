import { button, element } from './element.ts';
import type { HistoryChoices, HistoryJob } from './history-answers.ts';
import type { HistoryHome } from './history-in.ts';

const UNITS = ['W', 'kW', 'Wh', 'kWh', 'MWh'];

/** What the person says of the file: what it leaves open first, and whose history it is. */
export function questionsOf(
  { texts }: HistoryHome,
  { state, question, choices, report, problem }: HistoryJob,
  choose: (choices: HistoryChoices) => void,
): HTMLElement {
  const { historyIn } = texts;
  const form = element('form', { class: 'questions', id: 'history-questions' });
  const field = <Input extends HTMLElement>(name: string, label: string, input: Input): Input => {
    input.id = `history-${name}`;
    form.append(element('div', {}, element('label', { for: input.id }, label), input));
    return input;
  };
  const text = (name: string, label: string, value: string, list?: string): HTMLInputElement =>
    field(name, label, element('input', { type: 'text', value, required: true, list: list ?? null }));
  const select = (
    name: string,
    label: string,
    options: readonly (readonly [string, string])[],
    chosen: string,
  ): HTMLSelectElement =>
    field(
      name,
      label,
      element(
        'select',
        {},
        ...options.map(([value, said]) => element('option', { value, selected: value === chosen }, said)),
      ),
    );
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = text(
    'zone',
    historyIn.zone,
    choices.zone ?? (report === null || report.zone === 'UTC' ? here : report.zone),
    'history-zones',
  );
  form.append(
    element(
      'datalist',
      { id: 'history-zones' },
      ...Intl.supportedValuesOf('timeZone').map((value) => element('option', { value })),
    ),
  );
  const meter = text('meter', historyIn.meter, choices.meter ?? '');
  const unit =
    question === 'unit'
      ? select(
          'unit',
          historyIn.unit,
          UNITS.map((each) => [each, each]),
          'kWh',
        )
      : undefined;
  const order =
    question === 'day_first'
      ? select(
          'day-first',
          historyIn.dayFirst,
          [
            ['true', historyIn.orders.day],
            ['false', historyIn.orders.month],
          ],
          'true',
        )
      : undefined;
  const list = question === 'entity' || question === 'file_meter' ? 'history-names' : undefined;
  if (list !== undefined) {
    const names = namesIn(problem).map((value) => element('option', { value }));
    form.append(element('datalist', { id: list }, ...names));
  }
  const entity =
    question === 'entity' ? text('entity', historyIn.entity, choices.entity ?? '', list) : undefined;
  const own =
    question === 'file_meter'
      ? text('file-meter', historyIn.fileMeter, choices.file_meter ?? '', list)
      : undefined;
  const labels = select(
    'labels',
    historyIn.labels,
    [
      ['', historyIn.sides.usual],
      ['start', historyIn.sides.start],
      ['end', historyIn.sides.end],
    ],
    choices.labels ?? '',
  );
  const chosen = (): HistoryChoices => ({
    zone: zone.value,
    meter: meter.value,
    ...(unit === undefined ? {} : { unit: unit.value }),
    ...(order === undefined ? {} : { day_first: order.value === 'true' }),
    ...(entity === undefined ? {} : { entity: entity.value }),
    ...(own === undefined ? {} : { file_meter: own.value }),
    ...(labels.value === '' ? {} : { labels: labels.value }),
  });
  const again = element('button', { type: 'submit' }, historyIn.read);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    choose(chosen());
  });
  const take = button(historyIn.take, () => {
    if (form.reportValidity()) choose({ ...chosen(), take: true });
  });
  form.append(element('div', { class: 'tools' }, ...(state === 'read' ? [take, again] : [again])));
  return form;
}

/** The names that a question has found, as it quotes them. */
export const namesIn = (problem: string | null): string[] =>
  (problem?.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((quoted) => JSON.parse(quoted) as string);
