import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:http';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog } from '../a-service.test-data.ts';
import { answerPrometheus } from './capture-metrics.ts';
import { Metrics } from '../telemetry/metrics.ts';
import type { CaptureReport } from './capture.ts';
import { urlOf } from '../http/listen.ts';

const TOKEN = 'sixteen-characters-or-more';
const REPORT: CaptureReport = {
  links: [
    {
      ...{ source: 'dsmr /dev/lefton-meter', reached: true, came: 9_000, trouble: null },
      ...{ good: 7, bad: 2, last_good_age_s: 0.4, reopened: 1 },
    },
  ],
  ...{ waiting: 5, let_go: 3, delivered: 2, refused: 0, clock_jumps: 0 },
};
const settings = { metrics_port: 0, host: '127.0.0.1', token: null, allow_host: ['pi.example'] };

async function answering(t: TestContext, given: { token?: string } = {}) {
  const server = await answerPrometheus({ ...settings, ...given }, () => [REPORT], new Metrics(), aLog().log);
  assert.ok(server !== undefined);
  t.after(() => server.close());
  const url = urlOf(server);
  return (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${url}${path}`, { headers, method });
}

describe('a capture that runs alone', () => {
  it('tells Prometheus how meters are heard and what waits, and nothing that it does not count', async (t) => {
    const ask = await answering(t);
    const answer = await ask('/metrics');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4');
    const text = await answer.text();
    for (const line of [
      'lefton_meter_frames_total{source="dsmr /dev/lefton-meter",quality="good"} 7',
      'lefton_meter_frames_total{source="dsmr /dev/lefton-meter",quality="bad"} 2',
      'lefton_meter_reopened_total{source="dsmr /dev/lefton-meter"} 1',
      'lefton_meter_last_good_seconds{source="dsmr /dev/lefton-meter"} 0.4',
      'lefton_spooled_readings 5',
      'lefton_let_go_readings_total 3',
    ])
      assert.ok(text.includes(`\n${line}\n`), line);
    assert.match(text, /^process_resident_memory_bytes \d+$/m);
    assert.doesNotMatch(text, /lefton_ready|lefton_lag_readings|lefton_meters/);
    const others = ['/', '/healthz'].map(async (path) => (await ask(path)).status);
    assert.deepEqual(await Promise.all(others), [404, 200]);
    assert.equal((await ask('/metrics', {}, 'POST')).status, 405);
  });

  it('has its token asked for, and not often', async (t) => {
    const ask = await answering(t, { token: TOKEN });
    const asked = async (authorization?: string): Promise<number> =>
      (await ask('/metrics', authorization === undefined ? {} : { authorization })).status;
    assert.equal(await asked(), 401);
    assert.equal(await asked(`Bearer ${TOKEN}`), 200);
    for (let i = 0; i < 10; i++) assert.equal(await asked('Bearer wrong'), 401);
    assert.equal(await asked(`Bearer ${TOKEN}`), 429);
    assert.equal((await ask('/healthz')).status, 200);
  });

  it('is known by addresses and its own names alone', async (t) => {
    const server = await answerPrometheus(settings, () => [REPORT], new Metrics(), aLog().log);
    assert.ok(server !== undefined);
    t.after(() => server.close());
    const as = async (host: string): Promise<number | undefined> => {
      const sent = request(`${urlOf(server)}/metrics`, { headers: { host } });
      sent.end();
      const [answer] = (await once(sent, 'response')) as [{ statusCode?: number; resume: () => void }];
      answer.resume();
      return answer.statusCode;
    };
    const hosts = ['localhost:7421', '192.0.2.7', '[2001:db8::1]:7421', 'PI.example', 'evil.example'];
    assert.deepEqual(await Promise.all(hosts.map(as)), [200, 200, 200, 200, 421]);
  });

  it('answers nobody unless asked to, and nobody else without a token', async () => {
    const { log } = aLog();
    const asked = (given: object) =>
      answerPrometheus({ ...settings, ...given }, () => [REPORT], new Metrics(), log);
    assert.equal(await asked({ metrics_port: null }), undefined);
    await assert.rejects(asked({ host: '0.0.0.0' }), { code: 'token_needed' });
  });
});
