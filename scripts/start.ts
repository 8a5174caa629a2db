import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const at = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));
const lefton = (...args: readonly string[]): string[] => [at('service/lefton.js'), ...args];

/** The days of the sample house that the demo replays; what comes before is its history. */
const REPLAY_FROM = '2026-03-24T00:00:00+01:00';
/** Simulated seconds per second: an hour a second to look at, ten hours a second where it is to end by itself. */
const SPEED = { watch: '3600', once: '36000' };

const args = process.argv.slice(2);
const once = args.includes('--once');
const given = args.filter((arg) => arg !== '--once');
const configured =
  given.some((arg) => /^--(?:config|model)\b/.test(arg)) ||
  'LEFTON_MODEL' in process.env ||
  'LEFTON_CONFIG' in process.env;

process.exitCode = configured ? await serve([...args]) : await watchSampleHouse();

/** With no configuration: fit the sample house on its history, then watch its last days go by. */
async function watchSampleHouse(): Promise<number> {
  const house = at('data/sample-house/readings.csv.gz');
  const folder = mkdtempSync(join(tmpdir(), 'lefton-'));
  // a folder, so that the model of a home that is dropped on the page has its place
  const models = join(folder, 'models');
  const model = join(models, 'sample-house.json');
  try {
    process.stdout.write('Watching the sample house, which is SIMULATED; see data/README.md for your own.\n');
    const fit = ['--csv', house, '--zone', 'Europe/Amsterdam', '--until', REPLAY_FROM, '--out', model];
    fit.push('--false-alarms-per-month', '0.5');
    const { status } = spawnSync(process.execPath, lefton('fit', ...fit), { stdio: 'inherit' });
    if (status !== 0) return status ?? 1;
    const replay = ['--replay', house, '--from', REPLAY_FROM, '--speed', once ? SPEED.once : SPEED.watch];
    const db = ['--db', join(folder, 'lefton.db'), '--model', models];
    return await serve([...db, ...replay, ...(once ? ['--once'] : []), ...given]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs the service until it ends; signals reach it, and its exit code is ours. */
async function serve(options: readonly string[]): Promise<number> {
  const service = spawn(process.execPath, lefton('serve', ...options), {
    stdio: ['inherit', 'inherit', 'pipe'],
  });
  // people look at this terminal: of the log they are shown what is not in order
  const log = createInterface({ input: service.stderr });
  log.on('line', (line) => {
    if (!line.includes('"level":"info"')) process.stderr.write(`${line}\n`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // a terminal sends Ctrl-C to both; a second signal from here would force the stop
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) service.kill(signal);
    });
  }
  return new Promise((resolve) => {
    service.on('exit', (code) => {
      resolve(code ?? 1);
    });
  });
}
