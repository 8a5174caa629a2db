import { DAY } from '@lefton/core';
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aFolder, aService, SetClock, START } from '../../a-service.test-data.ts';
import { Database } from '../../sqlite/database.ts';
import { SqliteStore } from '../../store/store.ts';
import { Sessions } from './sessions.ts';

const TOKEN = 'a-secret-of-some-length';
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request as it is written: fetch would set Host and Origin itself. */
function ask(
  url: string,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${url}${path}`, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

const logIn = (url: string, token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask(url, '/login', { ...FORM, origin: url, ...headers }, 'POST', `token=${encodeURIComponent(token)}`);

/** The cookie as a browser sends it back. */
const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.[0]?.replace(/;.*/, '') ?? '';

const guarded = async (t: TestContext, flags: Record<string, unknown> = {}): Promise<string> =>
  (await aService(t, { token: TOKEN, ...flags })).url;

describe('a service with a token', () => {
  it('leads a browser to its login page from wherever it comes, and others to the header', async (t) => {
    const url = await guarded(t);
    for (const [path, to] of [
      ['/', 'login'],
      ['/api/readings', '../login'],
      ['/a/b/c?d=/e', '../../login'],
    ] as const) {
      const { status, headers } = await ask(url, path, HTML);
      assert.deepEqual([status, headers.location], [303, to], path);
    }
    const { status, headers, text } = await ask(url, '/api/meters');
    assert.deepEqual([status, headers['www-authenticate']], [401, 'Bearer']);
    assert.match(text, /Authorization: Bearer TOKEN, or log in at \/login/);
    assert.equal((await ask(url, '/api/meters', HTML, 'POST')).status, 401);
  });

  it('takes the token on a form, and answers to the cookie until the browser logs out', async (t) => {
    const url = await guarded(t);
    const page = await ask(url, '/login', HTML);
    assert.equal(page.status, 200);
    assert.match(page.text, /<form method="post" action="login">/);
    const answer = await logIn(url, TOKEN);
    assert.deepEqual([answer.status, answer.headers.location], [303, './']);
    const [set = ''] = answer.headers['set-cookie'] ?? [];
    assert.match(set, /^lefton_session=[\w-]{43}; Max-Age=\d+; HttpOnly; SameSite=Strict$/);
    const cookie = `theme=dark; ${cookieOf(answer)}`;
    assert.equal((await ask(url, '/api/session', { cookie })).text, '{"by":"session"}');
    assert.deepEqual((await ask(url, '/login', { cookie })).headers.location, './');
    const out = await ask(url, '/logout', { cookie, origin: url }, 'POST');
    assert.deepEqual([out.status, out.headers.location], [303, 'login']);
    assert.match(out.headers['set-cookie']?.[0] ?? '', /^lefton_session=; Max-Age=0;/);
    assert.equal((await ask(url, '/api/session', { cookie })).status, 401);
  });

  it('sends the cookie by https only where the browser came by https', async (t) => {
    const url = await guarded(t, { allow_host: ['pi.example'] });
    const behind = { host: 'pi.example', origin: 'https://pi.example' };
    assert.match((await logIn(url, TOKEN, behind)).headers['set-cookie']?.[0] ?? '', /; Secure$/);
    const proxied = { 'x-forwarded-proto': 'https' };
    assert.match((await logIn(url, TOKEN, proxied)).headers['set-cookie']?.[0] ?? '', /; Secure$/);
  });

  it('says on the page that a token is wrong, and after ten of them when to try again', async (t) => {
    const service = await aService(t, { token: TOKEN });
    for (let i = 0; i < 10; i++) {
      const { status, text } = await logIn(service.url, `wrong-${i}`);
      assert.equal(status, 401);
      assert.match(text, /role="alert"[^>]*>That is not the token/);
    }
    const { status, headers, text } = await logIn(service.url, TOKEN);
    assert.equal(status, 429);
    assert.match(text, /Too many wrong tokens\. Try again in 10 minutes\./);
    assert.ok(Number(headers['retry-after']) > 0);
    const bearer = await ask(service.url, '/api/meters', { authorization: `Bearer ${TOKEN}` });
    assert.deepEqual([bearer.status, bearer.headers['retry-after'] !== undefined], [429, true]);
    assert.ok(service.logged.some((line) => line.includes('a wrong token was given')));
    assert.ok(!service.logged.join('').includes('wrong-3'));
  });

  it('counts wrong bearer tokens as well, and keeps who has logged in', async (t) => {
    const url = await guarded(t);
    const cookie = cookieOf(await logIn(url, TOKEN));
    for (let i = 0; i < 10; i++)
      assert.equal((await ask(url, '/api/meters', { authorization: `Bearer wrong-${i}` })).status, 401);
    assert.equal((await logIn(url, TOKEN)).status, 429);
    assert.equal((await ask(url, '/api/meters', { cookie })).status, 200);
  });

  it('tells whether it lives without a look at who asks', async (t) => {
    const url = await guarded(t);
    for (const path of ['/healthz', '/readyz'])
      assert.equal((await ask(url, path, { authorization: 'Bearer wrong' })).status, 200, path);
    assert.equal((await ask(url, '/api/meters', { authorization: 'Bearer wrong' })).status, 401);
  });

  it('does not open to made up, cut or foreign cookies', async (t) => {
    const url = await guarded(t);
    const cookie = cookieOf(await logIn(url, TOKEN));
    for (const wrong of [
      'lefton_session=',
      `lefton_session=${'A'.repeat(43)}`,
      cookie.slice(0, -1),
      cookie.replace('lefton_session', 'lefton'),
      `lefton_session=${TOKEN}`,
      ';;=;lefton_session',
    ])
      assert.equal((await ask(url, '/api/meters', { cookie: wrong })).status, 401, wrong);
    assert.equal((await ask(url, '/api/meters', { cookie: `lefton_session=x; ${cookie}` })).status, 200);
  });

  it('takes from a session only changes that the browser calls its own', async (t) => {
    const url = await guarded(t);
    const cookie = cookieOf(await logIn(url, TOKEN));
    const mute = async (headers: Record<string, string>): Promise<number> =>
      (
        await ask(
          url,
          '/api/mute',
          { cookie, 'content-type': 'application/json', ...headers },
          'POST',
          '{"until":null}',
        )
      ).status;
    assert.equal(await mute({}), 403);
    assert.equal(await mute({ origin: 'null' }), 403);
    assert.equal(await mute({ origin: 'http://evil.example' }), 403);
    assert.equal(await mute({ origin: url.replace(/\d+$/, '1') }), 403);
    assert.equal(await mute({ origin: url, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await mute({ origin: url, 'sec-fetch-site': 'same-site' }), 403);
    assert.equal(await mute({ origin: url }), 200);
    assert.equal(await mute({ 'sec-fetch-site': 'same-origin' }), 200);
  });
});

describe('pages of other sites', () => {
  it('may link to the service, and not ask it', async (t) => {
    const { url } = await aService(t);
    const from = (site: string, mode: string): Promise<Answer> =>
      ask(url, '/api/meters', { 'sec-fetch-site': site, 'sec-fetch-mode': mode });
    assert.equal((await from('cross-site', 'no-cors')).status, 403);
    assert.equal((await from('same-site', 'cors')).status, 403);
    assert.equal((await from('cross-site', 'navigate')).status, 200);
    assert.equal((await from('none', 'navigate')).status, 200);
    assert.equal((await from('same-origin', 'cors')).status, 200);
  });

  it('cannot show it in a frame, and browsers take nothing for what it is not: also of refusals', async (t) => {
    const url = await guarded(t);
    for (const path of ['/healthz', '/login', '/api/meters', '/nothing', '/api/%E0%A4%A']) {
      const { headers } = await ask(url, path, path === '/nothing' ? { host: 'evil.example' } : {});
      assert.match(
        String(headers['content-security-policy']),
        /^default-src 'none';.*frame-ancestors 'none'/,
      );
      assert.equal(headers['x-content-type-options'], 'nosniff', path);
      assert.equal(headers['referrer-policy'], 'same-origin', path);
      assert.equal(headers['cache-control'], 'no-store', path);
      assert.match(String(headers['permissions-policy']), /camera=\(\)/, path);
    }
  });

  it('cannot come under a name of their own, but an address may be typed', async (t) => {
    const { url } = await aService(t);
    for (const [host, status] of [
      ['evil.example', 421],
      ['127.0.0.1.evil.example', 421],
      ['192.168.1.5:7420', 200],
      ['[fd00::5]:7420', 200],
    ] as const)
      assert.equal((await ask(url, '/api/meters', { host })).status, status, host);
  });
});

describe("Home Assistant's ingress", () => {
  const PATH = { 'x-ingress-path': '/api/hassio_ingress/abc', host: 'supervisor.invalid' };

  it('needs no token from the address that was named, and may show the page in its own', async (t) => {
    const url = await guarded(t, { ingress_from: '127.0.0.1' });
    const { status, text, headers } = await ask(url, '/api/session', PATH);
    assert.deepEqual([status, text], [200, '{"by":"ingress"}']);
    assert.match(String(headers['content-security-policy']), /frame-ancestors 'self'/);
    assert.equal((await ask(url, '/api/session')).status, 401);
    assert.equal((await ask(url, '/login', PATH)).headers.location, './');
    const forwarded = { ...PATH, 'x-forwarded-host': 'ha.local:8123' };
    const origin = 'http://ha.local:8123';
    assert.equal((await ask(url, '/logout', { ...forwarded, origin }, 'POST')).status, 303);
    assert.equal((await ask(url, '/logout', { ...forwarded, origin: url }, 'POST')).status, 403);
  });

  it('may call from a network that was named', async (t) => {
    const url = await guarded(t, { ingress_from: 'fd00::/64,127.0.0.0/30' });
    assert.equal((await ask(url, '/api/session', PATH)).status, 200);
  });

  it('is believed from one address of IPv6, and from no other of its network', async (t) => {
    for (const [ingress_from, status] of [
      ['::1', 200],
      ['::2', 421],
    ] as const) {
      const { url } = await aService(t, { token: TOKEN, host: '::1', ingress_from });
      assert.equal((await ask(url, '/api/session', PATH)).status, status, ingress_from);
    }
  });

  it('is not believed from any other address', async (t) => {
    const url = await guarded(t, { ingress_from: '172.30.32.2' });
    assert.equal((await ask(url, '/api/session', { 'x-ingress-path': '/x' })).status, 401);
    assert.equal((await ask(url, '/api/session', PATH)).status, 421);
  });

  it('may be the only caller of a service that others can reach', async (t) => {
    const { url } = await aService(t, { host: '0.0.0.0', ingress_from: '127.0.0.1' });
    const reached = url.replace('0.0.0.0', '127.0.0.1');
    assert.equal((await ask(reached, '/api/session', PATH)).status, 200);
    const other = await ask(reached, '/api/session', HTML);
    assert.equal(other.status, 401);
    assert.match(other.text, /set LEFTON_TOKEN/);
    assert.equal((await logIn(reached, '')).status, 400);
    assert.equal((await logIn(reached, 'null')).status, 401);
  });
});

describe('sessions', () => {
  function aStore(t: TestContext): SqliteStore {
    const db = new Database(join(aFolder(t), 'lefton.db'));
    t.after(() => {
      db.close();
    });
    return new SqliteStore(db, new SetClock(), 400);
  }

  it('outlast a restart, and end with another token', (t) => {
    const { sessions: rows } = aStore(t);
    const clock = new SetClock();
    const id = new Sessions(rows, TOKEN, clock).open();
    assert.equal(new Sessions(rows, TOKEN, clock).isOpen(id), true);
    assert.equal(new Sessions(rows, `${TOKEN}!`, clock).isOpen(id), false);
  });

  it('end after 30 days without use', (t) => {
    const { sessions: rows } = aStore(t);
    const clock = new SetClock();
    const sessions = new Sessions(rows, TOKEN, clock);
    const [used, unused] = [sessions.open(), sessions.open()];
    clock.at = START + 20 * DAY;
    assert.equal(sessions.isOpen(used), true);
    clock.at = START + 31 * DAY;
    assert.deepEqual([sessions.isOpen(used), sessions.isOpen(unused)], [true, false]);
  });

  it('last no longer where they began by a clock that was a year ahead', (t) => {
    const { sessions: rows } = aStore(t);
    const clock = new SetClock();
    const sessions = new Sessions(rows, TOKEN, clock);
    clock.at = START + 365 * DAY;
    const id = sessions.open();
    clock.at = START;
    assert.equal(sessions.isOpen(id), true);
    clock.at = START + 31 * DAY;
    assert.equal(sessions.isOpen(id), false);
  });

  it('are a hundred at most: the one that was used longest ago goes', (t) => {
    const { sessions: rows } = aStore(t);
    const clock = new SetClock();
    const sessions = new Sessions(rows, TOKEN, clock);
    const ids = Array.from({ length: 101 }, () => {
      clock.at += 1;
      return sessions.open();
    });
    assert.equal(ids.filter((id) => sessions.isOpen(id)).length, 100);
    assert.equal(sessions.isOpen(ids[0] ?? ''), false);
  });
});
