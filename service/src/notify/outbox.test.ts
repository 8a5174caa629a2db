import { DAY, HOUR, MINUTE, wattHours, watts, wordsIn } from '@lefton/core';
import type { AnomalyEvent } from '@lefton/core';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START } from '../a-service.test-data.ts';
import { DeliveryError } from '../channel.ts';
import type { Alert } from '../ports.ts';
import { TestChannel, transient } from './a-channel.test-data.ts';
import { alert, anOutbox } from './an-outbox.test-data.ts';
import { ConsoleChannel } from './console.ts';

const LIMITED = {
  ...{ code: 'ratelimited', place: 'x', expected: 'a', found: 'b' },
  faultClass: 'transient',
} as const;

describe('the outbox', () => {
  it('tells each alert once, in order of time', async (t) => {
    const { outbox, channel, add, notes } = anOutbox(t, undefined, { phone: { everyEvent: true } });
    add(alert('closed', { minute: 5 }), alert('opened'));
    add(alert('opened'));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'closed']);
    assert.deepEqual(notes(), ['phone closed sent: receipt', 'phone opened sent: receipt']);
  });

  it('tells what a newer event has overtaken as it was then, and the newest as it is now', async (t) => {
    const rules = { webhook: { everyEvent: true } };
    const channels = [new TestChannel('webhook')];
    const { outbox, channel, clock, add } = anOutbox(t, channels, rules, undefined, wordsIn('en'));
    const reminder = (minute: number): Alert => alert('still_on', { minute, channel: 'webhook' });
    add(reminder(120), reminder(240));
    clock.at = START + 300 * MINUTE;
    await outbox.deliverDue();
    assert.deepEqual(
      channel.messages.map(({ text, speech }) => [text, speech].map((each) => /\w+ hours?/.exec(each)?.[0])),
      [
        ['2 hours', 'two hours'],
        ['5 hours', 'five hours'],
      ],
    );
  });

  it('does so also when asked twice at the same time', async (t) => {
    const { outbox, channel, add } = anOutbox(t);
    add(alert('opened'), alert('opened', { episode: 'f', meter: 'barn' }));
    await Promise.all([outbox.deliverDue(), outbox.deliverDue()]);
    assert.deepEqual(channel.told, ['opened', 'opened']);
  });

  it('lets no channel wait for another', async (t) => {
    const [slow, quick] = [new TestChannel('speech'), new TestChannel('phone')];
    const { outbox, add } = anOutbox(t, [slow, quick], { speech: { quietHours: null } });
    const { promise, resolve } = Promise.withResolvers<undefined>();
    slow.gate = promise;
    add(alert('opened', { channel: 'speech' }), alert('opened', { channel: 'phone' }));
    const all = outbox.deliverDue();
    await outbox.deliverOn('phone');
    assert.deepEqual([slow.told, quick.told], [[], ['opened']]);
    resolve(undefined);
    await all;
    assert.deepEqual(slow.told, ['opened']);
  });

  it('tries again later, with waits that double, until it works', async (t) => {
    const { outbox, channel, clock, add } = anOutbox(t);
    channel.fault = transient;
    add(alert('opened'));
    await outbox.deliverDue();
    clock.at += 4_999;
    assert.equal(await outbox.deliverDue(), 0);
    clock.at += 1;
    assert.equal(await outbox.deliverDue(), 1);
    clock.at += 9_999;
    assert.equal(await outbox.deliverDue(), 0);
    clock.at += 1;
    channel.fault = undefined;
    await outbox.deliverDue();
    assert.deepEqual([channel.attempts, channel.told], [3, ['opened']]);
  });

  it('waits as long as the receiver asks for, with all that is for it (need 56)', async (t) => {
    const { outbox, channel, clock, add } = anOutbox(t);
    channel.fault = new DeliveryError({ ...LIMITED, closedUntil: START + MINUTE });
    add(alert('opened'), alert('opened', { episode: 'f', meter: 'barn' }));
    await outbox.deliverDue();
    clock.at += MINUTE - 1;
    await outbox.deliverDue();
    assert.equal(channel.attempts, 1);
    clock.at += 1;
    channel.fault = undefined;
    await outbox.deliverDue();
    assert.deepEqual([channel.attempts, channel.told.length], [3, 2]);
  });

  for (const [when, begins] of [
    ['it was made', 120],
    ['it was tried again', 0],
  ] as const) {
    it(`tells at once what was put off while the clock was two hours ahead, also where ${when} by it`, async (t) => {
      const { outbox, channel, clock, add } = anOutbox(t);
      channel.fault = transient;
      clock.at = START + begins * MINUTE;
      add(alert('opened', { minute: begins }));
      await outbox.deliverDue();
      clock.at = START + 121 * MINUTE;
      await outbox.deliverDue();
      channel.fault = undefined;
      clock.at = START + MINUTE;
      await outbox.deliverDue();
      assert.deepEqual(channel.told, ['opened']);
    });
  }

  it('opens a channel again that was closed for a minute while the clock was two hours ahead', async (t) => {
    const { outbox, channel, clock, add } = anOutbox(t);
    clock.at = START + 2 * HOUR;
    channel.fault = new DeliveryError({ ...LIMITED, closedUntil: START + 121 * MINUTE });
    add(alert('opened'));
    await outbox.deliverDue();
    channel.fault = undefined;
    clock.at = START;
    add(alert('opened', { channel: 'phone', episode: 'f', meter: 'barn' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened', 'opened']);
  });

  it('waits for a channel that is closed for weeks, however often it is asked', async (t) => {
    const { outbox, channel, clock, add, notes } = anOutbox(t);
    const about = {
      code: 'used_up',
      place: 'x',
      expected: 'a',
      found: 'b',
      faultClass: 'transient',
    } as const;
    channel.fault = new DeliveryError({ ...about, closedUntil: START + 300 * DAY });
    add(alert('meter_silent'));
    await outbox.deliverDue();
    clock.at += HOUR;
    assert.equal(await outbox.deliverDue(), 0);
    assert.match(notes()[0] ?? '', /pending/);
  });

  it('lets what could not be told for long expire, and says so', async (t) => {
    const { outbox, channel, clock, add, notes, lines } = anOutbox(t);
    channel.fault = transient;
    add(alert('opened'));
    for (let minute = 0; minute < 13 * 60; minute += 10) {
      await outbox.deliverDue();
      clock.at += 10 * MINUTE;
    }
    assert.deepEqual(notes(), ['phone opened failed: too old to be told']);
    assert.match(lines.at(-1) ?? '', /"error".*an alert was not told/);
  });

  it('does not repeat a delivery in whose middle the process stopped', async (t) => {
    const { outbox, store, channel, add, notes } = anOutbox(t);
    add(alert('opened'));
    store.deliveries.begin([store.deliveries.due('phone', START, 1)[0]?.id ?? 0], 'm', START);
    await outbox.deliverDue();
    assert.deepEqual(channel.told, []);
    assert.deepEqual(notes(), ['phone opened failed: stopped in the middle of the delivery; not repeated']);
  });

  it('repeats it where the receiver recognises the repetition, under the same id', async (t) => {
    const { outbox, store, channel, add } = anOutbox(t, [new TestChannel('phone', true)]);
    add(alert('opened'));
    store.deliveries.begin([store.deliveries.due('phone', START, 1)[0]?.id ?? 0], 'm', START);
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened']);
    const again = anOutbox(t, [new TestChannel('phone', true)]);
    again.add(alert('opened'));
    await again.outbox.deliverDue();
    assert.equal(again.channel.messages[0]?.id, channel.messages[0]?.id);
  });

  it('drops what the policy drops, with the reason', async (t) => {
    const { outbox, store, channel, clock, add, notes } = anOutbox(t);
    store.mute(START + MINUTE);
    add(alert('opened'));
    await outbox.deliverDue();
    clock.at += MINUTE;
    add(alert('closed', { minute: 1 }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['closed']);
    assert.deepEqual(notes(), ['phone opened dropped: muted', 'phone closed sent: receipt']);
  });

  it('does not come back to what the person called fine', async (t) => {
    const { outbox, store, channel, add, notes } = anOutbox(t);
    store.apply({ readings: [], events: [anEvent('e')], alerts: [] }, []);
    add(alert('opened'));
    await outbox.deliverDue();
    assert.ok(store.label('e', 'fine', START));
    add(alert('still_on', { minute: 60 }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened']);
    assert.equal(notes()[1], 'phone still_on dropped: answered: that was fine');
  });

  it('tells what waited in one message (need 52)', async (t) => {
    const { outbox, channel, clock, add, notes } = anOutbox(t);
    for (let i = 0; i < 60; i++) add(alert('opened', { episode: `e${i}` }));
    await outbox.deliverDue();
    assert.deepEqual(channel.told, ['opened']);
    for (let minute = 0; minute < 30; minute++) {
      clock.at += MINUTE;
      await outbox.deliverDue();
    }
    await outbox.deliverDue();
    assert.equal(channel.told.length, 2);
    assert.equal(channel.messages.flatMap(({ records }) => records).length, 60);
    assert.ok(notes().every((note) => note.endsWith('sent: receipt')));
  });
});

describe('a channel that fails', () => {
  const permanent = new Error('bad token');

  it('lets another one tell, and says so there', async (t) => {
    const [speech, phone] = [new TestChannel('speech'), new TestChannel('phone')];
    const { outbox, add, notes } = anOutbox(t, [speech, phone], {
      speech: { quietHours: null },
      phone: { severity: 'critical' },
    });
    speech.fault = permanent;
    add(alert('opened', { channel: 'phone' }));
    await outbox.deliverDue();
    add(alert('opened', { channel: 'speech' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.match(phone.messages[0]?.text ?? '', /\(instead of speech\)/);
    assert.deepEqual(notes(), [
      'phone opened sent: receipt',
      'speech opened failed: bad token; phone stands in',
    ]);
  });

  it('does not make another one tell twice', async (t) => {
    const [speech, phone] = [new TestChannel('speech'), new TestChannel('phone')];
    const { outbox, add, notes } = anOutbox(t, [speech, phone], { speech: { quietHours: null } });
    speech.fault = permanent;
    add(alert('opened', { channel: 'speech' }), alert('opened', { channel: 'phone' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.equal(phone.attempts, 1);
    assert.equal(notes()[0], 'speech opened failed: bad token; phone stands in');
  });

  it('waits five minutes for what may pass, then another one tells', async (t) => {
    const [pushbullet, phone] = [new TestChannel('pushbullet', true), new TestChannel('phone')];
    const { outbox, clock, add } = anOutbox(t, [pushbullet, phone]);
    pushbullet.fault = transient;
    add(alert('opened', { channel: 'pushbullet' }));
    while (phone.told.length === 0 && clock.at < START + HOUR) {
      await outbox.deliverDue();
      clock.at += 5_000;
    }
    assert.ok(clock.at - START >= 5 * MINUTE && clock.at - START < 10 * MINUTE, `${clock.at - START}`);
    assert.deepEqual(pushbullet.told, []);
  });

  it('is tried with one alert, not with each that waits, and fresh ones do not wait for it again', async (t) => {
    const [pushbullet, phone] = [new TestChannel('pushbullet', true), new TestChannel('phone')];
    const { outbox, clock, add } = anOutbox(t, [pushbullet, phone], { phone: { mostPerHour: Infinity } });
    pushbullet.fault = transient;
    const many = (from: number): void => {
      for (let i = from; i < from + 10; i++)
        add(alert('opened', { channel: 'pushbullet', episode: `e${i}`, meter: `m${i}` }));
    };
    many(0);
    await outbox.deliverDue();
    assert.deepEqual([pushbullet.attempts], [1]);
    while (phone.told.length < 10) {
      assert.ok(clock.at < START + HOUR);
      clock.at += 5_000;
      await outbox.deliverDue();
    }
    const { attempts } = pushbullet;
    assert.ok(attempts < 10, `${attempts} attempts`);
    many(10);
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual([pushbullet.attempts, phone.told.length], [attempts, 20]);
  });

  it('is left alone while it is closed for long; what comes is told by another (need 55)', async (t) => {
    const [pushbullet, phone] = [new TestChannel('pushbullet', true), new TestChannel('phone')];
    const { outbox, make, clock, add, store } = anOutbox(t, [pushbullet, phone]);
    const about = {
      code: 'pushbullet_pro_required',
      place: 'x',
      expected: 'a',
      found: 'b',
      faultClass: 'fatal',
    } as const;
    pushbullet.fault = new DeliveryError({ ...about, closedUntil: START + 20 * 24 * HOUR });
    add(alert('opened', { channel: 'pushbullet' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.equal(store.deliveries.closed().length, 1);
    // also after a restart
    const restarted = make(pushbullet, phone);
    clock.at += HOUR;
    add(alert('opened', { channel: 'pushbullet', episode: 'f', minute: 60 }));
    await restarted.deliverDue();
    await restarted.deliverDue();
    assert.deepEqual([pushbullet.attempts, phone.told.length], [1, 2]);
    clock.at += 20 * 24 * HOUR;
    pushbullet.fault = undefined;
    add(alert('opened', { channel: 'pushbullet', episode: 'g', minute: 21 * 24 * 60 }));
    await restarted.deliverDue();
    assert.deepEqual([pushbullet.told, store.deliveries.closed()], [['opened'], []]);
  });

  it('that cannot know whether it told does not tell again, unless the receiver recognises it', async (t) => {
    const about = { code: 'x', place: 'x', expected: 'a', found: 'b', faultClass: 'transient' } as const;
    for (const idempotent of [false, true]) {
      const { outbox, channel, clock, add } = anOutbox(t, [new TestChannel('phone', idempotent)]);
      channel.fault = new DeliveryError({ ...about, doubtful: true });
      add(alert('opened'));
      await outbox.deliverDue();
      clock.at += MINUTE;
      await outbox.deliverDue();
      assert.equal(channel.attempts, idempotent ? 2 : 1);
    }
  });

  it('and has nobody to stand in is an error in the log', async (t) => {
    const channels = [new TestChannel('speech'), new TestChannel('phone')];
    const { outbox, add, notes, lines } = anOutbox(t, channels, { speech: { quietHours: null } });
    for (const channel of channels) channel.fault = permanent;
    add(alert('opened', { channel: 'phone' }));
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(notes(), [
      'phone opened failed: bad token; speech stands in',
      'speech opened failed: bad token',
    ]);
    assert.match(lines.at(-1) ?? '', /"error".*an alert was not told/);
  });

  it('hands over what it had not told when it is no longer set up', async (t) => {
    const { make, add, notes } = anOutbox(t);
    add(alert('opened', { channel: 'ntfy' }));
    const phone = new TestChannel('phone');
    const outbox = make(phone);
    await outbox.deliverDue();
    await outbox.deliverDue();
    assert.deepEqual(phone.told, ['opened']);
    assert.equal(notes()[0], 'ntfy opened failed: the channel is no longer set up; phone stands in');
  });
});

describe('the console', () => {
  it('prints the local time, the sentence and the reason, or the record as JSON', async () => {
    const lines: string[] = [];
    const { record } = alert('opened');
    const message = { ...MESSAGE, records: [record] };
    await new ConsoleChannel((line) => lines.push(line), false).deliver(message);
    assert.deepEqual(lines, [
      '2026-01-05 01:00  home: Unusual: 2.0 kW since 01:00, at this hour it is usually 0.2 kW. About 1 Wh so far. (above 1 kW)\n',
    ]);
    await new ConsoleChannel((line) => lines.push(line), true).deliver(message);
    assert.deepEqual(JSON.parse(lines[1] ?? ''), record);
  });
});

const MESSAGE = {
  id: 'x',
  severity: 'warning',
  title: '',
  text: '',
  speech: '',
  zone: 'Europe/Paris',
} as const;

function anEvent(episode: string): AnomalyEvent {
  return {
    ...{ type: 'opened', episode, meter: 'home', at: START, hour: 0, day: 1, watts: watts(2000) },
    ...{
      meanWatts: null,
      usualWatts: null,
      score: 2,
      since: START,
      until: null,
      longestMs: null,
      excessWh: wattHours(1),
    },
    ...{ cost: null, why: '' },
  };
}
