import { HOUR, LeftOnError, MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START } from '../a-service.test-data.ts';
import { DeliveryError } from '../channel.ts';
import { TestChannel, transient } from './a-channel.test-data.ts';
import { alert, anOutbox } from './an-outbox.test-data.ts';

/** 01:00 in Paris: the speaker is quiet. */
const NIGHT = START;
const NOON = START + 11 * HOUR;
const noon = { minute: 11 * 60 };
const permanent = new Error('bad token');

describe('a channel that stands in', () => {
  it('and may not tell now lets the next one tell', async (t) => {
    const [phone, speech, ntfy] = [
      new TestChannel('phone'),
      new TestChannel('speech'),
      new TestChannel('ntfy'),
    ];
    const { outbox, add, notes } = anOutbox(t, [phone, speech, ntfy], { phone: { fallback: 'speech' } });
    phone.fault = permanent;
    add(alert('opened'), alert('opened', { channel: 'speech' }));
    for (let i = 0; i < 4; i++) await outbox.deliverDue();
    assert.deepEqual([speech.told, ntfy.told], [[], ['opened']]);
    assert.match(notes()[1] ?? '', /^speech opened failed: quiet hours.*; ntfy stands in$/);
  });

  it('and is the last one that could have told is an error in the log', async (t) => {
    const [phone, speech] = [new TestChannel('phone'), new TestChannel('speech')];
    const { outbox, add, lines } = anOutbox(t, [phone, speech]);
    phone.fault = permanent;
    add(alert('opened'), alert('opened', { channel: 'speech' }));
    for (let i = 0; i < 4; i++) await outbox.deliverDue();
    assert.match(lines.at(-1) ?? '', /"error".*an alert was not told/);
  });

  it('tells what it had not looked at yet, also below its own severity', async (t) => {
    const [phone, speech] = [new TestChannel('phone'), new TestChannel('speech')];
    const { outbox, clock, add } = anOutbox(t, [phone, speech]);
    clock.at = NOON;
    phone.fault = permanent;
    add(alert('closed', noon), alert('closed', { ...noon, channel: 'speech' }));
    await outbox.deliverOn('phone');
    await outbox.deliverOn('speech');
    assert.deepEqual(speech.told, ['closed']);
  });

  it('does so also where that comes while it is busy', async (t) => {
    const [phone, speech] = [new TestChannel('phone'), new TestChannel('speech')];
    const { outbox, clock, add } = anOutbox(t, [phone, speech]);
    clock.at = NOON;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    speech.gate = promise;
    add(alert('opened', { ...noon, channel: 'speech' }));
    add(
      alert('closed', { ...noon, episode: 'f', channel: 'speech' }),
      alert('closed', { ...noon, episode: 'f' }),
    );
    const speaking = outbox.deliverOn('speech');
    phone.fault = permanent;
    await outbox.deliverOn('phone');
    resolve(undefined);
    await speaking;
    await outbox.deliverOn('speech');
    assert.deepEqual(speech.told, ['opened', 'closed']);
  });
});

