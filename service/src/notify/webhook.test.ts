import type { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../channel.ts';
import type { Message } from '../channel.ts';
import { aToldMessage, unheard } from './a-told-message.test-data.ts';
import { cutting, hanging, saying, stalling } from './a-web-server.test-data.ts';
import { aWebhook } from './a-webhook.test-data.ts';
import { WebhookChannel } from './webhook.ts';
import type { WebhookSettings } from './webhook.ts';

const START = Date.UTC(2026, 2, 24, 2, 12);
const SECRET = 'T0pSecret of this home';
const PATH = '/in/T0pPath?key=T0pQuery';

async function aChannel(t: TestContext, settings: Partial<WebhookSettings> = {}) {
  const clock = { ms: START, now: () => clock.ms };
  const server = await aWebhook(t, { now: () => START }, SECRET);
  const channel = new WebhookChannel({ url: `${server.url}${PATH}`, secret: SECRET, ...settings }, clock);
  t.after(() => channel.close());
  const deliver = (message: Message = aToldMessage()): Promise<string> => channel.deliver(message, unheard);
  return { server, channel, clock, deliver };
}

async function faultOf(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DeliveryError, inspect(error));
  assert.doesNotMatch(inspect(error, { depth: 9 }), /T0p/);
  return error;
}

describe('a webhook', () => {
  it('gets the whole message, signed, at its URL', async (t) => {
    const { server, deliver } = await aChannel(t);
    const message = aToldMessage();
    assert.equal(await deliver(), 'HTTP 204');
    const { id, severity, title, text, speech, zone, records } = message;
    assert.deepEqual(
      [...server.taken],
      [[id, { v: 1, id, severity, title, text, speech, zone, events: records }]],
    );
    const [asked] = server.asked;
    assert.deepEqual([asked?.path, asked?.headers['content-type']], [PATH, 'application/json']);
  });

  it('row 52: gets a repeated message under the same key, and drops it', async (t) => {
    const { server, deliver, channel } = await aChannel(t);
    for (let n = 0; n < 60; n++) await deliver();
    assert.equal(server.asked.length, 60);
    assert.equal(server.taken.size, 1);
    assert.equal(channel.idempotent, true);
  });

  it('without a secret gets no signature', async (t) => {
    const { server, deliver } = await aChannel(t, { secret: null });
    const { code, found } = await faultOf(deliver());
    assert.deepEqual([code, found], ['token_refused', 'HTTP 401 bad signature']);
    assert.equal(server.asked.at(0)?.headers['x-lefton-signature'], undefined);
    assert.equal(server.asked[0]?.headers['x-lefton-timestamp'], String(START / 1000));
  });

  it('refuses another secret, and what was signed long ago', async (t) => {
    const other = await aChannel(t, { secret: 'another secret than this home has' });
    assert.equal((await faultOf(other.deliver())).code, 'token_refused');
    const { deliver, clock } = await aChannel(t);
    clock.ms -= 600_000;
    assert.equal((await faultOf(deliver())).code, 'token_refused');
  });

  it('may have user and password in its URL', async (t) => {
    const { server } = await aChannel(t);
    const url = server.url.replace('://', '://me:T0pPassword@');
    const channel = new WebhookChannel({ url, secret: SECRET }, { now: () => START });
    await channel.deliver(aToldMessage(), unheard);
    assert.equal(
      server.asked[0]?.headers.authorization,
      `Basic ${Buffer.from('me:T0pPassword').toString('base64')}`,
    );
  });

  it('row 59: says why it refuses, and its URL is told nowhere', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.instead = (asked, response) => {
      saying(404, JSON.stringify({ message: `no ${asked.path}`, code: 10015 }))(asked, response);
    };
    const error = await faultOf(deliver());
    assert.deepEqual([error.code, error.faultClass], ['webhook_refused', 'fatal']);
    assert.equal(error.found, 'HTTP 404 10015 no /***/***?key=***');
  });

  it('that never answers is tried again, with no doubt: it knows the key', async (t) => {
    const { server, deliver } = await aChannel(t, { timeoutMs: 500 });
    server.instead = hanging;
    const { code, faultClass, doubtful } = await faultOf(deliver());
    assert.deepEqual([code, faultClass, doubtful], ['webhook_away', 'transient', false]);
  });

  it('that took it has taken it, though the rest of its answer never comes', async (t) => {
    const { server, deliver } = await aChannel(t, { timeoutMs: 1_000 });
    for (const reply of [stalling(201), cutting(201)]) {
      server.instead = reply;
      assert.equal(await deliver(), 'HTTP 201');
    }
  });

  it('that redirects is refused: what is sent goes to no other place', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.instead = saying(307, '', { location: 'https://elsewhere.example.com/T0pOther' });
    const { faultClass, message } = await faultOf(deliver());
    assert.equal(faultClass, 'fatal');
    assert.match(message, /not a redirect.*HTTP 307 to https:\/\/elsewhere\.example\.com$/);
  });
});

