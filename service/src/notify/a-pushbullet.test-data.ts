import type { Instant } from '@lefton/core';
import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { answer, aWebServer } from './a-web-server.test-data.ts';
import type { Asked, TestServer } from './a-web-server.test-data.ts';

export const TOKEN = 'o.TestTokenOfNobody0123456789abcdef';

/** As Pushbullet lists it. */
export interface TestDevice {
  readonly iden: string;
  readonly nickname?: string;
  readonly active: boolean;
}

export interface TestPush {
  readonly iden: string;
  readonly guid?: string;
  readonly title?: string;
  readonly body?: string;
  readonly device_iden?: string;
  readonly channel_tag?: string;
}

/**
 * A Pushbullet that keeps the rules of docs.pushbullet.com, with the errors that its users have quoted: 500 pushes a month,
 * a limit of requests, one push per guid.
 */
export interface TestPushbullet extends TestServer {
  /** What people would see, in order. */
  readonly pushes: TestPush[];
  devices: TestDevice[];
  readonly channels: string[];
  /** Requests until the limit is reached, and when (unix seconds) it begins anew. */
  readonly limit: { remaining: number; reset: number; readonly each: number };
  /** Told of devices on one page, if fewer than asked for. */
  page: number;
}

const PUSHES_A_MONTH = 500;
const LONGEST_BODY = 64 * 1024;
const WINDOW_S = 60;

/** @param clock what it takes for now */
export async function aPushbullet(t: TestContext, clock: { now(): Instant }): Promise<TestPushbullet> {
  const pushes: TestPush[] = [];
  const months = new Map<string, number>();
  const rules = {
    pushes,
    devices: [
      { iden: 'ujTestPhone', nickname: 'Phone', active: true },
      { iden: 'ujTestTablet', nickname: 'Tablet', active: true },
      { iden: 'ujTestLost', nickname: 'Old phone', active: false },
      { iden: 'ujTestNameless', active: true },
    ] as TestDevice[],
    channels: ['left-on'],
    limit: { remaining: 1000, reset: 0, each: 1000 },
    page: 500,
  };

  /** Counts the request; the headers that each answer has. */
  function counted(): Record<string, string> {
    const { limit } = server;
    const seconds = Math.floor(clock.now() / 1000);
    if (seconds >= limit.reset && limit.reset !== 0)
      Object.assign(limit, { remaining: limit.each, reset: 0 });
    if (limit.reset === 0) limit.reset = seconds + WINDOW_S;
    limit.remaining--;
    return {
      date: new Date(clock.now()).toUTCString(),
      'x-ratelimit-limit': String(limit.each),
      'x-ratelimit-remaining': String(Math.max(0, limit.remaining)),
      'x-ratelimit-reset': String(limit.reset),
    };
  }

  function reply({ method, path, headers, body }: Asked, response: ServerResponse): void {
    const told = counted();
    const no = (status: number, code: string, message: string): void => {
      const error = { code, type: 'invalid_request', message, cat: '(=^‥^)' };
      answer(response, status, { error, error_code: code }, told);
    };
    const notFound = (): void => {
      no(404, 'not_found', 'The resource could not be found.');
    };
    if (headers['access-token'] !== TOKEN) {
      no(401, 'invalid_access_token', 'Access token is missing or invalid.');
      return;
    }
    if (server.limit.remaining < 0) {
      no(429, 'ratelimited', 'You have been ratelimited for performing too many requests.');
      return;
    }
    const { pathname, searchParams } = new URL(path, 'http://pushbullet.test');
    if (method === 'GET' && pathname === '/v2/users/me') {
      answer(response, 200, { iden: 'ujTestUser', email: 'nobody@example.com', name: 'Nobody' }, told);
    } else if (method === 'GET' && pathname === '/v2/devices') {
      const from = Number(searchParams.get('cursor') ?? 0);
      const size = Math.min(server.page, Number(searchParams.get('limit') ?? 500));
      const all = server.devices.filter(({ active }) => active || searchParams.get('active') !== 'true');
      const cursor = from + size < all.length ? { cursor: String(from + size) } : {};
      answer(response, 200, { devices: all.slice(from, from + size), ...cursor }, told);
    } else if (method === 'GET' && pathname === '/v2/channel-info') {
      const tag = searchParams.get('tag') ?? '';
      if (server.channels.includes(tag)) answer(response, 200, { iden: 'ujTestChannel', tag }, told);
      else notFound();
    } else if (method === 'POST' && pathname === '/v2/pushes') {
      const done = pushed(headers['content-type'] ?? '', body);
      if (done instanceof Array) no(...done);
      else answer(response, 200, done, told);
    } else notFound();
  }

  /** The push, or why there is none. */
  function pushed(type: string, body: string): TestPush | [number, string, string] {
    if (body.length > LONGEST_BODY) return [413, 'too_large', 'The request is too large.'];
    if (!type.startsWith('application/json')) return [400, 'invalid_request', 'The body must be JSON.'];
    let note: Record<string, unknown>;
    try {
      note = JSON.parse(body) as Record<string, unknown>;
    } catch {
      return [400, 'invalid_request', 'Failed to parse JSON body.'];
    }
    const { type: kind, guid, device_iden: device, channel_tag: channel } = note;
    if (kind !== 'note') return [400, 'invalid_param', 'The param type has an invalid value.'];
    if (device !== undefined && channel !== undefined)
      return [400, 'invalid_request', 'Only one target may be given.'];
    const earlier = guid === undefined ? undefined : pushes.find((push) => push.guid === guid);
    if (earlier !== undefined) return earlier;
    if (device !== undefined && !server.devices.some(({ iden, active }) => active && iden === device))
      return [404, 'not_found', 'The resource could not be found.'];
    if (channel !== undefined && !server.channels.some((tag) => tag === channel))
      return [404, 'not_found', 'The resource could not be found.'];
    const month = new Date(clock.now()).toISOString().slice(0, 7);
    const used = months.get(month) ?? 0;
    if (used >= PUSHES_A_MONTH)
      return [400, 'pushbullet_pro_required', 'Pushbullet Pro is required to make this call.'];
    months.set(month, used + 1);
    const push = { ...note, iden: `ujPush${randomBytes(4).toString('hex')}`, active: true };
    pushes.push(push);
    return push;
  }

  const server: TestPushbullet = Object.assign(await aWebServer(t, reply), rules);
  return server;
}
