import { MINUTE, toRecord, wattHours, watts } from '@lefton/core';
import type { AnomalyType, Policy } from '@lefton/core';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aFolder, aLog, SetClock, START } from '../a-service.test-data.ts';
import type { ChannelName } from '../channel.ts';
import type { Alert } from '../ports.ts';
import { Database } from '../sqlite/database.ts';
import { SqliteStore } from '../store/store.ts';
import { TestChannel, testWords } from './a-channel.test-data.ts';
import type { MessageWords } from './compose.ts';
import { Outbox } from './outbox.ts';
import { defaultRules } from './rules.ts';
import type { ChannelRules } from './rules.ts';

/** Which alert. */
export interface AnAlert {
  readonly episode?: string;
  readonly channel?: ChannelName;
  /** After the start. */
  readonly minute?: number;
  readonly meter?: string;
  readonly power?: number;
}

export function alert(
  type: AnomalyType,
  { episode = 'e', channel = 'phone', minute = 0, meter = 'home', power = 2000 }: AnAlert = {},
): Alert {
  const at = START + minute * MINUTE;
  const record = toRecord({
    ...{
      type,
      episode,
      meter,
      at,
      hour: 0,
      day: 1,
      watts: watts(power),
      meanWatts: null,
      usualWatts: watts(200),
      score: 2,
    },
    ...{ since: START, until: null, longestMs: null, excessWh: wattHours(1), cost: null, why: 'above 1 kW.' },
  });
  const event = type === 'still_on' ? `still_on ${record.at}` : type;
  return { episode, event, channel, record, zone: 'Europe/Paris' };
}

/** An outbox on a database of its own, with the channels that it is given. */
export function anOutbox(
  t: TestContext,
  channels: readonly TestChannel[] = [new TestChannel()],
  rules: Partial<Record<ChannelName, Partial<ChannelRules>>> = {},
  policy: Pick<Policy, 'away'> = { away: [] },
  words: MessageWords = testWords,
) {
  const db = new Database(join(aFolder(t), 'lefton.db'));
  t.after(() => {
    db.close();
  });
  const clock = new SetClock();
  const { log, lines } = aLog();
  const store = new SqliteStore(db, clock, 400);
  const make = (...present: readonly TestChannel[]): Outbox =>
    new Outbox({
      ...{ deliveries: store.deliveries, home: store, channels: present, words },
      rules: Object.fromEntries(
        Object.entries(defaultRules).map(([name, usual]) => [
          name,
          { ...usual, ...rules[name as ChannelName] },
        ]),
      ) as typeof defaultRules,
      ...{ policy, criticalW: 3000, clock, system: clock, random: () => 1, log },
    });
  const add = (...alerts: Alert[]): void => {
    store.apply({ readings: [], events: [], alerts }, []);
  };
  const notes = (): string[] =>
    [...store.deliveries.list({ limit: 100 })]
      .reverse()
      .map(({ channel, event, state, note }) => `${channel} ${event.slice(0, 8)} ${state}: ${note ?? ''}`);
  const [channel = new TestChannel()] = channels;
  return { outbox: make(...channels), make, store, clock, channel, add, notes, lines };
}
