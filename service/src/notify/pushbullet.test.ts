import type { LeftOnError } from '@lefton/core';
import type { Instant } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../channel.ts';
import type { Message } from '../channel.ts';
import { aPushbullet, TOKEN } from './a-pushbullet.test-data.ts';
import { aToldMessage, unheard } from './a-told-message.test-data.ts';
import { answer, cutting, flooding, hanging, saying, sending, stalling } from './a-web-server.test-data.ts';
import type { PushbulletSettings } from './pushbullet-api.ts';
import { PushbulletChannel } from './pushbullet.ts';

const START = Date.UTC(2026, 2, 24, 2, 12);

class HandClock {
  ms: Instant = START;

  now(): Instant {
    return this.ms;
  }
}

/** The fake server and the channel to it, under one clock. */
async function aChannel(t: TestContext, settings: Partial<PushbulletSettings> = {}) {
  const clock = new HandClock();
  const server = await aPushbullet(t, clock);
  const given = { token: TOKEN, device: null, channel: null, url: server.url, ...settings };
  const channel = new PushbulletChannel(given, clock);
  t.after(() => channel.close());
  const deliver = (message: Message = aToldMessage()): Promise<string> => channel.deliver(message, unheard);
  return { server, channel, clock, deliver };
}

const numbered = (n: number): Message => aToldMessage({ id: n.toString(16).padStart(32, '0') });

