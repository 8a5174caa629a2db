import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';

// A process of its own: the 40 MB that the stripping takes go with it.
const texts = process.argv.slice(2).map((file) => stripTypeScriptTypes(readFileSync(file, 'utf8')));
process.stdout.write(JSON.stringify(texts));
