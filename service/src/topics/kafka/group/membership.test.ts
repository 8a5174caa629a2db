import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { aLog, until } from '../../../a-service.test-data.ts';
import type { KafkaClient } from '../client.ts';
import { Membership } from './membership.ts';
import type { Member } from './membership.ts';

/** Makes consumers that connect for ever: a client that is stuck cannot be had from a broker when one wants it. */
class StuckClient {
  made = 0;
  left = 0;

  consumer(): unknown {
    this.made++;
    return {
      events: {},
      on: () => undefined,
      connect: () => new Promise(() => undefined),
      disconnect: () => Promise.resolve(this.left++),
    };
  }

  explained(error: unknown): unknown {
    return error;
  }
}

const nobody: Member = {
  joined: () => undefined,
  read: () => Promise.resolve(),
  reached: () => undefined,
  left: () => Promise.resolve(),
};

describe('a membership of a group', () => {
  it('begins anew, with another consumer, when the client has got stuck', async () => {
    const client = new StuckClient();
    const { log, lines } = aLog();
    const patience = { stuckMs: 20, watchMs: 5 };
    const membership = new Membership(client as unknown as KafkaClient, 'g', ['t'], log, {}, patience);
    const stop = new AbortController();
    const running = membership.run(nobody, 1, stop.signal);
    await until('there is a second one', () => client.made === 2);
    assert.equal(client.left, 1);
    assert.match(lines.join(''), /a consumer is made anew.*nothing for too long/);
    stop.abort();
    await running;
    assert.equal(client.left, 2);
  });
});
