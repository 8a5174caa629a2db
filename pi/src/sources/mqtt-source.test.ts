import { connectAsync } from 'mqtt';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { it } from 'node:test';
import { Mosquitto } from '../../../scripts/home-assistant/mosquitto.ts';
import { aLog, until } from '../a-capture.test-data.ts';
import { MqttSource } from './mqtt-source.ts';

const skip = spawnSync('mosquitto', ['-h']).error === undefined ? false : 'needs mosquitto';

it(
  'a topic is heard, what was kept on it is not taken, and a broker may go and come',
  { skip },
  async (t) => {
    const broker = await Mosquitto.start();
    t.after(() => broker.stop());
    const publish = async (payload: string, retain = false): Promise<void> => {
      const client = await connectAsync(broker.url);
      await client.publishAsync('tele/meter/SENSOR', payload, { retain, qos: 1 });
      await client.endAsync();
    };
    await publish('{"ENERGY":{"Power":9999}}', true);
    const { log, lines } = aLog();
    const place = { path: null, unit: 'W' as const };
    const access = { url: broker.url, username: null, password: null, ca: null, topic: 'tele/meter/SENSOR' };
    const source = new MqttSource({ ...access, ...place }, log, () => performance.now());
    const watts: (number | null)[] = [];
    const meters = new Set<string | null>();
    const stopping = new AbortController();
    const running = source.run((telegram) => {
      watts.push(telegram.watts);
      meters.add(telegram.meter);
    }, stopping.signal);
    await until('it has subscribed', () => /SUBSCRIBE/.test(broker.said));
    await publish('{"ENERGY":{"Power":100}}');
    for (let n = 0; n < 3; n++) await publish('{"ENERGY":{"Power":"unavailable"}}');
    await publish('{"ENERGY":{"Power":200}}');
    await until('they are heard', () => watts.length === 2);
    await broker.kill();
    await until('the broker is missed', () => lines.some((line) => line.includes('is away')));
    await broker.resume();
    await until('it answers again', () => source.link().reopened === 1);
    await publish('{"ENERGY":{"Power":300}}');
    await until('it is heard again', () => watts.length === 3);
    assert.deepEqual(watts, [100, 200, 300]);
    assert.deepEqual([...meters], ['tele/meter/SENSOR'], 'so that devices on a topic with + are told apart');
    const { good, bad } = source.link();
    assert.deepEqual({ good, bad }, { good: 3, bad: 3 });
    assert.equal(lines.filter((line) => line.includes('no power')).length, 1, lines.join('\n'));
    const said = lines.length;
    stopping.abort();
    await running;
    assert.equal(lines.length, said, 'whoever leaves misses nobody');
  },
);
