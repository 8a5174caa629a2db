import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../../scripts/home-assistant/for-tests.ts';
import { freePort } from '../../../../scripts/kafka/port.ts';
import { until } from '../../../../scripts/home-assistant/until.ts';
import { aLog } from '../../a-service.test-data.ts';
import { aConnection, faultOf } from './a-home.test-data.ts';
import { HomeAssistantConnection } from './connection.ts';

describe('the connection to Home Assistant', { skip: withoutHomeAssistant() }, () => {
  it('is made when it is needed, and tells the version', async (t) => {
    const { connection } = aConnection(t, await sharedHomeAssistant());
    assert.match(await connection.version(), /^\d{4}\.\d+/);
  });

  it('row 58: a token that is refused is fatal and says what to do, and the process goes on', async (t) => {
    const home = await sharedHomeAssistant();
    const token = 'secret-token-of-nobody';
    const { connection, lines } = aConnection(t, { url: home.url, token });
    const fault = await faultOf(connection.act('notify', 'demo', { message: 'hello' }));
    assert.deepEqual(
      { code: fault.code, faultClass: fault.faultClass, doubtful: fault.doubtful },
      { code: 'token_refused', faultClass: 'fatal', doubtful: false },
    );
    assert.match(fault.message, /make a new long-lived access token .*set home_assistant_token/);
    assert.ok(![fault.message, ...lines].join().includes(token));
    // the same connection with the next message, and another connection
    assert.equal((await faultOf(connection.version())).code, 'token_refused');
    assert.match(await aConnection(t, home).connection.version(), /^\d/);
  });

  it('says with the words of Home Assistant what it refuses, for good', async (t) => {
    const { connection } = aConnection(t, await sharedHomeAssistant());
    const missing = await faultOf(connection.act('notify', 'nobody', { message: 'hello' }));
    assert.match(missing.message, /Service notify.nobody not found/);
    const wrong = await faultOf(connection.act('notify', 'demo', { massage: 'hello' }));
    assert.match(wrong.message, /extra keys not allowed/);
    for (const { code, faultClass, doubtful } of [missing, wrong])
      assert.deepEqual([code, faultClass, doubtful], ['home_assistant_refused', 'fatal', false]);
  });

  it('is worth another attempt where nobody answers, or somebody else', async (t) => {
    const server = createServer((_, response) => response.end('hello'));
    t.after(() => server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const limits = { outageMs: 0 };
    for (const [url, said] of [
      [`http://127.0.0.1:${await freePort()}`, /found ECONNREFUSED/],
      [`http://127.0.0.1:${port}`, /found no WebSocket of Home Assistant there, but HTTP 200/],
      ['http://nobody.invalid:8123', /found (?:ENOTFOUND|EAI_AGAIN)/],
    ] as const) {
      const fault = await faultOf(aConnection(t, { url, token: 'x' }, limits).connection.version());
      assert.match(fault.message, said);
      assert.deepEqual(
        [fault.code, fault.faultClass, fault.doubtful],
        ['home_assistant_away', 'transient', false],
      );
    }
  });

  it('finds a link that is open on this side only, and makes another', async (t) => {
    const home = await sharedHomeAssistant();
    const { connection, lines } = aConnection(t, home, {
      pingMs: 50,
      pongMs: 200,
      connectMs: 500,
      outageMs: 0,
    });
    await connection.version();
    home.freeze();
    try {
      // what was asked before it is found is doubtful where it reaches people, and else not
      const [told, asked] = await Promise.all([
        faultOf(connection.act('notify', 'demo', { message: 'half open' })),
        faultOf(connection.ask({ type: 'get_config' })),
      ]);
      assert.match(told.message, /the connection went before the answer to notify\.demo/);
      assert.deepEqual([told.faultClass, told.doubtful], ['transient', true]);
      assert.deepEqual([asked.faultClass, asked.doubtful], ['transient', false]);
      assert.match(lines.join(), /the connection to Home Assistant is lost/);
      assert.match((await faultOf(connection.version())).message, /found no answer within 0.5 s/);
    } finally {
      home.thaw();
    }
    await until('it is there again', () => connection.version().then(Boolean, () => false));
  });

  it('gives up on an answer that does not come in time', async (t) => {
    const home = await sharedHomeAssistant();
    const { connection } = aConnection(t, home, { answerMs: 100 });
    await connection.version();
    home.freeze();
    try {
      const fault = await faultOf(connection.act('notify', 'demo', { message: 'late' }));
      assert.match(fault.message, /none to notify\.demo within 0\.1 s/);
      assert.deepEqual([fault.faultClass, fault.doubtful], ['transient', true]);
    } finally {
      home.thaw();
    }
    await until('it answers again', () => connection.version().then(Boolean, () => false));
  });

  it('waits for a server that restarts, and what it does not know yet is worth another attempt', async (t) => {
    const home = await sharedHomeAssistant();
    const { connection } = aConnection(t, home, { outageMs: 60_000 });
    await connection.version();
    await home.halt();
    const faults: unknown[] = [];
    const told = (async (): Promise<void> => {
      for (;;) {
        try {
          await connection.act('notify', 'demo', { message: 'after the restart' });
          return;
        } catch (error) {
          faults.push(error);
        }
      }
    })();
    await home.resume();
    await told;
    for (const fault of faults)
      assert.match(String(fault), /to have started, found (?:NOT_RUNNING|STARTING)/);
  });

  it('ends with the last of those who hold it, and lets the process go', async () => {
    const home = await sharedHomeAssistant();
    const { log, lines } = aLog();
    const connection = new HomeAssistantConnection(home, log);
    const [one, other] = [{}, {}];
    connection.hold(one);
    connection.hold(other);
    await connection.version();
    connection.letGo(one);
    await connection.version();
    connection.letGo(other);
    assert.match((await faultOf(connection.version())).message, /this side has closed the connection/);
    assert.deepEqual(lines, []);
  });
});
