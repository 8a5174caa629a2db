/** Maps lo..hi of the data to from..to on the picture. */
export const scale =
  (lo: number, hi: number, from: number, to: number) =>
  (value: number): number =>
    from + ((value - lo) / (hi - lo)) * (to - from);

/** Points of a path, one decimal; a null lifts the pen. */
export function path(points: readonly (readonly [number, number] | null)[]): string {
  let pen = 'M';
  const parts: string[] = [];
  for (const point of points) {
    if (point === null) {
      pen = 'M';
      continue;
    }
    parts.push(`${pen}${point[0].toFixed(1)} ${point[1].toFixed(1)}`);
    pen = 'L';
  }
  return parts.join('');
}

/** An element with attributes; text is escaped. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text = '',
): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  return text === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${escaped(text)}</${name}>`;
}

/** A whole picture; readable in light and dark. */
export const picture = (width: number, height: number, title: string, elements: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" ` +
      `font-family="system-ui, sans-serif" font-size="13" role="img">`,
    element('title', {}, title),
    element('rect', { width, height, fill: '#ffffff' }),
    ...elements,
    '</svg>\n',
  ].join('\n');

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
