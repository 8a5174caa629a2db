import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { LeftOnError } from '@lefton/core';
import { withoutMosquitto } from '../../../scripts/home-assistant/for-tests.ts';
import { Mosquitto } from '../../../scripts/home-assistant/mosquitto.ts';
import type { MosquittoSettings } from '../../../scripts/home-assistant/mosquitto.ts';
import { aFolder, aLog, until } from '../a-service.test-data.ts';
import { realPause } from '../runtime/clock.ts';
import { Authority } from '../topics/kafka/a-certificate.test-data.ts';
import { Listener } from './a-listener.test-data.ts';
import { aQuietView, aSetting, aView, RunningPublisher } from './a-meter-view.test-data.ts';
import { EntityPublisher } from './entity-publisher.ts';
import type { EntitySettings } from './entity-publisher.ts';

const USERS = { lefton: 'right' };
const CONFIG = 'homeassistant/sensor/lefton_home/power/config';

async function aBroker(t: TestContext, settings: Partial<MosquittoSettings> = {}): Promise<Mosquitto> {
  const broker = await Mosquitto.start(settings);
  t.after(() => broker.stop());
  return broker;
}

async function aListener(t: TestContext, ...args: Parameters<typeof Listener.on>): Promise<Listener> {
  const listener = await Listener.on(...args);
  t.after(() => listener.stop());
  return listener;
}

function running(t: TestContext, url: string, more: Partial<EntitySettings> = {}): RunningPublisher {
  const publisher = new RunningPublisher(aSetting(url, more), [aView()]);
  t.after(() => publisher.stop());
  return publisher;
}