describe('a check', () => {
  it('connects, asks nothing, and says so', async (t) => {
    const { server, channel } = await aChannel(t);
    assert.equal(
      await channel.check(),
      `${server.url} takes connections; what it does with a message shows with the first one`,
    );
    assert.deepEqual(server.asked, []);
    server.stop();
    assert.equal((await faultOf(channel.check())).found, 'ECONNREFUSED');
  });
});

it('a URL that is none, or a short secret, is refused before anything is sent, without being repeated', () => {
  const made = (changes: Partial<WebhookSettings>) => (): unknown =>
    new WebhookChannel({ url: 'https://host/T0p', secret: null, ...changes }, { now: () => START });
  const quiet = (code: string) => (error: LeftOnError) =>
    error.code === code && !error.message.includes('T0p');
  for (const url of ['', 'host/T0p', 'file:///T0p', 'https://'])
    assert.throws(made({ url }), quiet('bad_url'));
  assert.throws(made({ secret: 'T0pSecret' }), quiet('bad_secret'));
});

describe('the example of docs/webhook.md', () => {
  const page = readFileSync(new URL('../../../docs/webhook.md', import.meta.url), 'utf8');
  const python = spawnSync('python3', ['--version']).status === 0;
  for (const { language, command, skip } of [
    { language: 'python', command: ['python3', '-c'], skip: !python },
    { language: 'js', command: [process.execPath, '--input-type=module', '-e'], skip: false },
  ])
    it(`in ${language} takes what was sent, and nothing else`, { skip }, async (t) => {
      const example = new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';
      assert.ok(example.includes('def is_genuine(') || example.includes('function isGenuine('));
      const { server, deliver } = await aChannel(t);
      await deliver();
      const [asked] = server.asked;
      assert.ok(asked !== undefined);
      const { headers, body } = asked;
      const timestamp = String(headers['x-lefton-timestamp']);
      const signature = String(headers['x-lefton-signature']);
      const now = START / 1000;
      const cases = [
        [SECRET, timestamp, body, signature, now],
        [SECRET, timestamp, `${body} `, signature, now],
        [SECRET, String(now + 1), body, signature, now],
        [SECRET, timestamp, body, signature, now + 301],
        [SECRET, timestamp, body, 'sha256=é', now],
        [`${SECRET}!`, timestamp, body, signature, now],
      ];
      const call = {
        python: `import sys\nprint(json.dumps([is_genuine(*case) for case in json.loads(sys.argv[1])]))`,
        js: 'console.log(JSON.stringify(JSON.parse(process.argv[1]).map((given) => isGenuine(...given))))',
      }[language];
      const [program = '', ...options] = command;
      const code =
        language === 'python' ? `import json\n${example}\n${call ?? ''}` : `${example}\n${call ?? ''}`;
      const { stdout, stderr } = spawnSync(program, [...options, code, JSON.stringify(cases)], {
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.equal(stdout.trim().replaceAll(' ', ''), '[true,false,false,false,false,false]', stderr);
    });
});
