import type { LeftOnError } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../channel.ts';
import type { Message } from '../channel.ts';
import { aToldMessage, unheard } from './a-told-message.test-data.ts';
import { cutting, hanging, saying, sending, stalling } from './a-web-server.test-data.ts';
import { anNtfy } from './an-ntfy.test-data.ts';
import { NtfyChannel } from './ntfy.ts';
import type { NtfySettings } from './ntfy.ts';

const START = Date.UTC(2026, 2, 24, 2, 12);
const TOPIC = 'left-on_4Hq2xT0pSecret';
const TOKEN = 'tk_T0pSecretOfNobody';

async function aChannel(t: TestContext, settings: Partial<NtfySettings> = {}) {
  const clock = { now: () => START };
  const server = await anNtfy(t, clock);
  const channel = new NtfyChannel({ url: server.url, topic: TOPIC, token: null, ...settings }, clock);
  t.after(() => channel.close());
  const deliver = (message: Message = aToldMessage()): Promise<string> => channel.deliver(message, unheard);
  return { server, channel, deliver };
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

/** Kinds of answers that are waited for until the time is over. */
const slow: readonly string[] = ['never', 'and stalls'];

describe('a message', () => {
  it('is published to the topic; its receipt names it', async (t) => {
    const { server, deliver } = await aChannel(t);
    const { id, title, text } = aToldMessage();
    assert.equal(await deliver(), 'message Test00000001');
    assert.deepEqual(server.published, [
      { topic: TOPIC, title, message: text, priority: 4, tags: ['warning'], sequence_id: id },
    ]);
  });

  it('is as loud as it matters', async (t) => {
    const { server, deliver } = await aChannel(t);
    for (const severity of ['info', 'warning', 'critical'] as const)
      await deliver(aToldMessage({ severity }));
    assert.deepEqual(
      server.published.map(({ priority }) => priority),
      [2, 4, 5],
    );
  });

  it('row 57: has no meter, zone or event in it', async (t) => {
    const { server, deliver } = await aChannel(t);
    await deliver();
    assert.doesNotMatch(inspect(server.asked), /flat-7|Paris/);
  });

  it('is cut where it would become a file, never in the middle of a character', async (t) => {
    const { server, deliver } = await aChannel(t);
    for (const text of ['é'.repeat(5000), `x${'é'.repeat(5000)}`, '🔌'.repeat(2000), 'x'.repeat(4096)]) {
      await deliver(aToldMessage({ text }));
      const { message = '' } = server.published.at(-1) ?? {};
      assert.ok(Buffer.byteLength(message) > 4088 && Buffer.byteLength(message) <= 4096);
      assert.ok(message.isWellFormed() && !message.includes('\uFFFD'));
      assert.equal(message.endsWith('…'), Buffer.byteLength(text) > 4096);
    }
  });

  it('row 58: that nobody lets in is fatal, and says what to do', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.rights.set('', 'none').set(TOKEN, 'write-only');
    const forbidden = await faultOf(deliver());
    assert.deepEqual([forbidden.code, forbidden.faultClass], ['token_refused', 'fatal']);
    assert.match(forbidden.message, /set ntfy_token to an access token/);
    assert.equal(forbidden.found, 'HTTP 403 40301 forbidden');
    const wrong = await aChannel(t, { token: 'tk_T0pSecretThatWasRevoked' });
    assert.equal((await faultOf(wrong.deliver())).found, 'HTTP 401 40101 unauthorized');
    const right = new NtfyChannel({ url: server.url, topic: TOPIC, token: TOKEN }, { now: () => START });
    assert.match(await right.deliver(aToldMessage(), unheard), /^message /);
  });

  it('is let in with user and password of the URL', async (t) => {
    const { server } = await aChannel(t);
    const url = server.url.replace('://', '://me:T0pSecret@');
    const channel = new NtfyChannel({ url, topic: TOPIC, token: null }, { now: () => START });
    await channel.check();
    assert.match(server.asked.at(-1)?.headers.authorization ?? '', /^Basic /);
  });

  it('beyond what is asked at once waits, as long as the server says', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.left.requests = 0;
    const busy = await faultOf(deliver());
    assert.deepEqual([busy.code, busy.faultClass, busy.closedUntil], ['ntfy_away', 'transient', null]);
    assert.equal(busy.found, 'HTTP 429 42901 limit reached: too many requests');
    server.instead = saying(429, '', { 'retry-after': '30' });
    assert.equal((await faultOf(deliver())).closedUntil, START + 30_000);
  });

  it("beyond the day's is fatal, and closes the channel until midnight UTC", async (t) => {
    const { server, deliver } = await aChannel(t);
    server.left.today = 0;
    const { code, faultClass, closedUntil } = await faultOf(deliver());
    assert.deepEqual([code, faultClass], ['ntfy_day_used_up', 'fatal']);
    assert.equal(closedUntil, Date.UTC(2026, 2, 25));
  });

  it('row 59: that is refused is fatal, and says why', async (t) => {
    const { server, deliver } = await aChannel(t);
    const long = await faultOf(deliver(aToldMessage({ title: 'x'.repeat(1025) })));
    assert.deepEqual([long.code, long.faultClass], ['ntfy_refused', 'fatal']);
    assert.equal(long.found, 'HTTP 400 40050 title too long');
    server.instead = saying(413, '{"code":41303,"http":413,"error":"JSON body too large"}');
    assert.equal((await faultOf(deliver())).code, 'ntfy_refused');
    server.instead = saying(400, JSON.stringify({ error: `${TOPIC} is no topic` }));
    assert.equal((await faultOf(deliver())).found, 'HTTP 400 *** is no topic');
  });

  for (const [what, reply, doubtful] of [
    ['never', hanging, true],
    ['with 504', saying(504), true],
    ['with 503', saying(503), false],
    ['with another page', saying(200, '<html>Welcome to the hotel</html>'), true],
    ['with no message', saying(200, '{"id":"abc","event":"open"}'), true],
    ['and stalls', stalling(200), true],
    ['and ends in the middle', cutting(200), true],
    ['by ending', sending(''), true],
  ] as const)
    it(`that is answered ${what} is ${doubtful ? 'in doubt, since a second one would be heard' : 'tried again'}`, async (t) => {
      const { server, deliver, channel } = await aChannel(t, slow.includes(what) ? { timeoutMs: 1_000 } : {});
      server.instead = reply;
      const error = await faultOf(deliver());
      assert.deepEqual([error.code, error.faultClass, error.doubtful], ['ntfy_away', 'transient', doubtful]);
      assert.equal(channel.idempotent, false);
    });

  it('to a server that is not there is tried again, without a doubt', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.stop();
    const { found, doubtful } = await faultOf(deliver());
    assert.deepEqual([found, doubtful], ['ECONNREFUSED', false]);
  });
});

