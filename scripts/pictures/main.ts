import { mkdirSync, writeFileSync } from 'node:fs';
import { pictures } from './pictures.ts';
import { wirings } from './wiring.ts';

const folder = new URL('../../docs/pictures/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, svg] of [...(await pictures()), ...wirings()]) {
  writeFileSync(new URL(name, folder), svg);
  process.stdout.write(`docs/pictures/${name}\n`);
}
