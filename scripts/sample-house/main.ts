import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { csvOf, readmeOf, windowsOf, zipped } from './files.ts';
import { SEED, simulate } from './house.ts';

const folder = fileURLToPath(new URL('../../data/sample-house/', import.meta.url));

const house = simulate(SEED);
const packed = zipped(csvOf(house));
mkdirSync(folder, { recursive: true });
writeFileSync(`${folder}readings.csv.gz`, packed);
writeFileSync(`${folder}windows.json`, windowsOf(house));
writeFileSync(`${folder}README.md`, readmeOf(house));
console.log(`wrote ${folder}: ${house.watts.length} minutes, ${Math.round(packed.length / 1024)} KiB`);
