import { element } from '../document/element.ts';
import type { HistoryJob } from './history-answers.ts';
import type { HistoryHome } from './history-in.ts';

/** What the importer made of the file, and what has become of it so far. */
export function reportOf(
  { texts, notation, now }: HistoryHome,
  { choices, report, stored, model, used }: HistoryJob,
): HTMLElement {
  const { historyIn } = texts;
  const count = (value: number): string => notation.number(value, 0);
  const rows: (readonly [string, string])[] = [];
  if (report !== null) {
    const { first, last } = report;
    const [from, to] =
      first === null || last === null
        ? ['–', '–']
        : notation.stretch(Date.parse(first), Date.parse(last), now);
    rows.push(
      [historyIn.format, report.format],
      [historyIn.unit, report.unit],
      // a file whose times name their offset says nothing of the home
      [historyIn.zone, choices.zone ?? report.zone],
      [historyIn.readings, historyIn.ofRows(count(report.readings), count(report.rows))],
      [historyIn.from, from],
      [historyIn.to, to],
      [historyIn.gaps, count(report.gaps)],
      [historyIn.duplicates, count(report.duplicates)],
      [historyIn.rejected, count(report.rejected_count)],
    );
  }
  if (stored !== null)
    rows.push([
      historyIn.stored,
      historyIn.storedAs(count(stored.added), count(stored.known), count(stored.too_old + stored.unusable)),
    ]);
  if (model !== null) {
    const days = count(model.days);
    const alerts = model.alerts_per_30_days;
    const quality = alerts === null ? '' : `; ${historyIn.alerts(notation.number(alerts, 1))}`;
    rows.push([
      texts.now.model,
      `${historyIn.learned(days)}${model.why === null ? '' : `; ${texts.told(model.why)}`}${quality}`,
    ]);
    if (used === true) rows.push([historyIn.file, model.file]);
  }
  const facts = rows.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]);
  const rejected = (report?.rejected ?? []).map(({ line, why, file, file_line }) =>
    element(
      'li',
      {},
      `${file === undefined ? '' : `${file}, `}${historyIn.line(String(file_line ?? line), why)}`,
    ),
  );
  const notes = (report?.notes ?? []).map((note) => element('li', {}, note));
  return element(
    'div',
    { id: 'history-report' },
    element('dl', { class: 'facts' }, ...facts),
    ...(notes.length === 0 ? [] : [element('ul', { class: 'quiet small' }, ...notes)]),
    ...(rejected.length === 0
      ? []
      : [
          element(
            'details',
            { id: 'history-rejected', open: true },
            element('summary', {}, historyIn.rejectedLines),
            element('ul', {}, ...rejected),
          ),
        ]),
  );
}
