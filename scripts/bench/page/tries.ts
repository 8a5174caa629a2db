import { DAY, fit, formatUtc, MINUTE } from '@lefton/core';
import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { aYear } from '../year.ts';
import { percentile } from './questions.ts';
import { Server } from '../server.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const DAYS = 90;
/** Scores that the slider is moved to, none twice. */
const SCORES = Array.from({ length: 20 }, (_, i) => ((7 * (i + 1)) % 37) * 0.05 + 0.55);
/** Places of the slider of budgets. */
const BUDGETS = [0, 1, 2, 3, 4, 5];
/** As if somebody looked at the answer: at the first, and at each of the others. */
const [READING_MS, LOOKING_MS] = [3_000, 300];

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** Milliseconds from moving a slider to the answer on the page. */
export interface Moves {
  /** The service has not read the past yet. */
  readonly first: number;
  readonly scores: readonly number[];
  /** Each budget for the first time. */
  readonly budgets: readonly number[];
  /** The same budgets again. */
  readonly again: readonly number[];
  /** A whole `lefton backtest` of the same days. */
  readonly backtest: number;
}

/**
 * Moves the sliders of Try it in a real browser, on the last 90 of a year of minutes.
 * @param db holds the year, up to `now`; nobody else has it open
 * @returns undefined where there is no browser
 */
export async function tries(folder: string, db: string, now: number): Promise<Moves | undefined> {
  if (!existsSync(CHROMIUM)) return undefined;
  const year = await aYear();
  const at = year.at.map((_, i) => now - (year.at.length - i) * MINUTE);
  const from = now - DAYS * DAY;
  const options = { zone: 'Europe/Amsterdam', meter: 'home', falseAlarmsPerMonth: 1, until: from };
  const about = { fittedOn: 'a year of minutes', sha256: null, software: 'bench' };
  const model = join(folder, 'home.json');
  writeFileSync(model, JSON.stringify(fit({ at, watts: year.watts }, { ...options, ...about })));
  const main = path('../../../service/src/main.ts');
  const server = await Server.start(main, ['serve', '--db', db, '--model', model, '--port', '0']);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ locale: 'en-GB' });
    await page.goto(server.url);
    await page.locator('#try-score').waitFor();
    const first = await move(page, 'try-score', 1.45);
    await setTimeout(READING_MS);
    const scores: number[] = [];
    for (const score of SCORES) scores.push(await move(page, 'try-score', score));
    const budgets: number[] = [];
    for (const budget of BUDGETS) budgets.push(await move(page, 'try-budget', budget));
    const again: number[] = [];
    for (const budget of BUDGETS) again.push(await move(page, 'try-budget', budget));
    const csv = join(folder, 'days.csv');
    const rows = Array.from(at, (instant, i) => `${formatUtc(instant)},${year.watts[i] ?? 0}\n`);
    writeFileSync(csv, `at,watts\n${rows.slice(at.findIndex((each) => each >= from - DAY)).join('')}`);
    const begun = performance.now();
    await promisify(execFile)(
      process.execPath,
      [main, 'backtest', '--csv', csv, '--model', model, '--from', formatUtc(from), '--json'],
      { maxBuffer: 64_000_000 },
    );
    return { first, scores, budgets, again, backtest: performance.now() - begun };
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Moves a slider as by hand, and waits for the summary that it brings; then as long as somebody looks at it. */
async function move(page: Page, id: string, value: number): Promise<number> {
  const took = await page.evaluate<number>(`new Promise((resolve) => {
    const status = document.getElementById('try-status');
    const slider = document.getElementById('${id}');
    const begun = performance.now();
    const answered = () => / episodes in /.test(status.textContent);
    status.textContent = '';
    new MutationObserver((_, observer) => {
      if (!answered()) return;
      observer.disconnect();
      resolve(performance.now() - begun);
    }).observe(status, { childList: true, characterData: true, subtree: true });
    slider.value = '${value}';
    slider.dispatchEvent(new Event('input'));
  })`);
  await setTimeout(LOOKING_MS);
  return took;
}

/** The figures as lines. */
export function movesTold({ first, scores, budgets, again, backtest }: Moves): string[] {
  const line = (name: string, values: readonly number[]): string => {
    const [p50, most] = [percentile(values, 0.5), percentile(values, 1)];
    const ratio = `${(p50 / backtest).toPrecision(2)} of it`;
    return `  ${name.padEnd(46)} p50 ${p50.toFixed(0).padStart(5)} ms  at most ${most.toFixed(0).padStart(5)} ms  ${ratio}`;
  };
  return [
    `Try it in a browser, the last ${DAYS} of a year of minutes, from moving a slider to the answer on the page`,
    `  ${'lefton backtest of the same days'.padEnd(46)} ${backtest.toFixed(0).padStart(9)} ms  (the peer)`,
    line('score, first move', [first]),
    line(`score, ${scores.length} moves after it`, scores),
    line(`budget, each of ${budgets.length} for the first time`, budgets),
    line('budget, the same again', again),
  ];
}
