import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { sharedHomeAssistant, withoutHomeAssistant } from '../../scripts/home-assistant/for-tests.ts';
import { HomeAssistant } from '../../scripts/home-assistant/home-assistant.ts';
import { until } from '../../scripts/home-assistant/until.ts';
import { aService } from './a-service.test-data.ts';
import type { RunningService } from './a-service.test-data.ts';

/** A service that knows a Home Assistant, in which something is left on now. */
async function aHome(
  t: TestContext,
  { url, token }: HomeAssistant,
  flags: Record<string, unknown>,
): Promise<RunningService> {
  const service = await aService(t, { homeAssistantUrl: url, homeAssistantToken: token, ...flags });
  const now = Date.now();
  const rows = Array.from(
    { length: 10 },
    (_, i) => `${new Date(now - (9 - i) * 60_000).toISOString()},3000\n`,
  );
  const headers = { 'content-type': 'text/csv' };
  await fetch(`${service.url}/api/readings`, { method: 'POST', headers, body: `at,watts\n${rows.join('')}` });
  return service;
}

async function of(service: RunningService, what: 'alerts' | 'episodes'): Promise<Record<string, unknown>[]> {
  const answer = (await (await fetch(`${service.url}/api/${what}`)).json()) as Record<
    string,
    Record<string, unknown>[]
  >;
  return answer[what] ?? [];
}

describe('a service with a Home Assistant', { skip: withoutHomeAssistant() }, () => {
  it('tells the phone, and what is answered there comes back', async (t) => {
    const home = await sharedHomeAssistant();
    const phone = await home.phone('Pixel');
    const service = await aHome(t, home, { homeAssistantPhone: 'mobile_app_pixel', language: 'de' });
    await until('it is pushed', () => phone.pushes.length === 1);
    const [push] = phone.pushes;
    assert.match(push?.title ?? '', /3,0 kW/);
    assert.match(push?.message ?? '', /^Ungewöhnlich: 3,0 kW seit /);
    const { actions } = push?.data as { actions: { action: string; title: string }[] };
    assert.deepEqual(
      actions.map(({ title }) => title),
      ['Das war in Ordnung', '2 h Ruhe'],
    );
    for (const { action } of actions) await phone.tap(action);
    await until('the answer is kept', async () => (await of(service, 'episodes'))[0]?.label === 'fine');
    await until('it is muted', () => service.logged.some((line) => line.includes('a person muted')));
    const [alert] = (await of(service, 'alerts')).filter(({ channel }) => channel === 'phone');
    assert.deepEqual([alert?.state, alert?.note], ['sent', 'notify.mobile_app_pixel took it']);
  });

  it('tells the phone where the speaker says it speaks and does not (need 50)', async (t) => {
    const home = await HomeAssistant.start({ internalUrl: 'http://127.0.0.1:9' });
    t.after(() => home.stop());
    const phone = await home.phone('Pixel');
    const service = await aHome(t, home, {
      ...{ homeAssistantPlayer: 'media_player.speaker', homeAssistantTts: 'tts.voice' },
      ...{ homeAssistantPhone: 'mobile_app_pixel' },
      channels: JSON.stringify({ speech: { quiet_hours: null }, phone: { severity: 'critical' } }),
    });
    await until('it is pushed', () => phone.pushes.length === 1);
    assert.match(phone.pushes[0]?.message ?? '', /^Unusual: 3\.0 kW since .*\(Sent here because .*\)$/);
    // the phone has it a moment before it is known here that it was taken
    let alerts: Awaited<ReturnType<typeof of>> = [];
    await until('all is settled', async () => {
      alerts = (await of(service, 'alerts')).filter(({ channel }) => channel !== 'console');
      return alerts.length === 2 && alerts.every(({ state }) => state === 'sent' || state === 'failed');
    });
    assert.deepEqual(
      alerts.map(({ channel, state, stands_in_for }) => [channel, state, stands_in_for]).sort(),
      [
        ['phone', 'sent', 'speech'],
        ['speech', 'failed', null],
      ],
    );
  });

  it('takes the entities of a meter away that is forgotten', async (t) => {
    const home = await sharedHomeAssistant();
    const flags = { homeAssistantDashboard: true, mqttUrl: home.mqtt.url, mqttPrefix: 'kept' };
    const service = await aHome(t, home, flags);
    const power = async (): Promise<string | undefined> =>
      (await home.state('sensor.kept_home_power'))?.state;
    await until('it is there', async () => (await power()) === '3000');
    const { status } = await fetch(`${service.url}/api/meters/home`, { method: 'DELETE' });
    assert.equal(status, 200);
    await until('it is gone', async () => (await power()) === undefined);
  });

  it('goes on with a token that is refused, and says what to do (need 58)', async (t) => {
    const home = await sharedHomeAssistant();
    const flags = { homeAssistantToken: 'not-a-token', homeAssistantDashboard: true };
    const service = await aHome(t, home, flags);
    await until('it gave up', async () =>
      (await of(service, 'alerts')).some(
        ({ channel, state }) => channel === 'dashboard' && state === 'failed',
      ),
    );
    const [alert] = (await of(service, 'alerts')).filter(({ channel }) => channel === 'dashboard');
    // known also before there is something to tell
    const { channels } = (await (await fetch(`${service.url}/api/channels`)).json()) as {
      channels: { channel: string; trouble: string | null }[];
    };
    assert.match(channels.find(({ channel }) => channel === 'dashboard')?.trouble ?? '', /new long-lived/);
    assert.match(String(alert?.note), /make a new long-lived access token/);
    assert.ok(service.printed.some((line) => line.includes('Unusual: 3.0 kW')));
    assert.ok(!service.logged.join().includes('not-a-token'));
    assert.equal((await fetch(`${service.url}/readyz`)).status, 200);
  });
});
