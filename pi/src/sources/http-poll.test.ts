import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, heardOf, realPause, until } from '../a-capture.test-data.ts';
import { HttpPoll } from './http-poll.ts';

async function aDevice(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function listen(t: TestContext, url: string) {
  const { log, lines } = aLog();
  const settings = { url, everyMs: 1_000, path: null, unit: 'W' as const };
  const quick = (ms: number, signal: AbortSignal) => realPause(Math.min(ms, 20), signal);
  const source = new HttpPoll(settings, log, quick, () => performance.now());
  return { source, heard: heardOf(t, source), lines };
}

describe('a device that is asked', () => {
  it('is heard, and what it does not tell is a gap', async (t) => {
    const page = '<html>log in</html>';
    const answers = ['{"total_act_power":100}', page, page, '', '{"total_act_power":200}'];
    const url = await aDevice(t, (_request, response) => response.end(answers.shift() ?? ''));
    const { heard, lines } = listen(t, url);
    await until('two are heard', () => heard.length === 2);
    assert.deepEqual(
      heard.map(({ watts }) => watts),
      [100, 200],
    );
    const reasons = lines.map((line) => /its answer tells no power: ([^"]+)/.exec(line)?.[1]);
    assert.deepEqual(reasons, ['it is a page, and no JSON', 'it is empty'], 'each said once');
  });

  it('and gives no power is told with the reason, and what to do', async (t) => {
    const says = async (url: string, reason: RegExp): Promise<void> => {
      const { lines } = listen(t, url);
      await until('it is told', () => lines.length > 0);
      assert.match(lines[0] ?? '', reason);
    };
    await says('http://127.0.0.1:39999/x', /ECONNREFUSED/);
    await says('http://no-such-host.invalid/x', /(ENOTFOUND|EAI_AGAIN) no-such-host\.invalid/);
    const moved = await aDevice(t, (_request, response) =>
      response.writeHead(302, { location: '/rpc/EM.GetStatus?id=0' }).end(),
    );
    await says(
      moved,
      /it answered 302: poll_url should be http:\/\/127\.0\.0\.1:\d+\/rpc\/EM\.GetStatus\?id=0/,
    );
    const locked = await aDevice(t, (_request, response) => response.writeHead(401).end());
    await says(locked, /it asks for a password \(401\)/);
  });
});