describe('a check', () => {
  it('asks whether ntfy is well and lets read, and publishes nothing', async (t) => {
    const { server, channel } = await aChannel(t);
    const proof = 'whether it may be published to shows with the first message';
    assert.equal(await channel.check(), `ntfy is well; the topic may be read, ${proof}`);
    server.rights.set('', 'write-only');
    assert.equal(await channel.check(), `ntfy is well; the topic may not be read, ${proof}`);
    assert.deepEqual(server.published, []);
    assert.ok(server.asked.every(({ method }) => method === 'GET'));
  });

  it('finds a token that is refused, and a server that is none of ntfy', async (t) => {
    const wrong = await aChannel(t, { token: 'tk_T0pSecretThatWasRevoked' });
    assert.equal((await faultOf(wrong.channel.check())).code, 'token_refused');
    const { server, channel } = await aChannel(t);
    server.instead = saying(200, '<html>');
    assert.equal((await faultOf(channel.check())).found, 'no answer of ntfy: HTTP 200 without JSON');
    server.instead = saying(404, '');
    assert.equal((await faultOf(channel.check())).code, 'ntfy_refused');
  });
});

it('a topic or token that is none is refused before anything is sent, without being repeated', () => {
  const made = (changes: Partial<NtfySettings>) => (): unknown =>
    new NtfyChannel({ url: 'https://ntfy.sh', topic: TOPIC, token: null, ...changes }, { now: () => START });
  const quiet = (code: string) => (error: LeftOnError) =>
    error.code === code && !error.message.includes('T0p');
  for (const topic of ['', 'T0p/x', 'T0p x', `T0p${'x'.repeat(64)}`, 'T0p\n'])
    assert.throws(made({ topic }), quiet('bad_topic'));
  assert.throws(made({ token: 'T0p\r\nX: y' }), quiet('bad_token'));
  assert.throws(made({ url: 'ntfy.sh/T0p' }), quiet('bad_url'));
});
