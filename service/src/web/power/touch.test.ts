import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CDPSession, Page } from 'playwright-core';
import { aFolder, aModelFile, aService, TABLE_JSON, until } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../a-browser.test-data.ts';
import { aSampleHouse } from '../a-home.test-data.ts';

const timeout = 120_000;
/** What a finger hits without looking, CSS pixels: https://www.w3.org/TR/WCAG22/#target-size-enhanced */
const LEAST_PX = 44;
const PHONE = { viewport: { width: 390, height: 800 }, hasTouch: true, isMobile: true };

after(closeBrowser);

type Finger = readonly [x: number, y: number];

/** Fingers put down, moved in steps, and lifted. */
async function swipe(cdp: CDPSession, from: readonly Finger[], to: readonly Finger[]): Promise<void> {
  const STEPS = 8;
  const points = (share: number): { x: number; y: number; id: number }[] =>
    from.map(([x, y], id) => {
      const [toX, toY] = to[id] ?? [x, y];
      return { x: x + (toX - x) * share, y: y + (toY - y) * share, id };
    });
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: points(0) });
  for (let step = 1; step <= STEPS; step++)
    await cdp.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: points(step / STEPS) });
  await cdp.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}

const summaryOf = (page: Page): Promise<string> => page.locator('#today-summary').innerText();
const changed = (page: Page, before: string): Promise<void> =>
  until('another stretch is shown', async () => (await summaryOf(page)) !== before);

test(
  'on a phone the picture of power is moved and zoomed by fingers, and all is large enough for them',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aSampleHouse(t);
    const page = await aPage(t, PHONE);
    await page.goto(url);
    await page.getByText(/^Power from .* kW\.$/).waitFor({ timeout });
    await page.locator('.episode h3').first().waitFor({ timeout });
    await page.locator('#today .u-over').scrollIntoViewIfNeeded();
    const cdp = await page.context().newCDPSession(page);
    const box = (await page.locator('#today .u-over').boundingBox()) ?? assert.fail('no picture');
    const y = box.y + box.height / 2;
    const x = (share: number): number => box.x + box.width * share;

    const before = await summaryOf(page);
    await swipe(cdp, [[x(0.2), y]], [[x(0.8), y]]);
    await changed(page, before);
    assert.equal(
      await page.getByRole('button', { name: 'Day', exact: true }).getAttribute('aria-pressed'),
      'false',
    );

    // how long a stretch is asked for
    let asked = NaN;
    page.on('request', (request) => {
      const { pathname, searchParams: query } = new URL(request.url());
      if (pathname === '/api/readings')
        asked = Date.parse(query.get('to') ?? '') - Date.parse(query.get('from') ?? '');
    });
    const together: Finger[] = [
      [x(0.45), y],
      [x(0.55), y],
    ];
    const apart: Finger[] = [
      [x(0.1), y],
      [x(0.9), y],
    ];
    await swipe(cdp, together, apart);
    await until('two fingers apart look closer', () => asked < 24 * 3_600_000);
    const close = asked;
    await swipe(cdp, apart, together);
    await until('two fingers together look from farther', () => asked > 2 * close);

    // up and down is still the page
    const scrolled = await page.evaluate<number>('scrollY');
    await swipe(cdp, [[x(0.5), y]], [[x(0.5), y - 200]]);
    await until('the page has scrolled', async () => (await page.evaluate<number>('scrollY')) !== scrolled);

    for (const summary of await page.locator('summary').all()) await summary.tap();
    await page.getByRole('row', { name: /^retention_days/ }).waitFor({ timeout });
    const small = await page.evaluate<
      string[]
    >(`[...document.querySelectorAll('button, select, summary, input, nav a')]
    .filter((each) => each.checkVisibility())
    .map((each) => [each.textContent || each.id, each.getBoundingClientRect()])
    .filter(([, { width, height }]) => height < ${LEAST_PX} || width < ${LEAST_PX})
    .map(([name, { width, height }]) => name + ' ' + Math.round(width) + ' x ' + Math.round(height))`);
    assert.deepEqual(small, []);
    await page.locator('#try-show').tap();
    await page
      .locator('#try-status')
      .filter({ hasText: /episodes? in/ })
      .waitFor({ timeout });
    await page.locator('.episode').getByRole('button', { name: 'Show it above' }).first().tap();
    const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(wide <= PHONE.viewport.width, `${wide} px`);
  },
);

interface Node {
  readonly nodeId: string;
  readonly ignored: boolean;
  readonly parentId?: string;
  readonly childIds?: readonly string[];
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { readonly value: unknown } }[];
}

