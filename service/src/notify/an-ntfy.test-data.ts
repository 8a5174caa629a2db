import type { Instant } from '@lefton/core';
import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { answer, aWebServer } from './a-web-server.test-data.ts';
import type { Asked, TestServer } from './a-web-server.test-data.ts';

/** What a user may do with a topic. */
export type Right = 'read-write' | 'write-only' | 'read-only' | 'none';

export interface TestPublished {
  readonly topic: string;
  readonly title?: string;
  readonly message: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly sequence_id?: string;
}

/** A ntfy that keeps the rules of docs.ntfy.sh, with its numbered errors. */
export interface TestNtfy extends TestServer {
  readonly published: TestPublished[];
  /** Rights by token; those of everybody else under ''. */
  readonly rights: Map<string, Right>;
  /** Requests and messages that are left. */
  readonly left: { requests: number; today: number };
}

const LONGEST_MESSAGE = 4096;
const LONGEST_BODY = 2 * LONGEST_MESSAGE + 2048;
const PUBLISHING: readonly Right[] = ['read-write', 'write-only'];
const READING: readonly Right[] = ['read-write', 'read-only'];

/** @param clock what it takes for now */
export async function anNtfy(t: TestContext, clock: { now(): Instant }): Promise<TestNtfy> {
  const rules = {
    published: [] as TestPublished[],
    rights: new Map<string, Right>([['', 'read-write']]),
    left: { requests: 60, today: 250 },
  };

  function reply({ method, path, headers, body }: Asked, response: ServerResponse): void {
    const no = (code: number, error: string): void => {
      const http = Math.floor(code / 100);
      answer(response, http, { code, http, error, link: 'https://ntfy.sh/docs/publish/' });
    };
    if (method === 'GET' && path === '/v1/health') {
      answer(response, 200, { healthy: true });
      return;
    }
    if (--server.left.requests < 0) {
      no(42901, 'limit reached: too many requests');
      return;
    }
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
    const right = server.rights.get(token);
    const authorized = /^\/[-_A-Za-z0-9]{1,64}\/auth$/.test(path);
    if (right === undefined) no(40101, 'unauthorized');
    else if (method === 'GET' && authorized) {
      if (READING.includes(right)) answer(response, 200, { success: true });
      else no(40301, 'forbidden');
    } else if (method !== 'POST' || path !== '/') no(40401, 'page not found');
    else if (Buffer.byteLength(body) > LONGEST_BODY) no(41303, 'JSON body too large');
    else publish(body, right, no, response);
  }

  function publish(
    body: string,
    right: Right,
    no: (code: number, error: string) => void,
    response: ServerResponse,
  ): void {
    let message: TestPublished;
    try {
      message = JSON.parse(body) as TestPublished;
    } catch {
      no(40017, 'invalid request: request body must be message JSON');
      return;
    }
    const { topic, title = '', priority = 3, tags = [], sequence_id: sequence } = message;
    if (!/^[-_A-Za-z0-9]{1,64}$/.test(topic)) no(40009, 'invalid request: topic invalid');
    else if (!PUBLISHING.includes(right)) no(40301, 'forbidden');
    else if (server.left.today <= 0) no(42908, 'limit reached: daily message quota reached');
    else if (![1, 2, 3, 4, 5].includes(priority)) no(40007, 'invalid priority parameter');
    else if (Buffer.byteLength(title) > 1024) no(40050, 'title too long');
    else if (Buffer.byteLength(tags.join()) > 512) no(40051, 'tags too long');
    else if (sequence !== undefined && !/^[-_A-Za-z0-9]{1,64}$/.test(sequence))
      no(40049, 'sequence ID invalid');
    else if (Buffer.byteLength(message.message) > LONGEST_MESSAGE) no(40014, 'attachments not allowed');
    else {
      server.left.today--;
      server.published.push(message);
      const id = `Test${String(server.published.length).padStart(8, '0')}`;
      answer(response, 200, { ...message, id, time: Math.floor(clock.now() / 1000), event: 'message' });
    }
  }

  const server: TestNtfy = Object.assign(await aWebServer(t, reply), rules);
  return server;
}
