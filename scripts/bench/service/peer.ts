import express from 'express';
import { DatabaseSync } from 'node:sqlite';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

/*
 * What one writes in an afternoon: the same posts checked, written to SQLite in one transaction and answered. It keeps
 * readings and looks at none. Run by main.ts: node peer.ts DATABASE
 */
const [database = ''] = process.argv.slice(2);
const db = new DatabaseSync(database);
db.exec('PRAGMA journal_mode = WAL; CREATE TABLE readings (at INTEGER PRIMARY KEY, watts REAL) STRICT');
const insert = db.prepare('INSERT OR IGNORE INTO readings VALUES (?, ?)');
const batch = z.array(z.object({ at: z.iso.datetime(), watts: z.number() }));

const app = express();
app.post('/api/readings', express.json({ limit: '1mb' }), (request, response) => {
  const readings = batch.parse(request.body);
  db.exec('BEGIN');
  for (const { at, watts } of readings) insert.run(Date.parse(at), watts);
  db.exec('COMMIT');
  response.json({ accepted: readings.length });
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`Listening at http://127.0.0.1:${port}\n`);
});
