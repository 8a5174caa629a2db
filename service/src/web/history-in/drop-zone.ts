import { element } from '../document/element.ts';

/** A place to drop files on, or to choose them by its field. @param take gets each time's files */
export function dropZone(
  { drop, knows }: { readonly drop: string; readonly knows: string },
  take: (files: readonly File[]) => void,
): HTMLElement {
  const input = element('input', { type: 'file', id: 'history-file', multiple: true });
  input.addEventListener('change', () => {
    take([...(input.files ?? [])]);
    input.value = '';
  });
  const zone = element(
    'div',
    { class: 'drop', id: 'history-drop' },
    element('label', { for: 'history-file' }, drop),
    input,
    element('p', { class: 'quiet small' }, knows),
  );
  zone.addEventListener('dragover', (event) => {
    event.preventDefault();
    zone.dataset.over = 'true';
  });
  zone.addEventListener('dragleave', () => delete zone.dataset.over);
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    take([...(event.dataTransfer?.files ?? [])]);
  });
  return zone;
}