async function faultOf(work: Promise<unknown>): Promise<DeliveryError> {
  const error = await work.then(
    () => assert.fail('it did not fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof DeliveryError, inspect(error));
  return error;
}

describe('a push', () => {
  it('has title and text, and is told to all devices; its receipt names it', async (t) => {
    const { server, channel } = await aChannel(t);
    const steps: string[] = [];
    const message = aToldMessage();
    const receipt = await channel.deliver(message, (step) => steps.push(step));
    const [push, ...more] = server.pushes;
    assert.deepEqual(more, []);
    assert.equal(receipt, `push ${push?.iden ?? ''}`);
    assert.deepEqual([push?.title, push?.body], [message.title, message.text]);
    assert.deepEqual(steps, [`pushing to ${server.url}`, 'Pushbullet took it']);
  });

  it('row 57: has nothing else in it: no meter, no zone, no event', async (t) => {
    const { server, deliver } = await aChannel(t);
    const { id, title, text } = aToldMessage();
    await deliver();
    const [asked] = server.asked;
    assert.deepEqual(JSON.parse(asked?.body ?? ''), { type: 'note', title, body: text, guid: id });
    assert.doesNotMatch(inspect(asked), /flat-7|Paris/);
  });

  it('goes to the device of a nickname, which is looked up once', async (t) => {
    const { server, deliver } = await aChannel(t, { device: 'phone' });
    await deliver(numbered(1));
    await deliver(numbered(2));
    assert.deepEqual(
      server.pushes.map((push) => push.device_iden),
      ['ujTestPhone', 'ujTestPhone'],
    );
    assert.equal(server.asked.filter(({ path }) => path.startsWith('/v2/devices')).length, 1);
  });

  it('goes to the device of an iden, though on a later page, and one that has no nickname', async (t) => {
    const { server, deliver } = await aChannel(t, { device: 'ujTestNameless' });
    server.page = 1;
    await deliver();
    assert.equal(server.pushes[0]?.device_iden, 'ujTestNameless');
  });

  it('goes to the subscribers of a channel', async (t) => {
    const { server, deliver } = await aChannel(t, { channel: 'left-on' });
    await deliver();
    const [push] = server.pushes;
    assert.deepEqual([push?.channel_tag, push?.device_iden], ['left-on', undefined]);
  });

  it('to a device that is not there, that has gone, or that is not the only one is fatal', async (t) => {
    for (const device of ['Toaster', 'Old phone', 'ujTestLost']) {
      const { deliver } = await aChannel(t, { device });
      const { code, faultClass, message } = await faultOf(deliver());
      assert.deepEqual([code, faultClass], ['pushbullet_no_device', 'fatal']);
      // names of devices may be of people
      assert.doesNotMatch(message, /Tablet/);
    }
    const { server, deliver } = await aChannel(t, { device: 'Phone' });
    server.devices = ['a', 'b'].map((iden) => ({ iden, nickname: 'Phone', active: true }));
    assert.match((await faultOf(deliver())).found, /^2 of the same nickname/);
  });

  it('to a device that was replaced under its nickname finds the new one at the second attempt', async (t) => {
    const { server, deliver } = await aChannel(t, { device: 'Phone' });
    await deliver(numbered(1));
    server.devices = [{ iden: 'ujTestNewPhone', nickname: 'Phone', active: true }];
    assert.equal(
      (await faultOf(deliver(numbered(2)))).found,
      'HTTP 404 not_found invalid_request The resource could not be found.',
    );
    await deliver(numbered(2));
    assert.equal(server.pushes[1]?.device_iden, 'ujTestNewPhone');
  });

  it('row 52: attempted 60 times is one push', async (t) => {
    const { server, deliver } = await aChannel(t);
    const receipts = await Promise.all(Array.from({ length: 60 }, () => deliver()));
    assert.equal(server.pushes.length, 1);
    assert.equal(new Set(receipts).size, 1);
  });

  it('whose answer was lost is no second push when it is repeated', async (t) => {
    const { server, channel } = await aChannel(t);
    const hasty = new PushbulletChannel(
      { token: TOKEN, device: null, channel: null, url: server.url, timeoutMs: 500 },
      new HandClock(),
    );
    let lost = 0;
    server.instead = (asked, response) => {
      server.instead = undefined;
      lost++;
      // it is taken, and the answer goes nowhere
      void fetch(`${server.url}${asked.path}`, {
        method: asked.method,
        headers: { 'access-token': TOKEN, 'content-type': 'application/json' },
        body: asked.body,
      });
      hanging(asked, response);
    };
    const { code, faultClass, doubtful, found } = await faultOf(hasty.deliver(aToldMessage(), unheard));
    assert.deepEqual(
      [code, faultClass, doubtful, found],
      ['pushbullet_away', 'transient', false, 'none in time'],
    );
    await channel.deliver(aToldMessage(), unheard);
    assert.equal(lost, 1);
    assert.equal(server.pushes.length, 1);
  });
});

describe('row 55: after 500 pushes of a free account', () => {
  it('it is closed until the next month, which another channel is told, and then goes on', async (t) => {
    const { server, deliver, clock } = await aChannel(t);
    server.limit.remaining = Infinity;
    for (let n = 0; n < 500; n++) await deliver(numbered(n));
    const { code, faultClass, closedUntil, found, expected } = await faultOf(deliver(numbered(500)));
    assert.equal(code, 'pushbullet_pro_required');
    assert.equal(faultClass, 'fatal');
    assert.equal(closedUntil, Date.UTC(2026, 3, 1));
    assert.match(found, /^HTTP 400 pushbullet_pro_required .*Pushbullet Pro is required/);
    assert.match(expected, /500 a month/);
    clock.ms = closedUntil;
    assert.match(await deliver(numbered(500)), /^push /);
    assert.equal(server.pushes.length, 501);
  });

  for (const [at, until] of [
    [Date.UTC(2026, 11, 31, 23, 59, 59), Date.UTC(2027, 0, 1)],
    [Date.UTC(2028, 1, 29), Date.UTC(2028, 2, 1)],
    [Date.UTC(2026, 0, 3), Date.UTC(2026, 1, 1)],
    // where Pushbullet is, the month may not have begun yet
    [Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 6)],
    [Date.UTC(2026, 0, 2, 23), Date.UTC(2026, 0, 3, 5)],
  ] as const)
    it(`on ${new Date(at).toISOString()} it is closed until ${new Date(until).toISOString()}`, async (t) => {
      const { server, deliver, clock } = await aChannel(t);
      clock.ms = at;
      // the code alone, as some answers have had it
      server.instead = saying(400, '{"error_code":"pushbullet_pro_required"}');
      assert.equal((await faultOf(deliver())).closedUntil, until);
    });
});

describe('row 56: where too much was asked', () => {
  it('nothing is asked until the limit begins anew, and then once', async (t) => {
    const { server, deliver, clock } = await aChannel(t);
    Object.assign(server.limit, { remaining: 0, reset: START / 1000 + 60 });
    const { code, faultClass, doubtful, closedUntil, found } = await faultOf(deliver());
    assert.deepEqual([code, faultClass, doubtful], ['rate_limited', 'transient', false]);
    assert.equal(closedUntil, START + 60_000);
    assert.match(found, /^HTTP 429 ratelimited /);
    assert.equal(server.asked.length, 1);
    clock.ms = closedUntil;
    await deliver();
    assert.equal(server.asked.length, 2);
    assert.equal(server.pushes.length, 1);
  });

  it('Retry-After goes before, and no word means a minute', async (t) => {
    const { server, deliver } = await aChannel(t);
    const date = new Date(START).toUTCString();
    server.instead = saying(429, '{}', { date, 'retry-after': '5', 'x-ratelimit-reset': '9' });
    assert.equal((await faultOf(deliver())).closedUntil, START + 5_000);
    server.instead = saying(429, '', { date });
    assert.equal((await faultOf(deliver())).closedUntil, START + 60_000);
    // a limit of a year is not believed
    server.instead = saying(429, '', { date, 'x-ratelimit-reset': String(START / 1000 + 31_536_000) });
    assert.equal((await faultOf(deliver())).closedUntil, START + 86_400_000);
  });
});

it('row 58: a token that is refused is fatal, and says where to make a new one', async (t) => {
  const { server, channel, deliver } = await aChannel(t, { token: 'o.AnotherTokenThatWasRevoked' });
  for (const work of [deliver, () => channel.check()]) {
    const error = await faultOf(work());
    assert.deepEqual([error.code, error.faultClass], ['token_refused', 'fatal']);
    assert.match(
      error.message,
      /make a new access token at https:\/\/www\.pushbullet\.com\/#settings\/account/,
    );
    assert.match(error.found, /^HTTP 401 invalid_access_token/);
    assert.doesNotMatch(inspect(error, { depth: 9 }), /AnotherToken/);
  }
  server.instead = saying(403, '{}');
  assert.equal((await faultOf(deliver())).code, 'token_refused');
});

describe('row 59: any other refusal', () => {
  it('is fatal and says the code, the type and the message of the body', async (t) => {
    const { server, deliver } = await aChannel(t);
    server.instead = (_asked, response) => {
      const error = {
        code: 'invalid_param',
        type: 'invalid_request',
        message: `No ${TOKEN}\nhere`,
        cat: '(x_x)',
      };
      answer(response, 400, { error, error_code: 'invalid_param' });
    };
    const error = await faultOf(deliver());
    assert.deepEqual(
      [error.code, error.faultClass, error.closedUntil],
      ['pushbullet_refused', 'fatal', null],
    );
    assert.equal(error.found, 'HTTP 400 invalid_param invalid_request No *** here');
  });

  it('says so where the body has no reason', async (t) => {
    const { server, deliver } = await aChannel(t);
    for (const [body, found] of [
      ['', 'HTTP 400 without JSON'],
      ['<html>Bad Request</html>', 'HTTP 400 without JSON'],
      ['{}', 'HTTP 400'],
    ] as const) {
      server.instead = saying(400, body);
      assert.equal((await faultOf(deliver())).found, found);
    }
  });
});

describe('Pushbullet that is not well is tried again later', () => {
  for (const [what, reply, found] of [
    ['answers 502', saying(502, '<html>'), 'HTTP 502 without JSON'],
    ['answers another page', saying(200, '<html>Welcome to the hotel</html>'), 'HTTP 200 without JSON'],
    ['answers nothing', saying(204), 'HTTP 204 without JSON'],
    ['answers without a push', saying(200, '{"iden":7}'), 'an answer without the iden of a push'],
    ['answers a push that is none', saying(200, '{"iden":"a b"}'), 'an answer without the iden of a push'],
    ['stalls', stalling(200), 'HTTP 200 none in time'],
    ['ends in the middle', cutting(200), 'HTTP 200 cut off'],
    ['sends a gigabyte', flooding(200).reply, 'HTTP 200 longer than 64 kB'],
    ['ends at once', sending(''), 'ECONNRESET'],
  ] as const)
    it(`when it ${what}`, async (t) => {
      const { server, deliver } = await aChannel(t, what === 'stalls' ? { timeoutMs: 1_000 } : {});
      server.instead = reply;
      const error = await faultOf(deliver());
      assert.deepEqual(
        [error.code, error.faultClass, error.doubtful, error.found],
        ['pushbullet_away', 'transient', false, found],
      );
    });
});

describe('a check', () => {
  it('says whom a push would tell, and tells nobody', async (t) => {
    for (const [settings, said] of [
      [{}, 'all devices of the account'],
      [{ device: 'Tablet' }, 'device "Tablet"'],
      [
        { channel: 'left-on' },
        'channel "left-on", which is there; whether it is yours shows with the first push',
      ],
    ] as const) {
      const { server, channel } = await aChannel(t, settings);
      assert.equal(await channel.check(), `Pushbullet knows the token; it would tell ${said}`);
      assert.deepEqual(server.pushes, []);
      assert.ok(server.asked.every(({ method }) => method === 'GET'));
    }
  });

  it('names the devices that there are', async (t) => {
    const { channel } = await aChannel(t, { device: 'Toaster' });
    const { code, found } = await faultOf(channel.check());
    assert.equal(code, 'pushbullet_no_device');
    assert.equal(found, 'none of 3: "Phone", "Tablet", "ujTestNameless"');
  });

  it('says that a channel is not there', async (t) => {
    const { channel } = await aChannel(t, { channel: 'right-off' });
    assert.equal((await faultOf(channel.check())).code, 'pushbullet_no_channel');
  });

  it('does not take another server for Pushbullet', async (t) => {
    const { server, channel } = await aChannel(t);
    server.instead = saying(200, '{"healthy":true}');
    assert.equal((await faultOf(channel.check())).code, 'pushbullet_away');
  });
});

it('a token that is none, and two targets, are refused before anything is sent', () => {
  const settings = { token: TOKEN, device: null, channel: null };
  const made = (changes: Partial<PushbulletSettings>) => (): unknown =>
    new PushbulletChannel({ ...settings, ...changes }, new HandClock());
  for (const token of ['', 'o.Secret\r\nX: y', 'o.Sécret', ' o.Secret'])
    assert.throws(made({ token }), (error: LeftOnError) => {
      assert.equal(error.code, 'bad_token');
      return !error.message.includes('cret');
    });
  assert.throws(made({ device: 'Phone', channel: 'left-on' }), { code: 'two_targets' });
  assert.throws(made({ url: 'api.pushbullet.com' }), { code: 'bad_url' });
});