describe('entities on a broker', { skip: withoutMosquitto() }, () => {
  test('are retained: who comes later finds discovery, states and availability', async (t) => {
    const broker = await aBroker(t);
    const first = await aListener(t, broker.url);
    running(t, broker.url);
    await until('all is published', () => first.payloads.get('lefton/availability') === 'online');
    const late = await aListener(t, broker.url);
    await until('it has it all', () => late.payloads.has('lefton/availability') && late.payloads.has(CONFIG));
    assert.equal(late.payloads.get('lefton/home/power'), '3012.3');
    assert.equal([...late.payloads.keys()].filter((topic) => topic.endsWith('/config')).length, 6);
  });

  test('only what changes is published again', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    const publisher = running(t, broker.url);
    await until('all is published', () => listener.payloads.get('lefton/availability') === 'online');
    listener.heard.length = 0;
    publisher.views = [aView({ watts: 12 })];
    await until('the change is there', () => listener.heard.length > 0);
    publisher.views = [aView({ watts: 13 })];
    await until('the next is there', () => listener.heard.length > 1);
    assert.deepEqual(listener.heard, [
      ['lefton/home/power', '12'],
      ['lefton/home/power', '13'],
    ]);
  });

  test('are told offline when the service stops', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    const publisher = running(t, broker.url);
    const says = (word: string) => (): boolean => listener.payloads.get('lefton/availability') === word;
    await until('online', says('online'));
    await publisher.stop();
    await until('offline after the stop', says('offline'));
  });

  test('an offline of a connection that is no more is answered by online', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    running(t, broker.url);
    await until('online', () => listener.payloads.get('lefton/availability') === 'online');
    listener.heard.length = 0;
    await listener.client.publishAsync('lefton/availability', 'offline', { retain: true, qos: 1 });
    await until('online again', () => listener.heard.at(-1)?.[1] === 'online');
  });

  test('Home Assistant that starts gets everything again', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    running(t, broker.url);
    await until('online', () => listener.payloads.get('lefton/availability') === 'online');
    listener.heard.length = 0;
    await listener.client.publishAsync('homeassistant/status', 'online');
    await until('published again', () => listener.heard.filter(([topic]) => topic === CONFIG).length === 1);
  });

  test('a meter that was with another process and comes back is available by this one again', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    const offeredBy = (instance: string) => (): boolean =>
      listener.payloads.get(CONFIG)?.includes(`"lefton/availability/${instance}"`) === true;
    const a = running(t, broker.url, { instance: 'a' });
    await until('a has it', offeredBy('a'));
    a.views = [aView({ meter: 'garage' })];
    await until('a has let go of it', () => listener.payloads.has('lefton/garage/power'));
    const b = running(t, broker.url, { instance: 'b' });
    await until('b has it', offeredBy('b'));
    await b.stop();
    assert.ok(offeredBy('b')(), 'a says nothing of what it does not have');
    a.views = [aView()];
    await until('a has it again', offeredBy('a'));
  });

  test('a meter that is forgotten leaves nothing behind, and another one all; heard again it is there', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    const publisher = running(t, broker.url);
    publisher.views = [aView(), aView({ meter: 'barn' })];
    await until('all is published', () => listener.payloads.has('lefton/barn/power'));
    // it is said before it is gone as well
    publisher.publisher.letGo('barn');
    await until('it is published again', () => listener.payloads.get('lefton/availability') === 'online');
    publisher.views = [aView()];
    publisher.publisher.letGo('barn');
    await until('it is empty', () => listener.payloads.get('lefton/barn/meter_silent') === '');
    const late = await aListener(t, broker.url);
    await until('it has the rest', () => late.payloads.has('lefton/availability'));
    assert.deepEqual(
      [...late.payloads.keys()].filter((topic) => topic.includes('barn')),
      [],
    );
    assert.equal(late.payloads.get('lefton/home/power'), '3012.3');
    publisher.views = [aView(), aView({ meter: 'barn' })];
    await until('it is there again', () => listener.payloads.get('lefton/barn/power') === '3012.3');
    assert.match(
      listener.payloads.get('homeassistant/sensor/lefton_barn/power/config') ?? '',
      /"name":"LeftOn barn"/,
    );
  });

  for (const end of ['halt', 'kill'] as const) {
    test(`a broker that comes back after ${end} has everything again, and its outage was logged`, async (t) => {
      const broker = await aBroker(t);
      const before = await aListener(t, broker.url);
      const publisher = running(t, broker.url);
      await until('online', () => before.payloads.get('lefton/availability') === 'online');
      await before.stop();
      await broker[end]();
      publisher.views = [aView({ watts: 99 })];
      await until('the outage is logged', () => /MQTT broker is away/.test(publisher.logged.join('')));
      await broker.resume();
      const after = await aListener(t, broker.url);
      await until('the new state is there', () => after.payloads.get('lefton/home/power') === '99');
      await until('online', () => after.payloads.get('lefton/availability') === 'online');
      assert.ok(after.payloads.has(CONFIG));
    });
  }

  test('a broker that stands still is given up, and published to when it moves', async (t) => {
    const broker = await aBroker(t);
    const before = await aListener(t, broker.url);
    const publisher = running(t, broker.url, { timeoutMs: 300 });
    await until('online', () => before.payloads.get('lefton/availability') === 'online');
    broker.freeze();
    publisher.views = [aView({ watts: 98 })];
    await until('it is given up', () => /no answer in time/.test(publisher.logged.join('')));
    broker.thaw();
    await until('the new state is there', () => before.payloads.get('lefton/home/power') === '98');
    await until('online', () => before.payloads.get('lefton/availability') === 'online');
  });

  test('a wrong login is told, keeps nobody, and the secret is in no line', async (t) => {
    const broker = await aBroker(t, { users: USERS });
    const publisher = running(t, broker.url, { username: 'lefton', password: 'wr0ng' });
    await until('it is logged', () => /check user name and password/.test(publisher.logged.join('')));
    assert.match(
      publisher.logged.join(''),
      /"level":"error","event":"the MQTT broker does not take the entities"/,
    );
    assert.doesNotMatch(publisher.logged.join(''), /wr0ng/);
    await publisher.stop();
    const right = running(t, broker.url, { username: 'lefton', password: 'right' });
    const listener = await aListener(t, broker.url, { username: 'lefton', password: 'right' });
    await until('the right one publishes', () => listener.payloads.has('lefton/home/score'));
    assert.doesNotMatch(right.logged.join(''), /error/);
  });

  test('mqtts is trusted by its authority and by no other', async (t) => {
    const folder = aFolder(t);
    const authority = new Authority(folder);
    const { cert, key } = authority.sign('broker');
    const broker = await aBroker(t, { lines: [`certfile ${cert}`, `keyfile ${key}`] });
    const url = broker.url.replace('mqtt:', 'mqtts:');
    const trusting = running(t, url, { caFile: authority.cert });
    await until('it publishes', () => /entities are published/.test(trusting.logged.join('')));
    const other = running(t, url);
    await until('it is logged', () => /unable to verify|UNABLE_TO_VERIFY/.test(other.logged.join('')));
  });

  test('five hundred meters are published, and a second round has nothing to say', async (t) => {
    const broker = await aBroker(t);
    const listener = await aListener(t, broker.url);
    const publisher = running(t, broker.url);
    publisher.views = Array.from({ length: 500 }, (_, i) => aQuietView({ meter: `Meter ${i}` }));
    await until('all are there', () => listener.payloads.size >= 500 * 12);
    const { length } = listener.heard;
    publisher.views = publisher.views.slice(0, 499);
    await listener.client.publishAsync('other', 'x', { qos: 1 });
    await until('the other is heard', () => listener.payloads.has('other'));
    assert.ok(listener.heard.length <= length + 2);
  });
});

