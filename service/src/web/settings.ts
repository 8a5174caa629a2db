import { element } from './document/element.ts';
import type { Panel } from './panel.ts';
import { failure, service } from './service.ts';

/** What is set and where; to be read, not changed. */
export const settings: Panel = {
  id: 'settings',
  title: (texts) => texts.settings.title,
  wide: true,
  fill(root, { texts }) {
    const body = element('tbody');
    const head = [texts.settings.key, texts.settings.value, texts.settings.source];
    const table = element(
      'table',
      {},
      element('thead', {}, element('tr', {}, ...head.map((text) => element('th', { scope: 'col' }, text)))),
      body,
    );
    const details = element('details', {}, element('summary', {}, texts.settings.title), table);
    root.append(element('p', { class: 'quiet' }, texts.settings.how), details);
    const load = async (): Promise<void> => {
      const rows = await service.settings();
      // what somebody chose comes first
      const chosen = rows.filter(({ source }) => source !== null);
      const others = rows.filter(({ source }) => source === null);
      body.replaceChildren(
        ...[...chosen, ...others].map(({ key, value, source }) =>
          element(
            'tr',
            {},
            element('th', { scope: 'row' }, element('code', {}, key)),
            element('td', {}, element('code', {}, value)),
            element('td', {}, source === null ? texts.settings.unset : element('code', {}, source)),
          ),
        ),
      );
    };
    details.addEventListener('toggle', () => {
      if (details.open)
        load().catch((error: unknown) => {
          body.replaceChildren(element('tr', {}, element('td', {}, failure(error, texts))));
        });
    });
  },
};
