import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Page } from 'playwright-core';
import { HomeAssistant } from '../../../scripts/home-assistant/home-assistant.ts';
import { withoutHomeAssistant } from '../../../scripts/home-assistant/for-tests.ts';
import { HomeSocket } from '../../../scripts/home-assistant/socket.ts';
import { Supervisor } from '../../../scripts/home-assistant/supervisor.ts';
import { aService, until } from '../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../web/a-browser.test-data.ts';

const timeout = 120_000;

after(closeBrowser);

/** A page of somebody who is logged in to Home Assistant, with the session that its own page asks for. */
async function aVisitor(t: TestContext, home: HomeAssistant): Promise<Page> {
  const socket = await HomeSocket.open(home.url, home.token, () => undefined);
  const ask = { endpoint: '/ingress/session', method: 'post' };
  const { session } = (await socket.ask('supervisor/api', ask)) as { session: string };
  await socket.close();
  // the picture of a site that a browser asks for by itself
  const page = await aPage(t, {}, [/favicon\.ico/]);
  await page
    .context()
    .addCookies([
      { name: 'ingress_session', value: session, url: `${home.url}/api/hassio_ingress/`, sameSite: 'Strict' },
    ]);
  return page;
}

/** Readings, as the page itself would send them. */
async function post(page: Page, readings: readonly { at: number; watts: number }[]): Promise<void> {
  const body = JSON.stringify(readings.map(({ at, watts }) => ({ at: new Date(at).toISOString(), watts })));
  const status = await page.evaluate(async (text) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch('api/readings', { method: 'POST', headers, body: text })).status;
  }, body);
  assert.equal(status, 200);
}

test(
  "through a real Home Assistant's ingress the page shows, follows what comes, and takes answers",
  { skip: withoutHomeAssistant() ?? noBrowser },
  async (t) => {
    const supervisor = await Supervisor.start();
    t.after(() => supervisor.stop());
    const { address, token, addOn } = supervisor;
    const starting = HomeAssistant.start({ supervisor: { address, token } });
    t.after(async () => (await starting).stop());
    // others than the ingress are not let in: there is no token
    const service = await aService(t, { host: '0.0.0.0', ingress_from: '127.0.0.1' });
    const local = service.url.replace('0.0.0.0', '127.0.0.1');
    supervisor.serve(local);
    const home = await starting;
    const ours = `${home.url}/api/hassio_ingress/${addOn}/`;
    assert.equal((await fetch(local, { headers: { accept: 'text/html' } })).status, 401);
    assert.equal((await fetch(ours)).status, 401);

    const page = await aVisitor(t, home);
    await page.goto(ours);
    await page.locator('#now').getByText('no reading yet').waitFor({ timeout });
    await page.locator('#connection').getByText('live').waitFor({ timeout });

    // what comes is there within a moment, and not when a proxy has enough of it to pack
    const now = Date.now();
    for (const watts of [420, 560]) {
      await post(page, [{ at: Date.now(), watts }]);
      await page
        .locator('#now')
        .getByText(`${(watts / 1000).toFixed(1)} kW`)
        .waitFor({ timeout });
    }
    const minutes = Array.from({ length: 60 }, (_, i) => i);
    await post(
      page,
      minutes.map((i) => ({ at: now + (i + 1) * 1_000, watts: 9_000 })),
    );
    await page.locator('.standing').getByText('Unusual').waitFor({ timeout });

    const episode = page.locator('.episode').first();
    await episode.getByRole('button', { name: 'That was fine' }).click();
    await episode.getByText('You said: that was fine.').waitFor({ timeout });
    await page.locator('#try-show').click();
    await page
      .locator('#try-status')
      .filter({ hasText: /\d+ episodes? in/ })
      .waitFor({ timeout });

    // in a frame of its page, as the side bar shows it, and nowhere else
    await page.goto(`${home.url}/robots.txt`);
    await page.evaluate(`(() => {
      const frame = document.createElement('iframe');
      frame.src = '${ours}';
      frame.id = 'add-on';
      document.body.replaceChildren(frame);
    })()`);
    await page.frameLocator('#add-on').locator('#now').waitFor({ state: 'attached', timeout });
    await until('it is live in the frame', async () =>
      (await page.frameLocator('#add-on').locator('#connection').innerText()).includes('live'),
    );
    assert.deepEqual(supervisor.unknown, []);
    await page.close();
  },
);
