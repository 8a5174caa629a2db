import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../..');
const LEFTON = join(ROOT, 'service', 'lefton.js');
const SAMPLE = join(ROOT, 'data', 'sample-house', 'readings.csv.gz');
const SAMPLE_ZONE = 'Europe/Amsterdam';
/** What comes before has been learned, what comes after goes by. */
const REPLAY_FROM = '2026-03-24T00:00:00+01:00';

/** Where a service keeps what it knows. */
export interface ServiceToReview {
  /** What is looked at, and why where that is not what was set. */
  readonly name: string;
  readonly db: string;
  readonly model: string;
  /** An export that reaches further back than the readings that the service has kept; null: those. */
  readonly history: string | null;
}

/** How a service of one's own is named. */
const HOW = 'LEFTON_DB and LEFTON_MODEL name a service';

/**
 * The service of LEFTON_DB and LEFTON_MODEL, with LEFTON_HISTORY where that is set; without them one that has watched the
 * last days of the sample house, which is simulated, made anew in a temporary folder that goes with this process.
 * @throws Error with what the service said
 */
export async function serviceToReview(
  env: Readonly<Record<string, string | undefined>>,
): Promise<ServiceToReview> {
  const { LEFTON_DB: db, LEFTON_MODEL: model, LEFTON_HISTORY: history } = env;
  if (db !== undefined && model !== undefined)
    return {
      ...{ name: db, db: resolve(db), model: resolve(model) },
      history: history === undefined ? null : resolve(history),
    };
  if (db !== undefined || model !== undefined) throw new Error(`${HOW}: set both, or none`);
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
  const name = history === undefined ? '' : `, not ${history}, which is a history: ${HOW}`;
  return { ...made, name: `sample house, simulated${name}`, history: SAMPLE };
}

/** The command that does what the review has decided. */
export const refitCommand = ({ db, model, history }: ServiceToReview): string =>
  `npx lefton refit ${history === null ? '' : `--csv ${history} `}--db ${db} --model ${model}`;

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
