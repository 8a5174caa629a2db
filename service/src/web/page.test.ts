import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join } from 'node:path';
import { after, describe, it, test } from 'node:test';
import type { Page } from 'playwright-core';
import { aFolder, aModelFile, aService, TABLE_JSON, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { WebFiles } from '../http/page/web-files.ts';
import { aPage, closeBrowser, noBrowser } from './a-browser.test-data.ts';
import { aRealHome, aSampleHouse, noRealHome } from './a-home.test-data.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const LARGEST_BYTES = 250_000;

after(closeBrowser);

const summaryOf = (page: Page): Promise<string> => page.locator('#today-summary').innerText();

/** Resolves when the picture of power says that it shows something else. */
const changed = (page: Page, before: string): Promise<void> =>
  until('another stretch is shown', async () => (await summaryOf(page)) !== before);

/** The picture of power has something drawn in this colour of the style sheet. */
const isDrawn = (page: Page, name: string): Promise<boolean> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('#today canvas');
    if (canvas === null) return false;
    const probe = document.createElement('canvas').getContext('2d');
    probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue('--${name}');
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    for (let i = 0; i < data.length; i += 4)
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) return true;
    return false;
  })()`);

/** What axe-core finds serious or worse. */
async function seriousOf(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`));
}

/** Readings of now, as a meter brings them. */
async function post(
  url: string,
  readings: readonly { at: number; watts: number; meter?: string }[],
): Promise<void> {
  const body = JSON.stringify(readings.map((each) => ({ ...each, at: new Date(each.at).toISOString() })));
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${url}/api/readings`, { method: 'POST', headers, body });
  assert.equal(status, 200);
}

test('the page of the sample house', { skip: noBrowser }, async (home) => {
  const { url } = await aSampleHouse(home, { pricePerKwh: 0.3 });

  await home.test('shows the sample house: now, the day over its range, and what was told', async (t) => {
    const page = await aPage(t);
    const asked = new Set<string>();
    page.on('request', (request) => asked.add(new URL(request.url()).origin));
    await page.goto(url);
    await page.locator('#now').getByText('As usual').waitFor();
    const facts = await page.locator('#now dl').innerText();
    assert.match(facts, /Power\s+\d.*W/);
    assert.match(facts, /Usual now\s+\d.*W/);
    assert.match(facts, /Score\s+\d+\.\d\d; from 1\.0 on it is unusual/);
    assert.match(facts, /learned from 111 days, until 2[34] Mar 2026; \d+\.\d alerts in 30 days/);
    assert.match(facts, /Last reading\s+at \d\d:\d\d/);
    await page.getByText(/^Power from .* to .*, between .* and .* kW\.$/).waitFor();
    for (const name of ['range', 'inside', 'outside', 'faint'])
      await until(`${name} is drawn`, () => isDrawn(page, name));
    await page.locator('#connection').getByText('live').waitFor();
    assert.deepEqual([...asked], [url]);
  });

  await home.test(
    'goes from a day to a year and to single readings, by buttons, hand, wheel and keys',
    async (t) => {
      const page = await aPage(t);
      await page.goto(url);
      await page.getByText(/^Power from .* kW\.$/).waitFor();
      for (const name of ['Week', 'Month', 'Year', 'Day']) {
        const before = await summaryOf(page);
        await page.getByRole('button', { name, exact: true }).click();
        await changed(page, before);
        assert.equal(
          await page.getByRole('button', { name, exact: true }).getAttribute('aria-pressed'),
          'true',
        );
      }
      const area = page.locator('#today .u-over');
      const box = (await area.boundingBox()) ?? assert.fail('the picture is not there');
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const acts: readonly (readonly [string, () => Promise<unknown>])[] = [
        [
          'a drag',
          async () => {
            await page.mouse.move(x, y);
            await page.mouse.down();
            await page.mouse.move(x + 200, y);
            await page.mouse.up();
          },
        ],
        [
          'the wheel',
          async () => {
            await page.keyboard.down('Control');
            await page.mouse.wheel(0, -200);
            await page.keyboard.up('Control');
          },
        ],
        ['a button', () => page.getByRole('button', { name: 'Earlier' }).click()],
        ['an arrow', () => page.locator('.figure').press('ArrowLeft')],
        ['a plus', () => page.locator('.figure').press('+')],
        ['a zero', () => page.locator('.figure').press('0')],
      ];
      for (const [what, act] of acts) {
        const before = await summaryOf(page);
        await act();
        await until(`${what} changes what is shown`, async () => (await summaryOf(page)) !== before);
      }
      assert.equal(
        await page.getByRole('button', { name: 'Year', exact: true }).getAttribute('aria-pressed'),
        'false',
      );
      await area.hover();
      await page.getByText(/: .*W, expected .* – .*W$/).waitFor();
    },
  );

  await home.test('takes answers to an episode, and says what they change', async (t) => {
    const page = await aPage(t);
    await page.goto(url);
    const episode = page.locator('.episode').filter({ hasText: 'usually' }).last();
    await episode.getByRole('heading', { name: /kW unusual/ }).waitFor();
    assert.match(await episode.innerText(), /usually .* · .*kWh more than usual · cost \d+\.\d\d · Score \d/);
    await episode.scrollIntoViewIfNeeded();
    await episode.getByRole('img', { name: /^Power around this episode/ }).waitFor();
    await episode.getByText('What was told').click();
    await episode.getByText(/^console: alert, arrived /).waitFor();
    await episode.getByRole('button', { name: 'That was fine' }).press('Enter');
    await episode
      .getByText('You said: that was fine. The next fit learns from it: npx lefton refit')
      .waitFor();
    assert.match(
      await episode.locator('code').innerText(),
      /^npx lefton refit --db \S+ --model \S+ --meter home$/,
    );
    const labels = async (): Promise<unknown[]> => {
      const { episodes } = (await (await fetch(`${url}/api/episodes`)).json()) as {
        episodes: { label: unknown }[];
      };
      return episodes.map(({ label }) => label).filter((label) => label !== null);
    };
    assert.deepEqual(await labels(), ['fine']);
    await episode.getByRole('button', { name: 'Well spotted' }).click();
    await episode.getByText('You said: well spotted.').waitFor();
    assert.deepEqual(await labels(), ['left_on']);
    const before = await summaryOf(page);
    await episode.getByRole('button', { name: 'Show it above' }).click();
    await changed(page, before);
    await page.reload();
    await episode.getByText('You said: well spotted.').waitFor();
  });

  await home.test(
    'shows the picture of power where it is asked for, also from Try it on a phone',
    async (t) => {
      const page = await aPage(t, { viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
      await page.goto(url);
      await page.locator('#try-show').click();
      await page.locator('#try-episodes summary').click();
      for (const list of ['#try-episodes', '#episodes']) {
        const show = page.locator(list).getByRole('button', { name: 'Show it above' }).last();
        await show.scrollIntoViewIfNeeded();
        const inView = (): Promise<boolean> =>
          page.evaluate<boolean>(`(() => {
          const { top, bottom } = document.querySelector('#today .figure').getBoundingClientRect();
          return top >= 0 && bottom <= innerHeight;
        })()`);
        assert.equal(await inView(), false, list);
        await show.click();
        await until(`the picture is in view from ${list}`, inView);
      }
    },
  );

  await home.test('maps the score of each hour, and the usual power of the week', async (t) => {
    const page = await aPage(t);
    await page.goto(url);
    const map = page.locator('#score-map');
    await map.getByRole('img', { name: /The line is 1\.0/ }).waitFor();
    assert.equal(await map.locator('.edge-name').textContent(), '1.0');
    await map.getByText('As a table').click();
    assert.equal(await map.getByRole('row').count(), 25);
    const four = await map.getByRole('row', { name: /^4:00/ }).innerText();
    assert.match(four, /^4:00\s+.*W\s+.*W\s+.*W$/);
    assert.equal(await map.locator('circle.here').isVisible(), true);
    const week = page.getByRole('table', { name: /usual power by weekday/ });
    assert.equal(await week.getByRole('row').count(), 8);
    assert.equal(await week.locator('td[title]').count(), 168);
    assert.match((await week.locator('td[title]').first().getAttribute('title')) ?? '', /^Mon 0:00: .*W$/);
  });

  await home.test('has nothing that axe-core finds serious: by day, and by night on a phone', async (t) => {
    const screens = [
      { colorScheme: 'light', width: 1280 },
      { colorScheme: 'dark', width: 360 },
    ] as const;
    for (const { colorScheme, width } of screens) {
      const page = await aPage(t, { colorScheme, viewport: { width, height: 800 } });
      await page.goto(url);
      await page.getByText(/^Power from .* kW\.$/).waitFor();
      await page.locator('.episode h3').first().waitFor();
      await page.locator('#score-map svg').waitFor();
      await page.getByRole('table', { name: /usual power by weekday/ }).waitFor();
      for (const summary of await page.locator('summary').all()) await summary.click();
      await page.getByRole('row', { name: /^retention_days/ }).waitFor();
      assert.deepEqual(await seriousOf(page), [], `${colorScheme}, ${width} px`);
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
      assert.ok(wide <= width, `${wide} px of ${width}`);
    }
  });

  for (const locale of ['en-GB', 'de-DE', 'fr-FR'])
    await home.test(
      `fits 320 px, and nothing that is not in view yet is an image without a name: ${locale}`,
      async (t) => {
        const page = await aPage(t, { locale, viewport: { width: 320, height: 480 } });
        await page.goto(url);
        await page.locator('.episode h3').first().waitFor({ state: 'attached' });
        await page.locator('#score-map svg').waitFor();
        assert.deepEqual(await seriousOf(page), []);
        assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 320);
      },
    );

  await home.test(
    'shows the week and which stretch is chosen also in colours that people chose',
    async (t) => {
      const page = await aPage(t, { forcedColors: 'active' });
      await page.goto(url);
      await page.getByRole('table', { name: /usual power by weekday/ }).waitFor();
      await page.getByRole('button', { name: 'Week', exact: true }).click();
      const grounds = (of: string): Promise<string[]> =>
        page.evaluate<string[]>(
          `[...new Set([...document.querySelectorAll("${of}")].map((each) => getComputedStyle(each).backgroundColor))]`,
        );
      assert.ok((await grounds('.week td[title]')).length > 2);
      assert.notDeepEqual(
        await grounds("button[aria-pressed='true']"),
        await grounds("button[aria-pressed='false']"),
      );
    },
  );

  await home.test('is drawn anew when the screen turns to night', async (t) => {
    const page = await aPage(t);
    await page.goto(url);
    await until('the day is drawn', () => isDrawn(page, 'range'));
    const ground = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const day = await ground();
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.notEqual(await ground(), day);
    await until('the night is drawn', () => isDrawn(page, 'range'));
  });
});

describe('the page', { skip: noBrowser }, () => {
  it('mutes and unmutes, and tells until when', async (t) => {
    const { url, metrics } = await aService(t);
    const now = Date.now();
    await post(
      url,
      Array.from({ length: 60 }, (_, i) => ({ at: now - (60 - i) * 60_000, watts: i < 20 ? 150 : 9_000 })),
    );
    await until('it is told', () => metrics.events.get({ type: 'opened' }) === 1);
    const page = await aPage(t);
    await page.goto(url);
    await page.locator('.standing').getByText('Unusual').waitFor();
    await page
      .locator('#now')
      .getByText(/^since \d\d:\d\d, for \d+ (s|min)$/)
      .waitFor();
    await page.locator('.episode').getByText('still on').waitFor();
    await page.getByRole('button', { name: 'Mute 2 h' }).click();
    await page
      .locator('.episode')
      .getByText(/No alerts until \d\d:\d\d/)
      .waitFor();
    await page
      .locator('#now')
      .getByText(/Muted until \d\d:\d\d/)
      .waitFor();
    await page.getByRole('button', { name: 'Tell me again' }).click();
    await page
      .locator('#now')
      .getByText(/Muted until/)
      .waitFor({ state: 'hidden' });
  });

  it('shows settings with their source, and no secret', async (t) => {
    const { url } = await aService(t, { token: 'a-token-that-is-secret', allowHost: 'home.example' });
    const page = await aPage(t, { extraHTTPHeaders: { authorization: 'Bearer a-token-that-is-secret' } });
    await page.goto(url);
    await page.locator('#settings summary').click();
    const row = page.getByRole('row', { name: /^allow_host/ });
    assert.match(await row.innerText(), /allow_host\s+\["home\.example"\]\s+--allow-host/);
    assert.match(await page.getByRole('row', { name: /^token/ }).innerText(), /token\s+set\s+--token/);
    assert.match(await page.getByRole('row', { name: /^retention_days/ }).innerText(), /400\s+default/);
    assert.doesNotMatch(await page.content(), /a-token-that-is-secret/);
  });

  it('goes between several meters by their names', async (t) => {
    const { url, metrics } = await aService(t, { meterNames: '{"home":"House","barn":"The barn"}' });
    const now = Date.now();
    const minutes = Array.from({ length: 30 }, (_, i) => now - (30 - i) * 60_000);
    await post(url, [
      ...minutes.map((at) => ({ at, watts: 300 })),
      ...minutes.map((at) => ({ at, watts: 740, meter: 'barn' })),
    ]);
    await until('all is scored', () => metrics.readings.get({ verdict: 'ok' }) === 60);
    const page = await aPage(t);
    await page.goto(url);
    await page.locator('#now').getByText('0.3 kW').waitFor();
    await page.getByLabel('Meter').selectOption({ label: 'The barn' });
    await page.locator('#now').getByText('0.7 kW').waitFor();
    await page.getByText(/^Power from .* between 0\.7 kW and 0\.7 kW\.$/).waitFor();
    await post(url, [{ at: Date.now(), watts: 870, meter: 'barn' }]);
    await page.locator('#now').getByText('0.9 kW').waitFor();
    // the second is where a log-in leads to
    for (const address of [page.url(), url]) {
      await page.goto(address);
      await page.locator('#now').getByText('0.9 kW').waitFor();
      assert.equal(await page.getByLabel('Meter').inputValue(), 'barn');
    }
  });

  it('offers some of very many meters, says so, and shows any that its address names', async (t) => {
    const { url, metrics } = await aService(t);
    const now = Date.now() - 60_000;
    await post(
      url,
      Array.from({ length: 600 }, (_, i) => ({ at: now, watts: 100 + i, meter: `m${i}` })),
    );
    await until('all is scored', () => metrics.readings.get({ verdict: 'ok' }) === 600);
    const page = await aPage(t);
    await page.goto(`${url}?meter=m599`);
    await page.locator('#now').getByText('0.7 kW').waitFor();
    const choice = page.getByLabel('Meter (501 of 601)');
    assert.equal(await choice.inputValue(), 'm599');
    await choice.selectOption('m0');
    await page.locator('#now').getByText('0.1 kW').waitFor();
    await post(url, [{ at: now + 30_000, watts: 300, meter: 'another' }]);
    await page.getByLabel('Meter (500 of 602)').waitFor();
    assert.equal(await page.locator('#meters select').inputValue(), 'm0');
    await page.goto(`${url}?meter=nobody`);
    await page.locator('#now').getByText('0.1 kW').waitFor();
  });

  it('follows what comes, and counts the seconds since', async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t);
    await page.goto(url);
    await page.locator('#now').getByText('none yet').waitFor();
    await page.locator('#now').getByText('no reading yet').waitFor();
    await post(url, [{ at: Date.now(), watts: 420 }]);
    await page.locator('#now').getByText('0.4 kW').waitFor();
    const seconds = async (): Promise<number> =>
      Number(/(\d+) s ago/.exec(await page.locator('#now dl').innerText())?.[1] ?? NaN);
    const first = await seconds();
    assert.ok(first >= 0, 'how long ago the last reading was');
    await until('it counts', async () => (await seconds()) > first);
    await post(url, [{ at: Date.now(), watts: 560 }]);
    await page.locator('#now').getByText('0.6 kW').waitFor();
    await page.getByText(/^Power from .* between 0\.4 kW and 0\.6 kW\.$/).waitFor();
  });

  it('goes on after a restart of the service without a reload, and fills in what it missed', async (t) => {
    const folder = aFolder(t);
    const flags = { db: join(folder, 'home.db'), model: aModelFile(folder, TABLE_JSON) };
    const first = await aService(t, flags);
    await post(first.url, [{ at: Date.now() - 60_000, watts: 420 }]);
    const page = await aPage(t);
    await page.goto(first.url);
    await page.locator('#now').getByText('0.4 kW').waitFor();
    await page.evaluate('window.stillTheSame = true');
    first.stop();
    await first.done;
    await page.getByText('The service does not answer').waitFor();
    const second: RunningService = await aService(t, { ...flags, port: Number(new URL(first.url).port) });
    // the lowest came while the page could not hear it
    await post(second.url, [
      { at: Date.now() - 30_000, watts: 110 },
      { at: Date.now() - 20_000, watts: 780 },
    ]);
    await page.locator('#connection').getByText('live').waitFor();
    await page.locator('#now').getByText('0.8 kW').waitFor();
    await page.getByText(/^Power from .* between 0\.1 kW and 0\.8 kW\.$/).waitFor();
    assert.equal(await page.evaluate('window.stillTheSame'), true);
  });

  it('can be gone through by the keyboard alone, from the way around the head', async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, { reducedMotion: 'reduce' });
    await page.goto(url);
    await page.locator('#settings').waitFor();
    await page.keyboard.press('Tab');
    const focused = (): Promise<string> => page.evaluate('document.activeElement.textContent');
    assert.equal(await focused(), 'To the panels');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await focused(), 'Day');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.equal(await page.getByRole('button', { name: 'Week' }).getAttribute('aria-pressed'), 'true');
    assert.equal(await page.evaluate(`getComputedStyle(document.documentElement).scrollBehavior`), 'auto');
  });

  it('speaks German to who reads German', async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t, { locale: 'de-AT' });
    await page.goto(url);
    await page.getByRole('heading', { name: 'Leistung über dem erwarteten Bereich' }).waitFor();
    assert.equal(await page.evaluate('document.documentElement.lang'), 'de');
  });

  it('works below a prefix, as Home Assistant puts it', async (t) => {
    const { url } = await aService(t);
    const page = await aPage(t);
    const prefix = `${url}/api/hassio_ingress/abc/`;
    await page.route(`${prefix}**`, async (route) => {
      const path = route.request().url().slice(prefix.length);
      await route.continue({ url: `${url}/${path}` });
    });
    await page.goto(prefix);
    await page.locator('#now').getByText('no reading yet').waitFor();
  });

  it('shows a real home', { skip: noRealHome }, async (t) => {
    const { url } = await aRealHome(t);
    const page = await aPage(t);
    await page.goto(url);
    await page.getByText(/^Power from .* kW\.$/).waitFor();
    for (const name of ['range', 'inside', 'faint'])
      await until(`${name} is drawn`, () => isDrawn(page, name));
    await page.getByRole('button', { name: 'Month', exact: true }).click();
    await page
      .getByText(/^Power from .*2013.* kW\.$/)
      .or(page.getByText(/^Power from .* kW\.$/))
      .waitFor();
    await page.locator('.episode').filter({ hasText: 'kW unusual' }).first().waitFor();
    assert.equal(await page.locator('#week-map td[title]').count(), 168);
  });
});

describe('the files of the page', () => {
  it(`are less than ${LARGEST_BYTES / 1000} KB, and JavaScript only`, async () => {
    const files = await new WebFiles().all();
    const bytes = [...files.values()].reduce((sum, { body }) => sum + body.length, 0);
    assert.ok(bytes < LARGEST_BYTES, `${bytes} bytes`);
    for (const [name, { body }] of files) {
      assert.doesNotMatch(name, /\.ts$/);
      if (name.endsWith('.js'))
        assert.doesNotMatch(body.toString('utf8'), /from '[^']*\.ts'|from '[^.]/, name);
    }
  });

  it('are all given, and find each other: none has the name of another in a folder beside', async () => {
    const files = await new WebFiles().all();
    const paths = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
    const names = paths
      .filter((path) => /(?:^|\/)[\w-]+\.ts$/.test(path))
      .map((path) => basename(path, '.ts'));
    assert.ok(names.length > 40);
    assert.deepEqual(names.sort(), [...new Set(names)]);
    assert.deepEqual(
      names.filter((name) => !files.has(`${name}.js`)),
      [],
    );
    for (const { body } of files.values())
      for (const [, name = ''] of body.toString('utf8').matchAll(/(?:from |import\()'\.\/([^']+)'/g))
        assert.ok(files.has(name), name);
  });

  it('are given once, and then only when they have changed', async (t) => {
    const { url } = await aService(t);
    const first = await fetch(`${url}/web/page.js`);
    const etag = first.headers.get('etag') ?? assert.fail('no validator');
    assert.match(first.headers.get('content-type') ?? '', /^text\/javascript/);
    const again = await fetch(`${url}/web/page.js`, {
      headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' },
    });
    assert.equal(again.status, 304);
  });

  it('are a page for browsers, and lines for others, under a policy that runs nothing else', async (t) => {
    const { url } = await aService(t);
    const html = await fetch(url, { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
    assert.match(html.headers.get('content-type') ?? '', /^text\/html/);
    const policy = html.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    const lines = await fetch(url);
    assert.match(lines.headers.get('content-type') ?? '', /^text\/plain/);
    assert.equal((await fetch(`${url}/web/..%2Fmain.ts`)).status, 404);
  });
});
