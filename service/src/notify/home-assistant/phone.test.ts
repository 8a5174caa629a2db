import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aMessage, faultOf } from './a-home.test-data.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { Faults } from './fault.ts';
import { PhoneChannel } from './phone.ts';

/**
 * A Home Assistant of 2024.5 or later, whose notify entities have a service of their own; that of the other tests is
 * older.
 */
function aNewerHome(entities: readonly string[]) {
  const faults = new Faults('http://home', 'x');
  const acts: unknown[] = [];
  const connection = {
    faults,
    hold: () => undefined,
    act: (domain: string, service: string, data: object) => {
      const known = service === 'send_message';
      acts.push([`${domain}.${service}`, data]);
      const refusal = faults.refused('home_assistant_refused', 'it', `service_validation_error: ${service}`);
      return known ? Promise.resolve() : Promise.reject(refusal);
    },
    subscribe: ({ entity_ids: [id] }: { entity_ids: [string] }, onEvent: (event: unknown) => void) => {
      onEvent({ a: entities.includes(id) ? { [id]: { s: 'unknown', a: {}, lc: 1 } } : {} });
      return Promise.resolve(() => undefined);
    },
  } as unknown as HomeAssistantConnection;
  const words = { fineTitle: 'Fine', muteTitle: 'Mute', muteMs: 1_000 };
  return { acts, phone: new PhoneChannel(connection, { target: 'notify.hall', ...words }) };
}

it('the phone is told by a notify entity where there is no service of that name', async () => {
  const { acts, phone } = aNewerHome(['notify.hall']);
  const { title, text, ...rest } = aMessage();
  assert.equal(await phone.deliver({ title, text, ...rest }, () => undefined), 'notify.hall took it');
  assert.deepEqual(acts.at(-1), ['notify.send_message', { entity_id: 'notify.hall', title, message: text }]);
});

it('the phone says what was wrong with the service where there is no entity either', async () => {
  const { phone } = aNewerHome([]);
  const fault = await faultOf(phone.deliver(aMessage(), () => undefined));
  assert.deepEqual([fault.faultClass, fault.found], ['fatal', 'service_validation_error: hall']);
});

it('the phone is told twice only what it shows once: a chat or an entity would show both', () => {
  const words = { fineTitle: 'Fine', muteTitle: 'Mute', muteMs: 1_000 };
  const connection = { hold: () => undefined } as unknown as HomeAssistantConnection;
  const isRepeated = (target: string): boolean =>
    new PhoneChannel(connection, { target, ...words }).idempotent;
  assert.deepEqual(['notify.mobile_app_pixel_8', 'telegram'].map(isRepeated), [true, false]);
});
