import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../../../scripts/home-assistant/for-tests.ts';
import { aConnection, aMessage, aRecord } from './a-home.test-data.ts';
import { DashboardChannel } from './dashboard.ts';

interface Shown {
  readonly notification_id: string;
  readonly title: string;
  readonly message: string;
}

describe('the dashboard', { skip: withoutHomeAssistant() }, () => {
  it('shows an episode once: its end takes the place of its beginning', async (t) => {
    const home = await sharedHomeAssistant();
    const channel = new DashboardChannel(aConnection(t, home).connection);
    const shown = async (): Promise<readonly Shown[]> =>
      ((await home.bus.ask('persistent_notification/get')) as Shown[]).filter(({ notification_id }) =>
        notification_id.startsWith('lefton_'),
      );
    assert.match(await channel.check(), /^Home Assistant \S+ shows notifications$/);
    assert.deepEqual(await shown(), []);
    const opened = aMessage();
    const receipt = await channel.deliver(opened, () => undefined);
    await channel.deliver(opened, () => undefined);
    const [first, ...more] = await shown();
    assert.deepEqual(more, []);
    assert.deepEqual([first?.title, first?.message], [opened.title, opened.text]);
    assert.equal(receipt, `shown as ${first?.notification_id ?? ''}`);
    const closed = aMessage({ title: 'All is well {{ 1 }}', records: [aRecord('closed')] });
    await channel.deliver(closed, () => undefined);
    assert.deepEqual(
      (await shown()).map(({ title }) => title),
      ['All is well { { 1 }}'],
    );
    await channel.deliver(
      aMessage({ records: [aRecord('opened', 'shed@2026-03-24T02:12:00Z')] }),
      () => undefined,
    );
    assert.equal((await shown()).length, 2);
    await channel.close();
  });
});
