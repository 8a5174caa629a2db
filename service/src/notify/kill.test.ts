import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { aFolder, aModelFile, minutesCsv } from '../a-service.test-data.ts';
import { SystemClock } from '../runtime/clock.ts';
import { aPushbullet, TOKEN } from './a-pushbullet.test-data.ts';
import { aWebhook } from './a-webhook.test-data.ts';
import { anNtfy } from './an-ntfy.test-data.ts';

const READINGS = 120_000;
const KILLS = 24;
const MAIN = join(import.meta.dirname, '..', '..', 'lefton.js');
const INTERRUPTED = /^stopped in the middle of the delivery; not repeated/;

const OVERTAKEN = /^a newer event/;

interface Row {
  readonly channel: string;
  readonly episode: string;
  readonly event: string;
  readonly state: string;
  readonly attempts: number;
  readonly note: string;
}

function rowsOf(file: string): Row[] {
  const db = new DatabaseSync(file, { readOnly: true });
  const rows = db.prepare('SELECT channel, episode, event, state, attempts, note FROM outbox').all();
  db.close();
  return rows as unknown as Row[];
}

/** Everything is told, however old and however often. */
const all = { max_age_min: null, cooldown_min: 0, most_per_hour: null, most_per_month: null };

describe('kill -9 while alerts are delivered', () => {
  it(`${KILLS} times loses none, and delivers none twice`, async (t) => {
    const folder = aFolder(t);
    const clock = new SystemClock();
    const pushbullet = await aPushbullet(t, clock);
    const ntfy = await anNtfy(t, clock);
    const webhook = await aWebhook(t, clock, null);
    Object.assign(pushbullet.limit, { remaining: Infinity, each: Infinity });
    Object.assign(ntfy.left, { requests: Infinity, today: Infinity });
    const file = join(folder, 'readings.csv');
    writeFileSync(
      file,
      minutesCsv(READINGS, (minute) => minute % 1300 > 1180),
    );
    const db = join(folder, 'lefton.db');
    const env = {
      ...{ PATH: process.env.PATH, LEFTON_DB: db, LEFTON_TAIL: file, LEFTON_PORT: '0' },
      ...{ LEFTON_MODEL: aModelFile(folder), LEFTON_WEBHOOK_URL: webhook.url },
      ...{ LEFTON_PUSHBULLET_TOKEN: TOKEN, LEFTON_PUSHBULLET_URL: pushbullet.url },
      ...{ LEFTON_NTFY_URL: ntfy.url, LEFTON_NTFY_TOPIC: 'left-on' },
      LEFTON_CHANNELS: JSON.stringify({
        ...{ pushbullet: all, ntfy: all, webhook: all },
      }),
    };
    const serve = (...more: string[]): ChildProcess =>
      spawn(process.execPath, [MAIN, 'serve', ...more], { stdio: 'ignore', env });

    const servers = [pushbullet, ntfy, webhook];
    for (let kill = 0; kill < KILLS; kill++) {
      const server = servers[kill % 3] ?? webhook;
      const child = serve();
      const exit = once(child, 'exit');
      let left = (kill * 3) % 4;
      server.before = () => {
        if (left-- > 0) return;
        // every other time it does not do what it was asked for, else it does, and nobody hears of it
        if (kill % 2 === 0) server.instead = () => undefined;
        child.kill('SIGKILL');
      };
      const timer = setTimeout(8_000);
      await Promise.race([exit, timer.then(() => child.kill('SIGKILL'))]);
      await exit;
      Object.assign(server, { before: undefined, instead: undefined });
    }
    const [code] = (await once(serve('--once'), 'exit')) as [number];
    assert.equal(code, 0);

    const rows = rowsOf(db);
    const events = new Set(rows.map(({ episode, event }) => `${episode} ${event}`)).size;
    assert.ok(events > 100, `${events} events`);
    const of = (channel: string): Row[] => rows.filter((row) => row.channel === channel);
    for (const channel of ['pushbullet', 'ntfy', 'webhook', 'console'])
      assert.equal(of(channel).length, events);
    const told = (channel: string): number => of(channel).filter(({ state }) => state === 'sent').length;
    // who looks at a phone is told of an episode by its newest event, a machine of each
    assert.ok(
      of('pushbullet').every(
        ({ state, note }) => state === 'sent' || (state === 'dropped' && OVERTAKEN.test(note)),
      ),
    );
    assert.equal(pushbullet.pushes.length, told('pushbullet'));
    assert.deepEqual([webhook.taken.size, told('webhook')], [events, events]);
    // those who would not recognise a repetition are asked once, and what is not known is said
    const odd = [...of('ntfy'), ...of('console')].filter(
      ({ state }) => state !== 'sent' && state !== 'dropped',
    );
    assert.ok(
      odd.every(
        ({ state, attempts, note }) => state === 'failed' && attempts === 1 && INTERRUPTED.test(note),
      ),
    );
    assert.ok([...of('ntfy'), ...of('console')].every(({ attempts }) => attempts <= 1));
    assert.ok(ntfy.published.length >= told('ntfy'));
    assert.ok(ntfy.published.length <= told('ntfy') + odd.length);
    assert.ok(odd.length > 0, 'no kill was in the middle of a delivery');
    t.diagnostic(
      `${events} events; ${pushbullet.pushes.length} pushes; ${odd.length} deliveries were not repeated`,
    );
  });
});