/** What a screen reader is told of the page. */
async function heardOf(page: Page): Promise<Node[]> {
  const cdp = await page.context().newCDPSession(page);
  const { nodes } = (await cdp.send('Accessibility.getFullAXTree')) as unknown as { nodes: Node[] };
  await cdp.detach();
  return nodes.filter(({ ignored }) => !ignored);
}

const named = (nodes: readonly Node[], role: string): string[] =>
  nodes.filter((node) => node.role?.value === role).map((node) => node.name?.value ?? '');

test(
  'a screen reader finds the state, the episodes and what pictures show, each by its name',
  { skip: noBrowser },
  async (t) => {
    const { url } = await aSampleHouse(t);
    const page = await aPage(t);
    await page.goto(url);
    await page.getByText(/^Power from .* kW\.$/).waitFor({ timeout });
    await page.locator('.episode h3').first().waitFor({ timeout });
    await page.locator('#score-map svg').waitFor({ timeout });
    await page.locator('#week-map table').waitFor({ timeout });
    await page.locator('.episode svg').first().scrollIntoViewIfNeeded();
    await page
      .getByRole('img', { name: /^Power around this episode/ })
      .first()
      .waitFor({ timeout });
    const nodes = await heardOf(page);
    const panels = ['Now', 'Power over the expected range', 'Episodes', 'Try it', 'Score by hour and power'];
    for (const panel of panels) assert.ok(named(nodes, 'region').includes(panel), `region ${panel}`);
    assert.deepEqual(named(nodes, 'main').length, 1);
    assert.ok(named(nodes, 'navigation').includes('Panels'));
    // the state, said politely and as a whole
    const statuses = nodes.filter(({ role }) => role?.value === 'status');
    const live = statuses.map((node) => node.properties?.find(({ name }) => name === 'live')?.value.value);
    assert.ok(live.length >= 3 && live.every((politeness) => politeness === 'polite'), live.join(' '));
    // pictures
    const images = [...named(nodes, 'image'), ...named(nodes, 'img')].filter((name) => name !== '');
    assert.ok(
      images.some((name) => name.startsWith('Power around this episode, from ')),
      images.join('\n'),
    );
    assert.ok(images.some((name) => name.startsWith('Map of the score')));
    assert.ok(named(nodes, 'table').includes('Map of usual power by weekday and hour.'));
    const figure = nodes.find(
      (node) => node.role?.value === 'group' && node.name?.value === 'Power over the expected range',
    );
    assert.ok(figure !== undefined, 'the picture of power');
    // every episode has a heading, and all that can be pressed has a name
    const headings = named(nodes, 'heading');
    assert.ok(headings.filter((name) => / unusual$/.test(name)).length > 0, headings.join('\n'));
    for (const role of ['button', 'slider', 'combobox', 'link', 'progressbar', 'textbox'])
      assert.ok(
        named(nodes, role).every((name) => name.trim() !== ''),
        `${role}: ${named(nodes, role).join(', ')}`,
      );
    assert.ok(named(nodes, 'list').length > 0 && named(nodes, 'slider').length === 2);
  },
);

test('what comes by the second is not read out by the second', { skip: noBrowser }, async (t) => {
  // as usual at whatever hour this runs
  const allDay = { ...TABLE_JSON, high: TABLE_JSON.high.map(() => 1000) };
  const { url } = await aService(t, { model: aModelFile(aFolder(t), allDay) });
  const page = await aPage(t);
  await page.goto(url);
  await page.locator('#now').getByText('no reading yet').waitFor({ timeout });
  await page.evaluate(`(() => {
    window.said = [];
    const live = (node) => node.parentElement?.closest('[role=status], [role=alert], [aria-live]') ?? null;
    new MutationObserver((changes) => {
      for (const { target } of changes) {
        const place = target instanceof Element && target.matches('[role=status]') ? target : live(target);
        if (place !== null) window.said.push(place.textContent);
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  })()`);
  const now = Date.now();
  for (let i = 0; i < 20; i++) {
    const body = JSON.stringify([{ at: new Date(now + i * 1_000).toISOString(), watts: 300 + 10 * i }]);
    await fetch(`${url}/api/readings`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    await page
      .locator('#now')
      .getByText(`${((300 + 10 * i) / 1000).toFixed(1)} kW`)
      .first()
      .waitFor({ timeout });
  }
  const said = await page.evaluate<string[]>('window.said');
  // that all is as usual, once
  assert.ok(said.length <= 2, said.join('\n'));
  assert.ok(
    said.some((text) => text.includes('As usual')),
    said.join('\n'),
  );
});
