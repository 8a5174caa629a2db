import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { aFolder, aService, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const SAMPLE = at('data/sample-house/readings.csv.gz');
/** UK-DALE house 2; the folder's README says where it comes from. */
const REAL = at('../shared/data/homes/ukdale_house2_1min.csv.gz');

/** Why the real home is skipped here; false where it is at hand. */
export const noRealHome: string | false = existsSync(REAL) ? false : `there is no ${REAL}`;

/** The sample house, fitted on its past and played to the end: what was left on has been told. */
export function aSampleHouse(t: TestContext, flags: Record<string, unknown> = {}): Promise<RunningService> {
  return aPlayedHome(t, SAMPLE, 'Europe/Amsterdam', '2026-03-24T00:00:00+01:00', 0.5, flags);
}

/** A real home, as canonical readings without those that its source filled in. */
export async function aRealHome(
  t: TestContext,
  flags: Record<string, unknown> = {},
): Promise<RunningService> {
  const csv = join(aFolder(t), 'home.csv');
  const out = createWriteStream(csv);
  out.write('at,watts\n');
  const lines = createInterface({ input: createReadStream(REAL).pipe(createGunzip()) });
  for await (const line of lines) {
    const [time = '', watts = '', , , , , filled] = line.split(',');
    if (filled === '0') out.write(`${time.replace(' ', 'T')}Z,${watts}\n`);
  }
  await once(out.end(), 'close');
  // a larger budget, so that three weeks have something to show
  return aPlayedHome(t, csv, 'Europe/London', '2013-09-20T00:00:00+01:00', 4, flags);
}

async function aPlayedHome(
  t: TestContext,
  csv: string,
  zone: string,
  from: string,
  perMonth: number,
  flags: Record<string, unknown>,
): Promise<RunningService> {
  const model = join(aFolder(t), 'model.json');
  const fit = ['fit', '--csv', csv, '--zone', zone, '--until', from, '--out', model];
  execFileSync(process.execPath, [
    at('service/lefton.js'),
    ...fit,
    '--false-alarms-per-month',
    String(perMonth),
  ]);
  const service = await aService(t, { model, replay: csv, from, speed: 'max', ...flags });
  const ended = (): boolean => service.logged.some((line) => line.includes('a source has ended'));
  await until('the home is played', ended);
  await until('all is told', async () => {
    const { alerts } = (await (await fetch(`${service.url}/api/alerts`)).json()) as {
      alerts: { state: string }[];
    };
    return alerts.length > 0 && alerts.every(({ state }) => state !== 'pending');
  });
  return service;
}
