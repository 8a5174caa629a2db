import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../../..');
const LEFTON = join(ROOT, 'service', 'lefton.js');
const SAMPLE = join(ROOT, 'data', 'sample-house', 'readings.csv.gz');
const SAMPLE_ZONE = 'Europe/Amsterdam';
/** What comes before has been learned, what comes after goes by. */
const REPLAY_FROM = '2026-03-24T00:00:00+01:00';

/** Where a service keeps what it knows. */
export interface ServiceToReview {
  readonly db: string;
  readonly model: string;
  /** The file that the model was fitted on. */
  readonly history: string;
  readonly zone: string | undefined;
}

/**
 * The service of LEFTON_DB, LEFTON_MODEL and LEFTON_HISTORY; without them one that has watched the last days of the
 * sample house, which is simulated, made anew in a temporary folder
 * that goes with this process.
 * @throws Error with what the service said
 */
export async function serviceToReview(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServiceToReview> {
  const { LEFTON_DB: db, LEFTON_MODEL: model, LEFTON_HISTORY: history, LEFTON_ZONE: zone } = env;
  if (db !== undefined && model !== undefined && history !== undefined)
    return { db: resolve(db), model: resolve(model), history: resolve(history), zone };
  if (db !== undefined || model !== undefined)
    throw new Error('LEFTON_DB, LEFTON_MODEL and LEFTON_HISTORY go together: set all three, or none');
  const folder = mkdtempSync(join(tmpdir(), 'lefton-review-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const made = { db: join(folder, 'lefton.db'), model: join(folder, 'sample-house.json') };
  const budget = ['--false-alarms-per-month', '0.5'];
  await lefton(
    'fit',
    '--csv',
    SAMPLE,
    '--zone',
    SAMPLE_ZONE,
    '--until',
    REPLAY_FROM,
    ...budget,
    '--out',
    made.model,
  );
  const replay = ['--replay', SAMPLE, '--from', REPLAY_FROM, '--speed', 'max', '--once'];
  await lefton('serve', '--model', made.model, '--db', made.db, '--port', '0', ...replay);
  return { ...made, history: SAMPLE, zone: SAMPLE_ZONE };
}

async function lefton(...args: readonly string[]): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('LEFTON_'));
  const child = spawn(process.execPath, [LEFTON, ...args], {
    env: Object.fromEntries(own),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`lefton ${args.join(' ')} failed:\n${said}`);
}
