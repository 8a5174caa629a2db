import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

// A thread of its own: the 30 MB that the stripping takes go with it.
const files = workerData as readonly string[];
parentPort?.postMessage(files.map((file) => stripTypeScriptTypes(readFileSync(file, 'utf8'))));
