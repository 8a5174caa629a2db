import assert from 'node:assert/strict';
import { it } from 'node:test';
import { aLog } from '../../../a-service.test-data.ts';
import { settingsFor } from '../a-kafka.test-data.ts';
import { KafkaClient } from '../client.ts';
import { Parcels } from './parcels.ts';

it('records go to a broker in pieces that it takes, also where headers are what is long', () => {
  const parcels = new Parcels(new KafkaClient(settingsFor('127.0.0.1:1'), aLog().log));
  const headers = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`h${n}`, 'é'.repeat(500)]));
  const key = 'é'.repeat(100);
  for (let n = 0; n < 100; n++)
    parcels.put({ topic: 'raw_power_dead', key, value: Buffer.from('x'), headers });
  const pieces = [...parcels].map((piece) => piece.flatMap(({ messages }) => messages));
  assert.equal(pieces.flat().length, 100, 'none is lost');
  for (const piece of pieces) assert.ok(Buffer.byteLength(JSON.stringify(piece)) < 1_000_000);
});
