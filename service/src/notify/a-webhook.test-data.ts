import type { Instant } from '@lefton/core';
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { answer, aWebServer } from './a-web-server.test-data.ts';
import type { Asked, TestServer } from './a-web-server.test-data.ts';

/** A receiver that keeps the contract of docs/webhook.md. */
export interface TestWebhook extends TestServer {
  /** Bodies by their key, each taken once. */
  readonly taken: Map<string, unknown>;
}

const OLDEST_S = 300;

/** @param secret what has no signature by it is refused; null: takes all */
export async function aWebhook(
  t: TestContext,
  clock: { now(): Instant },
  secret: string | null,
): Promise<TestWebhook> {
  const rules = { taken: new Map<string, unknown>() };

  function reply({ method, headers, body }: Asked, response: ServerResponse): void {
    const key = headers['idempotency-key'];
    if (method !== 'POST') answer(response, 405, { error: 'method not allowed' });
    else if (!isGenuine(headers, body)) answer(response, 401, { error: 'bad signature' });
    else if (typeof key !== 'string') answer(response, 400, { error: 'no key' });
    else {
      if (!server.taken.has(key)) server.taken.set(key, JSON.parse(body));
      response.writeHead(204).end();
    }
  }

  function isGenuine(headers: Asked['headers'], body: string): boolean {
    if (secret === null) return true;
    const timestamp = String(headers['x-lefton-timestamp']);
    if (Math.abs(clock.now() / 1000 - Number(timestamp)) > OLDEST_S) return false;
    const hex = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    const given = Buffer.from(String(headers['x-lefton-signature']));
    const right = Buffer.from(`sha256=${hex}`);
    return given.length === right.length && timingSafeEqual(given, right);
  }

  const server: TestWebhook = Object.assign(await aWebServer(t, reply), rules);
  return server;
}
