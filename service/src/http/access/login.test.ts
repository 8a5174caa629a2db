import assert from 'node:assert/strict';
import { createServer, request as httpRequest } from 'node:http';
import type { RequestListener } from 'node:http';
import { after, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { aService } from '../../a-service.test-data.ts';
import { aPage, closeBrowser, noBrowser } from '../../web/a-browser.test-data.ts';

const TOKEN = 'a-secret-of-some-length';
const PREFIX = '/api/hassio_ingress/abc';

after(closeBrowser);

async function aServer(t: TestContext, answer: RequestListener): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

async function logIn(page: Page, token: string): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Log in' }).click();
}

/** What a page of ours would do when somebody answers. */
const post = (page: Page, path: string): Promise<number> =>
  page.evaluate(async (to) => (await fetch(to, { method: 'POST', body: '' })).status, path);

/** Home Assistant as the browser sees it: a page with a frame, and below a prefix what the service answers. */
const anIngress = (t: TestContext, serviceUrl: string): Promise<number> =>
  aServer(t, (request, response) => {
    const { url = '/', method, headers } = request;
    if (!url.startsWith(PREFIX)) {
      response.setHeader('Content-Type', 'text/html');
      response.end(`<title>Home</title><iframe title="LeftOn" src="${PREFIX}/"></iframe>`);
      return;
    }
    const forwarded = { ...headers, 'x-ingress-path': PREFIX, 'x-forwarded-host': headers.host };
    const to = `${serviceUrl}${url.slice(PREFIX.length)}`;
    const asked = httpRequest(to, { method, headers: forwarded }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  });

describe('a person with a browser', { skip: noBrowser }, () => {
  it('is asked for the token, told that it was wrong, and let in with the right one until the log-out', async (t) => {
    const { url } = await aService(t, { token: TOKEN });
    const page = await aPage(t, {}, [/status of 40[01]/]);
    await page.goto(url);
    assert.equal(new URL(page.url()).pathname, '/login');
    await logIn(page, 'wrong');
    await page.getByRole('alert').getByText('That is not the token').waitFor();
    await logIn(page, TOKEN);
    await page.getByRole('heading', { name: 'LeftOn' }).waitFor();
    await page.waitForURL(`${url}/`);
    assert.equal(await post(page, 'api/mute'), 400);
    const [cookie] = await page.context().cookies();
    assert.deepEqual([cookie?.httpOnly, cookie?.sameSite, cookie?.path], [true, 'Strict', '/']);
    await page.reload();
    assert.equal(new URL(page.url()).pathname, '/');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.waitForURL(/\/login/);
    await page.goto(url);
    assert.equal(new URL(page.url()).pathname, '/login');
  });

  it('needs no script for it', async (t) => {
    const { url } = await aService(t, { token: TOKEN });
    const page = await aPage(t, { javaScriptEnabled: false, viewport: { width: 360, height: 640 } });
    await page.goto(url);
    await logIn(page, TOKEN);
    await page.waitForURL(`${url}/`);
  });

  it('comes back by a link from another site without a new log-in, and that site can do nothing', async (t) => {
    const { url } = await aService(t, { token: TOKEN });
    const port = await aServer(t, (_request, response) => {
      response.setHeader('Content-Type', 'text/html');
      response.end(
        `<title>Elsewhere</title><a href="${url}/">LeftOn</a><form method="post" action="${url}/logout"><button>Go</button></form>`,
      );
    });
    const page = await aPage(t, {}, [/status of 403/, /404.*favicon\.ico/]);
    await page.goto(url);
    await logIn(page, TOKEN);
    await page.waitForURL(`${url}/`);
    // another name is another site
    await page.goto(`http://localhost:${port}`);
    await page.getByRole('button', { name: 'Go' }).click();
    await page.getByText('Foreign origin').waitFor();
    await page.goto(`http://localhost:${port}`);
    await page.getByRole('link', { name: 'LeftOn' }).click();
    await page.waitForURL(`${url}/`);
    await page.getByRole('status').getByText('Live').waitFor();
  });

  it('sees the page within Home Assistant, without a token and with all that it loads', async (t) => {
    const service = await aService(t, { token: TOKEN, ingress_from: '127.0.0.1' });
    const port = await anIngress(t, service.url);
    const page = await aPage(t);
    const foreign: string[] = [];
    page.on('request', (request) => {
      const { origin, pathname } = new URL(request.url());
      if (origin !== `http://127.0.0.1:${port}`) foreign.push(request.url());
      else if (pathname !== '/' && !pathname.startsWith(PREFIX) && pathname !== '/favicon.ico')
        foreign.push(pathname);
    });
    await page.goto(`http://127.0.0.1:${port}/`);
    const frame = page.frameLocator('iframe');
    await frame.getByRole('heading', { name: 'LeftOn' }).waitFor();
    const inner = page.frames()[1] ?? assert.fail('there is a frame');
    await frame.locator('.skip', { hasText: /\w/ }).waitFor({ state: 'attached' });
    const status = await inner.evaluate(
      async () =>
        (
          await fetch('api/mute', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: '{"until":null}',
          })
        ).status,
    );
    assert.equal(status, 200);
    assert.deepEqual(foreign, []);
  });
});
