import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { aFolder, aService, minutesCsv, until } from './a-service.test-data.ts';
import { aWebServer } from './notify/a-web-server.test-data.ts';

describe('a stop', () => {
  it('breaks off a message that nobody answers, and keeps it to be told', async (t) => {
    const server = await aWebServer(t, () => undefined);
    const db = join(aFolder(t), 'lefton.db');
    const channels = { webhook: { max_age_min: null } };
    const service = await aService(t, { db, webhookUrl: `${server.url}/hook`, channels });
    const body = minutesCsv(240, (minute) => minute >= 120);
    const headers = { 'content-type': 'text/csv' };
    await fetch(`${service.url}/api/readings`, { method: 'POST', headers, body });
    await until('it is told', () => server.asked.length > 0);
    const [socket] = server.sockets;
    const closed = once(socket ?? assert.fail('no connection'), 'close');
    service.stop();
    await service.done;
    await closed;
    const file = new DatabaseSync(db, { readOnly: true });
    const rows = file.prepare("SELECT state, note FROM outbox WHERE channel = 'webhook' ORDER BY id").all();
    file.close();
    const [first] = rows.map(({ state, note }) => `${String(state)}: ${String(note)}`);
    // and not `none in time`: its receiver was not waited for to the end
    assert.match(first ?? '', /^pending: .*found stopped$/);
  });
});
