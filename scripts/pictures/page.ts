import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { realPause } from '../../service/src/runtime/clock.ts';
import { readSettings } from '../../service/src/settings/read.ts';
import { Log } from '../../service/src/telemetry/log.ts';
import { startService } from '../../service/src/service.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const LEARNED_UNTIL = '2026-03-18T00:00:00+01:00';
/** In the morning of the day on which a heater was left on. */
const SHOWN_AT = Date.parse('2026-03-24T07:30:00+01:00');
/** A picture is looked at over a slow line as well. */
const LARGEST_BYTES = 150_000;
/** For ffmpeg: an indexed picture takes a third. */
const FEWER_COLOURS = 'split[a][b];[a]palettegen=max_colors=128[p];[b][p]paletteuse=dither=none';

const SHOTS = [
  { name: 'page', colorScheme: 'light', viewport: { width: 1280, height: 860 } },
  { name: 'page-dark', colorScheme: 'dark', viewport: { width: 1280, height: 860 } },
  { name: 'page-phone', colorScheme: 'light', viewport: { width: 360, height: 760 } },
] as const;

/** The readings of the sample house up to the picture. */
function readingsUntil(file: string): void {
  const rows = gunzipSync(readFileSync(at('data/sample-house/readings.csv.gz')))
    .toString('utf8')
    .split('\n');
  const shown = rows.filter((row, i) => i === 0 || Date.parse(row.split(',')[0] ?? '') < SHOWN_AT);
  writeFileSync(file, `${shown.join('\n')}\n`);
}

async function shoot(
  browser: Browser,
  url: string,
  folder: string,
  { name, ...options }: (typeof SHOTS)[number],
): Promise<void> {
  const page = await browser.newPage({ ...options, locale: 'en-GB', reducedMotion: 'reduce' });
  await page.goto(url);
  await page.locator('.standing').getByText('Unusual').waitFor();
  await page.getByText(/^Power from .* kW\.$/).waitFor();
  // on a phone it is further down
  const isInView = options.viewport.width > 800;
  if (isInView) await page.locator('.episode path.outside').first().waitFor({ state: 'attached' });
  await page.waitForLoadState('load');
  keep(name, folder, await page.screenshot());
  await page.close();
}

/** An export on its way in, and what can be taken out again. */
async function shootHistory(browser: Browser, url: string, folder: string): Promise<void> {
  const viewport = { width: 900, height: 900 };
  const page = await browser.newPage({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
  const status = (text: RegExp): Promise<void> =>
    page.locator('#history-status', { hasText: text }).waitFor({ timeout: 400_000 });
  const panel = page.locator('#history-in');
  await page.goto(url);
  await page.locator('#history-file').setInputFiles(at('data/sample-house/readings.csv.gz'));
  await status(/leaves something open|is read: look at it/);
  await page.locator('#history-meter').fill('cabin');
  await page.locator('#history-zone').fill('Europe/Amsterdam');
  const asks = page.getByRole('button', { name: 'Read it so' });
  if (await asks.isVisible()) await asks.click();
  await status(/is read: look at it/);
  await page.getByRole('button', { name: 'Take it in and fit a model' }).click();
  // a fast machine may be done before anybody looks
  await status(/a model is fitted|has its history and its model/);
  keep('page-history-fit', folder, await panel.screenshot());
  await page.locator('#history-undo button').waitFor({ timeout: 400_000 });
  keep('page-history-undo', folder, await panel.screenshot());
  await page.close();
}

function keep(name: string, folder: string, picture: Uint8Array): void {
  const path = at(`docs/pictures/${name}.png`);
  const shot = join(folder, `${name}.png`);
  writeFileSync(shot, picture);
  execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-i', shot, '-filter_complex', FEWER_COLOURS, path]);
  const { size } = statSync(path);
  if (size > LARGEST_BYTES) throw new Error(`${path}: ${size} bytes are too many`);
  process.stdout.write(`docs/pictures/${name}.png\n`);
}

const folder = mkdtempSync(join(tmpdir(), 'lefton-'));
try {
  const [readings, models] = [join(folder, 'readings.csv'), join(folder, 'models')];
  mkdirSync(models);
  const model = join(models, 'sample-house.json');
  readingsUntil(readings);
  const fit = ['--csv', readings, '--zone', 'Europe/Amsterdam', '--until', LEARNED_UNTIL, '--out', model];
  execFileSync(process.execPath, [at('service/lefton.js'), 'fit', ...fit, '--false-alarms-per-month', '0.5']);
  const settings = readSettings(
    'serve',
    {
      db: join(folder, 'lefton.db'),
      model: 'models',
      port: 0,
      replay: readings,
      from: LEARNED_UNTIL,
      speed: 'max',
    },
    {},
  ).settings;
  // the page names the model file, which is to look as at home
  process.chdir(folder);
  let played = (): void => undefined;
  const ended = new Promise<void>((resolve) => (played = resolve));
  const log = new Log((line) => {
    if (line.includes('a source has ended')) played();
  }, Date.now);
  const stdin = new PassThrough();
  const world = { print: () => undefined, log, stdin, pause: realPause, random: () => 0.5 };
  const service = await startService(settings, world);
  await ended;
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  for (const shot of SHOTS) await shoot(browser, service.url, folder, shot);
  await shootHistory(browser, service.url, folder);
  await browser.close();
  service.stop();
  await service.done;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
