import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
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

  it('waits for no broker and no Home Assistant that takes a connection and then says nothing', async (t) => {
    const silent = createServer();
    const heard: Socket[] = [];
    silent.on('connection', (socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => heard.push(socket));
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    t.after(() => {
      for (const socket of heard) socket.destroy();
      silent.close();
    });
    const place = `127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const home = { homeAssistantUrl: `http://${place}`, homeAssistantToken: 'a token of the home' };
    const channels = { homeAssistantPhone: 'mobile_app_phone', homeAssistantPlayer: 'media_player.kitchen' };
    const more = { homeAssistantTts: 'tts.piper', mqttUrl: `mqtt://${place}` };
    const service = await aService(t, { ...home, ...channels, ...more });
    await until('both are waited for', () => heard.length === 2);
    service.stop();
    await service.done;
    const log = service.logged.join('');
    assert.match(log, /Home Assistant http.*found this side has closed/);
    assert.match(log, /MQTT broker.*found this side stops/);
  });
});
