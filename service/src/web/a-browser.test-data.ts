import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { TestContext } from 'node:test';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const IS_REQUIRED = process.env.REQUIRE_BROWSER !== undefined;

/** Why tests in a browser are skipped here; false where they run. */
export const noBrowser: string | false =
  existsSync(CHROMIUM) || IS_REQUIRED
    ? false
    : `there is no ${CHROMIUM}: install Debian's package chromium, or name another with CHROMIUM`;

let browser: Promise<Browser> | undefined;

/** One browser for all tests of a file; closed with it. */
export async function closeBrowser(): Promise<void> {
  await (await browser)?.close();
}

/**
 * A page of its own, closed with the test, which fails on whatever the page reports as an error.
 * @param meant errors that the test provokes
 */
export async function aPage(
  t: TestContext,
  options: BrowserContextOptions = {},
  meant: readonly RegExp[] = [],
): Promise<Page> {
  browser ??= chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  const context = await (
    await browser
  ).newContext({
    locale: 'en-GB',
    viewport: { width: 1280, height: 900 },
    ...options,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error.stack)));
  page.on('console', (message) => {
    // a service that is away is what some tests are about
    const error = `${message.text()} ${message.location().url}`;
    const isMeant = [/net::ERR_/, ...meant].some((pattern) => pattern.test(error));
    if (message.type() === 'error' && !isMeant) errors.push(error);
  });
  t.after(async () => {
    await context.close();
    assert.deepEqual(errors, []);
  });
  return page;
}
