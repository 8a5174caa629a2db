import type { AnomalyRecord } from '@lefton/core';
import type { TestContext } from 'node:test';
import type { HomeAssistant } from '../../../../scripts/home-assistant/home-assistant.ts';
import { aLog } from '../../a-service.test-data.ts';
import { DeliveryError } from '../../channel.ts';
import type { Message } from '../../channel.ts';
import { HomeAssistantConnection } from './connection.ts';
import type { ConnectionLimits } from './connection.ts';

export const PLAYER = 'media_player.speaker';
export const EPISODE = 'home@2026-03-24T02:12:00Z';

/** An event of one episode. */
export function aRecord(type: AnomalyRecord['type'] = 'opened', episode = EPISODE): AnomalyRecord {
  return {
    v: 1,
    type,
    episode,
    meter: 'home',
    at: '2026-03-24T03:12:00Z',
    hour: 4,
    day: 2,
    watts: 1800,
    usual_watts: 300,
    score: 2.1,
    since: '2026-03-24T02:12:00Z',
    excess_wh: 1500,
    why: 'above what has been usual at 4.',
  };
}

let messages = 0;

/** A message of its own. */
export function aMessage(changes: Partial<Message> = {}): Message {
  messages++;
  return {
    id: messages.toString(16).padStart(32, '0'),
    severity: 'warning',
    title: 'Something was left on',
    text: '1.8 kW since 3:12, usually 0.3 kW.',
    speech: `Something was left on in the house: message number ${messages}, and some more words to be spoken.`,
    records: [aRecord()],
    zone: 'Europe/Berlin',
    ...changes,
  };
}

/** A connection that ends with the test. */
export function aConnection(
  t: TestContext,
  { url, token }: Pick<HomeAssistant, 'url' | 'token'>,
  limits: Partial<ConnectionLimits> = {},
): { connection: HomeAssistantConnection; log: ReturnType<typeof aLog>['log']; lines: string[] } {
  const { log, lines } = aLog();
  const connection = new HomeAssistantConnection({ url, token, limits }, log);
  t.after(() => {
    connection.close();
  });
  return { connection, log, lines };
}

/** The fault that a delivery ends with. */
export async function faultOf(delivery: Promise<unknown>): Promise<DeliveryError> {
  try {
    await delivery;
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
  throw new Error('it was delivered');
}
