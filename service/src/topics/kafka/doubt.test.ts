import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { freePort } from '../../../../scripts/kafka/port.ts';
import { aLog } from '../../a-service.test-data.ts';
import { raw, text } from '../topics-contract.test.ts';
import { aBroker, freshTopics, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { KafkaTopics } from './kafka.ts';

/** The request that ends a transaction. */
const END_TXN = 26;

/** Between client and broker: once armed, it takes the next end of a transaction to the broker and its answer nowhere. */
class Cutter {
  readonly #server: Server;
  armed = false;
  cuts = 0;

  constructor(t: TestContext, port: number, to: number) {
    this.#server = createServer((client) => {
      const broker = connect(to, '127.0.0.1');
      let cutting = false;
      const close = (): void => {
        client.destroy();
        broker.destroy();
      };
      for (const socket of [client, broker]) socket.on('error', close).on('close', close);
      client.on('data', (chunk) => {
        // the client writes one request at a time: its size, and what it asks for
        if (this.armed && chunk.readInt16BE(4) === END_TXN) {
          this.armed = false;
          cutting = true;
        }
        broker.write(chunk);
      });
      broker.on('data', (chunk) => {
        if (!cutting) {
          client.write(chunk);
          return;
        }
        this.cuts++;
        close();
      });
    });
    this.#server.listen(port, '127.0.0.1');
    t.after(() => this.#server.close());
  }
}

const skip = withoutKafka() ?? false;

describe('a transaction of which nobody says whether it has committed', { skip }, () => {
  it('is not written again when its source tries again', async (t) => {
    const [port, between] = [await freePort(), await freePort()];
    const cutter = new Cutter(t, between, port);
    const properties = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${between}` };
    await aBroker(t, { port, properties });
    const settings = await freshTopics(1, `127.0.0.1:${between}`);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    t.after(() => topics.close());
    await topics.produce([raw('a')], { source: 'tail x', position: '1' });
    cutter.armed = true;
    const b = { source: 'tail x', position: '2' };
    await assert.rejects(topics.produce([raw('b')], b), { faultClass: 'transient' });
    assert.equal(cutter.cuts, 1);
    await topics.produce([raw('b')], b);
    await topics.produce([raw('c')], { source: 'tail x', position: '3' });
    assert.deepEqual((await wholeTopic(settings, 'raw_power')).map(text), ['a', 'b', 'c']);
  });
});
