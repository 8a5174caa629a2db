import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import type { Outcome } from '../destination.ts';
import { Forwarder, LONGEST_QUEUE } from './forwarder.ts';
import { ServiceDestination } from './service-destination.ts';

const noPause = (): Promise<void> => Promise.resolve();

/** Answers in turn, the last answer for ever; keeps what was taken. */
function destination(...answers: Outcome[]): {
  taken: string[];
  send: (lines: readonly string[]) => Promise<Outcome>;
} {
  const taken: string[] = [];
  return {
    taken,
    send: (lines) => {
      const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'taken';
      if (answer === 'taken') taken.push(...lines);
      return Promise.resolve(answer);
    },
  };
}

const lines = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `2026-03-24T03:12:00Z,${i}`);

test('every line arrives once and in order, also when the service was away for a while', async () => {
  const to = destination('unreachable', 'unreachable', 'taken');
  const forwarder = new Forwarder(to, noPause);
  const sent = lines(2_500);
  for (const line of sent) forwarder.push(line);
  await forwarder.settled();
  assert.deepEqual(to.taken, sent);
  assert.deepEqual(forwarder.counts, { taken: 2_500, refused: 0, dropped: 0, waiting: 0 });
});

test('waits grow up to a minute while the service is away', async () => {
  const waits: number[] = [];
  const answers: Outcome[] = [...Array<Outcome>(10).fill('unreachable'), 'taken'];
  const forwarder = new Forwarder(destination(...answers), (ms) => {
    waits.push(ms);
    return Promise.resolve();
  });
  forwarder.push('x');
  await forwarder.settled();
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
});

test('a batch that is refused does not hold up the next', async () => {
  const to = destination('refused', 'taken');
  const forwarder = new Forwarder(to, noPause);
  forwarder.push('bad');
  await forwarder.settled();
  forwarder.push('2026-03-24T03:12:00Z,200');
  await forwarder.settled();
  assert.deepEqual(forwarder.counts, { taken: 1, refused: 1, dropped: 0, waiting: 0 });
});

test('in a long outage the oldest lines are let go and counted', async () => {
  let reachable: () => void = () => undefined;
  const away = new Promise<void>((resolve) => (reachable = resolve));
  const to = destination('unreachable', 'taken');
  const forwarder = new Forwarder(to, () => away);
  const sent = lines(LONGEST_QUEUE + 10);
  for (const line of sent) forwarder.push(line);
  await Promise.resolve();
  reachable();
  await forwarder.settled();
  assert.equal(forwarder.counts.dropped, 10);
  assert.deepEqual(to.taken, sent.slice(10));
});

/** What `answer` answers, at its address. */
async function aService(t: TestContext, answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('lines that a service rejects of a batch it takes are refused, and the first reason is told', async (t) => {
  let [status, body] = [200, ''];
  const url = await aService(t, (_request, response) => response.writeHead(status).end(body));
  const told: string[] = [];
  const to = new ServiceDestination(url, null, () => undefined);
  const forwarder = new Forwarder(to, noPause, (why) => told.push(why));
  const answered = async (...answer: [number, string]): Promise<void> => {
    [status, body] = answer;
    for (const line of lines(10)) forwarder.push(line);
    await forwarder.settled();
  };
  const rejecting = (rejected_count: number): string =>
    JSON.stringify({
      rejected_count,
      rejected: [
        { row: 2, why: 'watts: found "150 W"' },
        { row: 3, why: '' },
      ],
    });
  await answered(200, rejecting(9));
  assert.deepEqual(forwarder.counts, { taken: 1, refused: 9, dropped: 0, waiting: 0 });
  await answered(422, rejecting(10));
  assert.deepEqual(forwarder.counts, { taken: 1, refused: 19, dropped: 0, waiting: 0 });
  assert.deepEqual(told, ['watts: found "150 W"', 'watts: found "150 W"']);
  await answered(200, rejecting(0));
  assert.deepEqual(forwarder.counts, { taken: 11, refused: 19, dropped: 0, waiting: 0 });
});

test('what answers as no service does has neither taken nor refused: a log-in page, a proxy, a port for TLS', async (t) => {
  let [status, body] = [200, ''];
  const url = await aService(t, (_request, response) => response.writeHead(status).end(body));
  const said: string[] = [];
  const to = new ServiceDestination(url, null, (why) => said.push(why));
  for (status of [200, 204, 400, 413, 422])
    for (body of ['', '<html>', 'null', '[]', '{}', '{"status":"ok"}'])
      assert.equal(await to.send(['x']), 'unreachable', `${status} ${body}`);
  assert.match(
    said[0] ?? '',
    /^127\.0\.0\.1:\d+ answered 200, but not as a LeftOn service does: look at its address/,
  );
});

test('an address that only leads on, as to https, is told with where to', async (t) => {
  const location = 'https://home.example/api/readings';
  const url = await aService(t, (_request, response) => response.writeHead(301, { location }).end());
  const said: string[] = [];
  assert.equal(await new ServiceDestination(url, null, (why) => said.push(why)).send(['x']), 'unreachable');
  assert.match(
    said.join(),
    /answered 301, which leads to https:\/\/home\.example\/api\/readings: set the address/,
  );
});

test('a service below a path of a proxy is asked below that path', async (t) => {
  const asked: (string | undefined)[] = [];
  const url = await aService(t, (request, response) => {
    asked.push(request.url);
    response.end();
  });
  for (const path of ['', '/', '/lefton', '/lefton/'])
    await new ServiceDestination(url + path, null, () => undefined).send(['x']);
  assert.deepEqual(asked, ['/api/readings', '/api/readings', '/lefton/api/readings', '/lefton/api/readings']);
});

test('a service is told the lines as CSV with the token, and its answers are understood', async (t) => {
  const requests: (string | undefined)[][] = [];
  let status = 200;
  const url = await aService(t, (request, response) => {
    requests.push([
      request.method,
      request.url,
      request.headers['content-type'],
      request.headers.authorization,
    ]);
    const detail = status === 421 ? 'Unknown host' : '';
    const answer = status === 200 ? { accepted: 1, rejected_count: 0 } : { status, detail };
    response.writeHead(status).end(JSON.stringify(answer));
  });
  const said: string[] = [];
  const to = new ServiceDestination(url, 'secret', (why) => said.push(why));
  assert.equal(await to.send(['2026-03-24T03:12:00Z,200']), 'taken');
  assert.deepEqual(requests[0], ['POST', '/api/readings', 'text/csv', 'Bearer secret']);
  status = 503;
  assert.equal(await to.send(['x']), 'unreachable');
  for (status of [401, 404, 421]) assert.equal(await to.send(['x']), 'unreachable');
  assert.deepEqual(said, [
    'the service answered 503',
    'the service answered 401: set LEFTON_TOKEN to its token',
    'the service answered 404',
    'the service answered 421: Unknown host',
  ]);
  status = 400;
  assert.equal(await to.send(['x']), 'refused');
  assert.equal(
    await new ServiceDestination('http://127.0.0.1:1', null, () => undefined).send(['x']),
    'unreachable',
  );
});

test('a service that takes the question and says nothing, or half, is told as one without an answer', async (t) => {
  for (const begin of [false, true]) {
    const url = await aService(t, (_request, response) => {
      if (begin) response.write('{');
    });
    const said: string[] = [];
    const to = new ServiceDestination(url, null, (why) => said.push(why), 200);
    assert.equal(await to.send([]), 'unreachable');
    assert.deepEqual(said, ['no answer within 0.2 s']);
  }
});
