import express from 'express';
import type { Response } from 'express';
import { DatabaseSync } from 'node:sqlite';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/*
 * What one writes in an afternoon: Express, JSON, SQLite and a list of listeners, with nothing between. It thins nothing,
 * checks nobody, and waits for no slow client. Run by main.ts: node baseline.ts DATABASE POINTS
 */
const [database = '', points = '0'] = process.argv.slice(2);
const db = new DatabaseSync(database, { readOnly: true });
const every = db.prepare('SELECT at, watts FROM readings WHERE at >= ? AND at < ? ORDER BY at');
const range = z.object({ from: z.coerce.number(), to: z.coerce.number() });
const prepared = Array.from({ length: Number(points) }, (_, i) => {
  return { at: new Date(1_767_571_200_000 + i * 60_000).toISOString(), watts: 100 + (i % 977) };
});
const listeners = new Set<Response>();

const app = express();
app.get('/prepared', (_request, response) => {
  response.json({ readings: prepared });
});
app.get('/every', (request, response) => {
  const { from, to } = range.parse(request.query);
  response.json({ readings: every.all(from, to) });
});
app.get('/events', (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  listeners.add(response);
  response.on('close', () => listeners.delete(response));
});
app.post('/readings', express.json(), (request, response) => {
  const { at, watts } = z.object({ at: z.number(), watts: z.number() }).parse(request.body);
  const frame = `event: readings\ndata: ${JSON.stringify({ readings: [[at, watts]] })}\n\n`;
  for (const listener of listeners) listener.write(frame);
  response.json({ accepted: 1 });
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Listening at http://127.0.0.1:${port}\n`);
});
