import fc from 'fast-check';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inspect } from 'node:util';
import { DeliveryError } from '../channel.ts';
import { TOKEN } from './a-pushbullet.test-data.ts';
import { aToldMessage, unheard } from './a-told-message.test-data.ts';
import { aWebServer, hanging, saying, sending } from './a-web-server.test-data.ts';
import type { Reply } from './a-web-server.test-data.ts';
import { NtfyChannel } from './ntfy.ts';
import { PushbulletChannel } from './pushbullet.ts';
import { WebhookChannel } from './webhook.ts';

const NOW = Date.UTC(2026, 2, 24);
const clock = { now: () => NOW };

/** Values of a header that Node lets a server send. */
const header = fc.string({ unit: fc.constantFrom(...Array.from(' 0123456789abcGMT:,-+e.')), maxLength: 40 });
const json = fc.oneof(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  fc
    .record(
      {
        iden: fc.jsonValue(),
        id: fc.jsonValue(),
        event: fc.constantFrom('message', 'open', null),
        error: fc.jsonValue(),
        error_code: fc.constantFrom('pushbullet_pro_required', 'ratelimited', 7, null),
        code: fc.constantFrom(42908, '42908', {}, []),
        devices: fc.jsonValue(),
        cursor: fc.jsonValue(),
        healthy: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);
const wellFormed = fc
  .record({
    status: fc.oneof(
      fc.constantFrom(200, 201, 204, 301, 400, 401, 404, 429, 500, 503),
      fc.integer({ min: 200, max: 999 }),
    ),
    body: fc.oneof(json, fc.string({ unit: 'binary' })),
    retryAfter: header,
    reset: header,
    date: header,
    type: fc.constantFrom('application/json', 'text/plain', 'text/html'),
  })
  .map(({ status, body, retryAfter, reset, date, type }): Reply =>
    saying(status, body, {
      'retry-after': retryAfter,
      'x-ratelimit-reset': reset,
      date,
      'content-type': type,
    }),
  );
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\n'), bytes])),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) => Buffer.concat([Buffer.from('HTTP/1.1 400 No\r\n\r\n'), bytes])),
  fc
    .uint8Array({ maxLength: 300 })
    .map((bytes) =>
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'), bytes]),
    ),
);

it('any answer at all ends in a receipt or in one kind of error', async (t) => {
  const server = await aWebServer(t, hanging);
  const { url } = server;
  const timeoutMs = 10_000;
  const channels = [
    new PushbulletChannel({ token: TOKEN, device: null, channel: null, url, timeoutMs }, clock),
    new PushbulletChannel({ token: TOKEN, device: 'Phone', channel: null, url, timeoutMs }, clock),
    new PushbulletChannel({ token: TOKEN, device: null, channel: 'left-on', url, timeoutMs }, clock),
    new NtfyChannel({ url, topic: 'left-on', token: null, timeoutMs }, clock),
    new WebhookChannel({ url, secret: null, timeoutMs }, clock),
  ];
  const replies = fc.oneof(
    wellFormed,
    anyBytes.map((bytes) => sending(bytes)),
  );
  await fc.assert(
    fc.asyncProperty(replies, fc.constantFrom(...channels), fc.boolean(), async (reply, channel, checks) => {
      server.instead = reply;
      const ended = await (checks ? channel.check() : channel.deliver(aToldMessage(), unheard)).catch(
        (error: unknown) => error,
      );
      if (typeof ended === 'string') assert.ok(ended.length < 200);
      else {
        assert.ok(ended instanceof DeliveryError, inspect(ended));
        const { found, closedUntil, faultClass } = ended;
        assert.ok(found.length <= 200 && !/\p{Cc}/u.test(found), inspect(found));
        assert.ok(faultClass !== 'bad_data');
        assert.ok(closedUntil === null || (closedUntil > NOW && closedUntil <= NOW + 31 * 86_400_000));
      }
    }),
    { numRuns: 1500 },
  );
});