describe('a check of the broker', { skip: withoutMosquitto() }, () => {
  const check = (url: string, more: Partial<EntitySettings> = {}): Promise<string> =>
    new EntityPublisher(aSetting(url, more), () => [], realPause, aLog().log).check();

  test('tells what was found, and leaves nothing behind', async (t) => {
    const broker = await aBroker(t);
    assert.match(await check(broker.url), /lets us in, and passes on what is written to lefton\/check/);
    const listener = await aListener(t, broker.url);
    await listener.client.publishAsync('other', 'x', { qos: 1 });
    await until('the other is heard', () => listener.payloads.has('other'));
    assert.deepEqual([...listener.payloads.keys()], ['other']);
  });

  test('tells a wrong login, a closed port, and a right that is missing', async (t) => {
    const broker = await aBroker(t, { users: USERS });
    const login = { username: 'lefton', password: 'wr0ng' };
    const code = (expected: string) => (error: unknown) =>
      error instanceof LeftOnError && error.code === expected && !error.message.includes('wr0ng');
    await assert.rejects(check(broker.url, login), code('mqtt_refused'));
    await assert.rejects(check('mqtt://127.0.0.1:9'), code('mqtt_away'));
    await assert.rejects(check('http://127.0.0.1:9'), code('bad_mqtt_url'));
    await assert.rejects(check('mqtt://u:wr0ng@127.0.0.1:9'), code('bad_mqtt_url'));
    await assert.rejects(check(broker.url, { caFile: '/no/such/file' }), code('bad_ca_file'));
  });

  test('tells that our topics may not be written', async (t) => {
    const acl = join(aFolder(t), 'acl');
    writeFileSync(acl, 'topic readwrite other/#\n');
    const broker = await aBroker(t, { lines: [`acl_file ${acl}`] });
    await assert.rejects(check(broker.url), { code: 'mqtt_denied' });
  });

  test('a server that takes the connection and says nothing is away in time', async (t) => {
    const mute = createServer();
    mute.listen(0, '127.0.0.1');
    await once(mute, 'listening');
    t.after(() => mute.close());
    const { port } = mute.address() as AddressInfo;
    await assert.rejects(check(`mqtt://127.0.0.1:${port}`, { timeoutMs: 200 }), { code: 'mqtt_away' });
  });
});
