import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aService, minutesCsv, START, until } from '../../a-service.test-data.ts';
import type { RunningService } from '../../a-service.test-data.ts';

interface Frame {
  readonly id: string;
  readonly event: string;
  readonly data: {
    readings?: [number, number][];
    meter_count?: number;
    meters?: { meter: string; newest_at: string | null }[];
  };
}

/** Follows the stream; what it told so far. */
async function listen(t: TestContext, url: string, path: string, headers = {}): Promise<Frame[]> {
  const hangUp = new AbortController();
  const { body } = await fetch(`${url}${path}`, { headers, signal: hangUp.signal });
  const frames: Frame[] = [];
  const read = async (): Promise<void> => {
    let rest = '';
    for await (const text of (body ?? assert.fail('no body')).pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const [, id = '', event = '', data = '{}'] = /^id: (.*)\nevent: (.*)\ndata: (.*)$/.exec(part) ?? [];
        if (event !== '') frames.push({ id, event, data: JSON.parse(data) as Frame['data'] });
      }
    }
  };
  const ended = read().catch(() => undefined);
  t.after(async () => {
    hangUp.abort();
    await ended;
  });
  return frames;
}

const readingsOf = (frames: readonly Frame[]): [number, number][] =>
  frames.flatMap(({ data }) => data.readings ?? []);

async function post({ url, metrics }: RunningService, csv: string): Promise<void> {
  const before = metrics.readings.get({ verdict: 'ok' });
  const { accepted } = (await (
    await fetch(`${url}/api/readings`, { method: 'POST', headers: { 'content-type': 'text/csv' }, body: csv })
  ).json()) as { accepted: number };
  await until('it is scored', () => metrics.readings.get({ verdict: 'ok' }) === before + accepted);
}

const minute = (number: number, watts: number): string =>
  `at,watts\n${new Date(START + number * 60_000).toISOString()},${watts}\n`;

describe('GET /api/live', () => {
  it('tells the state at once, and then readings as they come, with the newest as id', async (t) => {
    const service = await aService(t);
    await post(service, minutesCsv(3));
    const frames = await listen(t, service.url, '/api/live');
    await until('the state is told', () => frames.some(({ event }) => event === 'state'));
    assert.deepEqual(readingsOf(frames), []);
    await post(service, minute(3, 777));
    await until('the reading is told', () => readingsOf(frames).length > 0);
    assert.deepEqual(readingsOf(frames), [[START + 180_000, 777]]);
    assert.equal(frames.at(-1)?.id, String(START + 180_000));
    await until('the state has it too', () =>
      frames.some(({ data }) => data.meters?.[0]?.newest_at === '2026-01-05T00:03:00Z'),
    );
  });

  it('begins after what is known, by header or query, also when that was told by an earlier run', async (t) => {
    const service = await aService(t);
    await post(service, minutesCsv(10));
    const known = String(START + 7 * 60_000);
    const byHeader = await listen(t, service.url, '/api/live', { 'last-event-id': known });
    const byQuery = await listen(t, service.url, `/api/live?after=${known}`);
    for (const frames of [byHeader, byQuery]) {
      await until('what was missed is told', () => readingsOf(frames).length > 0);
      assert.deepEqual(
        readingsOf(frames).map(([at]) => at),
        [START + 8 * 60_000, START + 9 * 60_000],
      );
    }
  });

  it('tells the readings of the meter that was asked for, once to each of many listeners', async (t) => {
    const service = await aService(t);
    await post(service, minutesCsv(1));
    const listeners = await Promise.all(
      Array.from({ length: 40 }, () => listen(t, service.url, '/api/live?meter=barn')),
    );
    await until('all listen', () => listeners.every((frames) => frames.length > 0));
    await post(service, minute(1, 200));
    await post(
      service,
      minutesCsv(2)
        .replaceAll(/,(\d+)\n/g, ',$1,barn\n')
        .replace('watts', 'watts,meter'),
    );
    await until('all are told', () => listeners.every((frames) => readingsOf(frames).length >= 2));
    for (const frames of listeners)
      assert.deepEqual(
        readingsOf(frames).map(([at]) => at),
        [START, START + 60_000],
      );
  });

  it('tells the state of the meter that was asked for alone, and how many there are', async (t) => {
    const service = await aService(t);
    const at = new Date(START).toISOString();
    await post(service, `at,watts,meter\n${at},150,barn\n${at},160,shed\n`);
    const [of, ofNobody] = await Promise.all(
      ['barn', 'nobody'].map((meter) => listen(t, service.url, `/api/live?meter=${meter}`)),
    );
    await until('both are told', () => of?.[0] !== undefined && ofNobody?.[0] !== undefined);
    const told = [of, ofNobody].map((frames) => frames?.[0]?.data);
    assert.deepEqual(
      told.map((state) => [state?.meters?.map(({ meter }) => meter), state?.meter_count]),
      [
        // the usual one has a model, though it was not heard
        [['barn'], 3],
        [[], 3],
      ],
    );
  });

  it('thins what somebody missed who was away for long', async (t) => {
    const service = await aService(t);
    await post(service, minutesCsv(9_000));
    const frames = await listen(t, service.url, '/api/live?after=0');
    await until('what was missed is told', () => readingsOf(frames).length > 0);
    assert.ok(readingsOf(frames).length <= 4_000, String(readingsOf(frames).length));
    assert.equal(frames.find(({ event }) => event === 'readings')?.id, String(START + 8_999 * 60_000));
  });
});
