import { element } from '../document/element.ts';
import type { HistoryChoices, HistoryJob } from './history-answers.ts';
import type { Texts } from '../texts/texts.ts';

/** One thing that is said of an export: what stands in the form, and what was filled in. */
interface HistoryField {
  readonly parts: readonly HTMLElement[];
  said(): HistoryChoices;
}

type Words = Texts['historyIn'];
type Option = readonly [value: string, said: string];

/** The fields of a form: always the home and its zone, and what just this file leaves open. */
export function fieldsOf(words: Words, job: HistoryJob): HistoryField[] {
  return [zoneField(words, job), meterField(words, job), ...openField(words, job), labelsField(words, job)];
}

function openField(words: Words, job: HistoryJob): HistoryField[] {
  switch (job.question) {
    case 'unit':
      return [unitField(words, job)];
    case 'day_first':
      return [dayFirstField(words)];
    case 'entity':
      return [entityField(words, job)];
    case 'file_meter':
      return [fileMeterField(words, job)];
    case 'zone':
    case null:
      return [];
  }
}

function zoneField({ zone }: Words, { choices, report }: HistoryJob): HistoryField {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // a file whose times name their offset says nothing of the home
  const likely = report === null || report.zone === 'UTC' ? here : report.zone;
  const { input, parts } = text('zone', zone, choices.zone ?? likely, Intl.supportedValuesOf('timeZone'));
  return { parts, said: () => ({ zone: input.value }) };
}

function meterField({ meter }: Words, { choices }: HistoryJob): HistoryField {
  const { input, parts } = text('meter', meter, choices.meter ?? '');
  return { parts, said: () => ({ meter: input.value }) };
}

function unitField({ unit }: Words, { asked_of }: HistoryJob): HistoryField {
  const options = asked_of.map((each): Option => [each, each]);
  const { input, parts } = select('unit', unit, options, 'kWh');
  return { parts, said: () => ({ unit: input.value }) };
}

function dayFirstField({ dayFirst, orders }: Words): HistoryField {
  const options: readonly Option[] = [
    ['true', orders.day],
    ['false', orders.month],
  ];
  const { input, parts } = select('day-first', dayFirst, options, 'true');
  return { parts, said: () => ({ day_first: input.value === 'true' }) };
}

function entityField({ entity }: Words, { choices, asked_of }: HistoryJob): HistoryField {
  const { input, parts } = text('entity', entity, choices.entity ?? '', asked_of);
  return { parts, said: () => ({ entity: input.value }) };
}

function fileMeterField({ fileMeter }: Words, { choices, asked_of }: HistoryJob): HistoryField {
  const { input, parts } = text('file-meter', fileMeter, choices.file_meter ?? '', asked_of);
  return { parts, said: () => ({ file_meter: input.value }) };
}

function labelsField({ labels, sides }: Words, { choices }: HistoryJob): HistoryField {
  const options: readonly Option[] = [
    ['', sides.usual],
    ['start', sides.start],
    ['end', sides.end],
  ];
  const { input, parts } = select('labels', labels, options, choices.labels ?? '');
  return { parts, said: () => (input.value === '' ? {} : { labels: input.value }) };
}

interface Filled<Input extends HTMLElement> {
  readonly input: Input;
  readonly parts: readonly HTMLElement[];
}

/** A line to fill in. @param proposed what there is to choose from */
function text(
  name: string,
  label: string,
  value: string,
  proposed: readonly string[] = [],
): Filled<HTMLInputElement> {
  const list = proposed.length === 0 ? null : `history-${name}-list`;
  const input = element('input', { type: 'text', id: `history-${name}`, value, required: true, list });
  const options = proposed.map((each) => element('option', { value: each }));
  const parts = list === null ? [] : [element('datalist', { id: list }, ...options)];
  return { input, parts: [labelled(label, input), ...parts] };
}

function select(
  name: string,
  label: string,
  options: readonly Option[],
  chosen: string,
): Filled<HTMLSelectElement> {
  const input = element(
    'select',
    { id: `history-${name}` },
    ...options.map(([value, said]) => element('option', { value, selected: value === chosen }, said)),
  );
  return { input, parts: [labelled(label, input)] };
}

const labelled = (label: string, input: HTMLElement): HTMLElement =>
  element('div', {}, element('label', { for: input.id }, label), input);