describe('a channel that is away', () => {
  it('hands over what it would have told, and nothing else', async (t) => {
    const [phone, speech] = [new TestChannel('phone'), new TestChannel('speech')];
    const { outbox, clock, add, notes } = anOutbox(t, [phone, speech], { phone: { severity: 'critical' } });
    speech.fault = transient;
    add(alert('opened', { channel: 'speech', power: 4000 }));
    for (clock.at = NIGHT; clock.at < NIGHT + 10 * MINUTE; clock.at += 5_000) await outbox.deliverDue();
    assert.deepEqual(phone.told, ['opened']);
    for (const channel of ['phone', 'speech'] as const)
      add(alert('opened', { channel, episode: 'f', meter: 'barn', minute: 10 }));
    for (let i = 0; i < 3; i++) await outbox.deliverDue();
    assert.deepEqual(phone.told, ['opened'], 'a warning at night is for neither');
    assert.match(notes().at(-1) ?? '', /^speech opened dropped: quiet hours/);
  });

  it('for hours by its own word lets another one tell at once', async (t) => {
    const [pushbullet, phone] = [new TestChannel('pushbullet', true), new TestChannel('phone')];
    const { outbox, add } = anOutbox(t, [pushbullet, phone]);
    const about = { code: 'x', place: 'x', expected: 'a', found: 'b', faultClass: 'transient' } as const;
    pushbullet.fault = new DeliveryError({ ...about, closedUntil: START + 20 * HOUR });
    add(alert('opened', { channel: 'pushbullet' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(phone.told, ['opened']);
  });
});

describe('a message', () => {
  it('stays the same when it is tried again, so that its receiver recognises it', async (t) => {
    const { outbox, store, channel, clock, add } = anOutbox(t, [new TestChannel('phone', true)]);
    const first = alert('opened');
    add(first);
    store.deliveries.hold([{ id: 1, dueAt: START, why: 'x' }]);
    const ids: string[] = [];
    t.mock.method(channel, 'deliver', ({ id }: { id: string }) => {
      ids.push(id);
      return ids.length === 1 ? Promise.reject(transient) : Promise.resolve('receipt');
    });
    await outbox.deliverDue();
    add(alert('opened', { episode: 'f', meter: 'barn' }));
    store.deliveries.hold([{ id: 2, dueAt: START + 5_000, why: 'x' }]);
    clock.at += 5_000;
    await outbox.deliverDue();
    assert.equal(ids.length, 3);
    assert.equal(ids[1], ids[0]);
  });

  it('is tried again by the rules of then', async (t) => {
    const { outbox, store, channel, clock, add, notes } = anOutbox(t, [new TestChannel('phone', true)]);
    channel.fault = transient;
    add(alert('opened'));
    await outbox.deliverDue();
    store.mute(START + HOUR);
    clock.at += MINUTE;
    await outbox.deliverDue();
    assert.deepEqual([channel.attempts, notes()], [1, ['phone opened dropped: muted']]);
  });

  it('that arrived is not sent again because it could not be noted', async (t) => {
    for (const idempotent of [false, true]) {
      const { outbox, store, channel, clock, add } = anOutbox(t, [new TestChannel('phone', idempotent)]);
      add(alert('opened'));
      const full = new LeftOnError({
        ...{ code: 'storage_full', place: 'x', expected: 'a', found: 'b' },
        faultClass: 'transient',
      });
      const settle = () => {
        throw full;
      };
      t.mock.method(store.deliveries, 'settle', settle, { times: 1 });
      await assert.rejects(outbox.deliverDue(), full);
      clock.at += MINUTE;
      await outbox.deliverDue();
      assert.equal(new Set(channel.messages.map(({ id }) => id)).size, 1);
      if (!idempotent) assert.equal(channel.told.length, 1);
    }
  });
});

describe('a silence and an episode of the same instant', () => {
  const at = { episode: 'home@2026-01-05T00:00:00Z' };

  it('are told both', async (t) => {
    const { outbox, channel, add } = anOutbox(t, undefined, { phone: { cooldownMs: 0 } });
    add(alert('opened', at), alert('meter_silent', { ...at, minute: 5 }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'meter_silent']);
  });

  it('are not both answered by "that was fine"', async (t) => {
    const { outbox, store, channel, add } = anOutbox(t);
    t.mock.method(store, 'labelOf', () => 'fine');
    add(alert('meter_silent', at));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['meter_silent']);
  });
});

describe('the past', () => {
  it('holds no silence back for an onset', async (t) => {
    const { outbox, channel, clock, add } = anOutbox(t);
    add(alert('opened'));
    await outbox.deliverDue();
    clock.at += 10 * MINUTE;
    add(alert('meter_silent', { episode: 'f', minute: 10 }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'meter_silent']);
  });

  it('ends now, also where the clock had been ahead', async (t) => {
    const { outbox, channel, clock, add } = anOutbox(t);
    clock.at = START + 365 * 24 * HOUR;
    add(alert('opened', { minute: 365 * 24 * 60 }));
    await outbox.deliverDue();
    clock.at = START;
    add(alert('opened', { episode: 'f' }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'opened']);
  });
});
