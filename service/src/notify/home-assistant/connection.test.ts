import assert from 'node:assert/strict';
import { it } from 'node:test';
import { until } from '../../a-service.test-data.ts';
import { aConnection, faultOf } from './a-home.test-data.ts';
import { aSocketServer } from './a-socket-server.test-data.ts';

const LETS_IN = [{ type: 'auth_required' }, { type: 'auth_ok', ha_version: '2024.3.3' }].map((each) =>
  JSON.stringify(each),
);

/** Lets everybody in, and answers a request as given. */
const answering =
  (...answers: readonly string[]) =>
  (text: string): readonly string[] => {
    if (text === '') return LETS_IN;
    return text.includes('access_token') ? [] : answers;
  };

it('a connection is worth another attempt where something else speaks WebSocket, or nothing is said', async (t) => {
  for (const [greeting, said] of [
    [['hello'], /something that is not Home Assistant/],
    [['[1]'], /something that is not Home Assistant/],
    [[], /no answer within 0\.2 s/],
    [['{"type":"auth_required"}'], /no answer within 0\.2 s/],
  ] as const) {
    const url = await aSocketServer(t, (text) => (text === '' ? greeting : []));
    const { connection } = aConnection(t, { url, token: 'secret' }, { outageMs: 0, connectMs: 200 });
    const fault = await faultOf(connection.act('notify', 'x', {}));
    assert.match(fault.message, said);
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', false]);
  }
});

it('a connection hangs up on nonsense, and the process goes on', async (t) => {
  for (const nonsense of ['nonsense', 'null', '[null]', '{"type":1}', '"text"']) {
    const url = await aSocketServer(t, answering(nonsense));
    const { connection, lines } = aConnection(t, { url, token: 'secret' }, { outageMs: 0 });
    const fault = await faultOf(connection.act('notify', 'x', {}));
    assert.match(fault.message, /the connection went before the answer to notify\.x/);
    assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
    assert.match(lines.join(), /the connection to Home Assistant is lost/);
  }
});

it('a connection logs an event that cannot be read, and hears the next', async (t) => {
  const event = (body: unknown): string => JSON.stringify({ id: 3, type: 'event', event: body });
  const result = JSON.stringify({ id: 3, type: 'result', success: true, result: null });
  const url = await aSocketServer(t, answering(result, event(1), event(2)));
  const { connection, lines } = aConnection(t, { url, token: 'secret' }, { outageMs: 0 });
  const heard: unknown[] = [];
  const onEvent = (body: unknown): void => {
    heard.push(body);
    if (body === 1) throw new Error('not understood');
  };
  await connection.subscribe({ type: 'subscribe_events' }, onEvent, () => undefined);
  await until('both are heard', () => heard.length === 2);
  assert.match(lines.join(), /an event of Home Assistant is not understood/);
});

it('a connection does not repeat the token, whoever says it', async (t) => {
  const error = { code: 'unknown_error', message: 'do you mean secret-token?\u0007 '.padEnd(5_000, 'x') };
  const refusal = JSON.stringify({ id: 3, type: 'result', success: false, error });
  const url = await aSocketServer(t, answering(refusal));
  const { connection } = aConnection(t, { url, token: 'secret-token' }, { outageMs: 0, answerMs: 300 });
  const { message } = await faultOf(connection.act('notify', 'x', {}));
  assert.match(message, /unknown_error: do you mean …\?/);
  assert.ok(!message.includes('secret-token') && message.length < 500);
});
