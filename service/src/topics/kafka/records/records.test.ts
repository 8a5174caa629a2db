import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { brokenRecords } from './broken-records.ts';
import { decompressed } from './decompression.ts';
import { faultOf } from '../fault.ts';
import { batchesOf, RecordBatch } from './record-batch.ts';
import type { KafkaRecord } from './record.ts';
import { Records } from './records.ts';
import { Texts } from './texts.ts';

interface Buffered {
  readonly buffer: Buffer;
}
interface Written {
  readonly key: string | null;
  readonly value: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly timestampDelta: number;
}
interface Message {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
  readonly timestamp: string;
  readonly offset: string;
}

const require = createRequire(import.meta.url);
const inProtocol = (path: string): unknown => require(`kafkajs/src/protocol/${path}`);
const Record = inProtocol('recordBatch/record/v0/index.js') as (record: object) => unknown;
const { RecordBatch: encoded } = inProtocol('recordBatch/v0/index.js') as {
  RecordBatch: (batch: object) => Promise<Buffered>;
};
const Decoder = inProtocol('decoder.js') as new (bytes: Buffer) => object;
const decodeMessages = inProtocol('requests/fetch/v4/decodeMessages.js') as (
  decoder: object,
) => Promise<Message[]>;

const FIRST = 2 ** 33;
const TIME = 1_774_317_120_000;
const GZIP = 1;
const APPEND_TIME = 0x08;
const ATTRIBUTES = 22;
/** A batch as it stands in the log. */
async function written(records: readonly Written[], first = FIRST, compression = 0): Promise<Buffer> {
  const all = records.map((record, offsetDelta) => Record({ ...record, offsetDelta }));
  const times = { firstTimestamp: TIME, maxTimestamp: TIME + 7 };
  const batch = { firstOffset: first, lastOffsetDelta: records.length - 1, compression, ...times };
  return Buffer.from((await encoded({ ...batch, records: all })).buffer);
}

const aRecord = (value: string | null, key: string | null = 'home'): Written => ({
  ...{ key, value, headers: {}, timestampDelta: 0 },
});

async function recordsOf(bytes: Buffer, from = 0): Promise<Records> {
  const batches = await batchesOf(bytes, decompressed);
  return new Records(batches as unknown as KafkaMessage[], from, 3, new Texts());
}

const textOf = ({ value }: KafkaRecord): string => Buffer.from(value).toString();

describe('records read in place', () => {
  const texts = fc.oneof(fc.string({ maxLength: 80 }), fc.string({ unit: 'binary', maxLength: 20 }));
  const someone = fc.record({
    key: fc.option(texts),
    value: fc.option(texts),
    headers: fc.dictionary(fc.constantFrom('reason', 'position', 'größe'), texts),
    timestampDelta: fc.integer({ min: -1_000, max: 2 ** 40 }),
  });

  it('are those that kafkajs reads, in the format of every broker since 0.11', async () => {
    const cases = fc.asyncProperty(
      fc.array(someone, { minLength: 1, maxLength: 8 }),
      fc.boolean(),
      fc.constantFrom(0, GZIP),
      async (all, byBroker, compression) => {
        const bytes = await written(all, FIRST, compression);
        if (byBroker) bytes[ATTRIBUTES] = (bytes[ATTRIBUTES] ?? 0) | APPEND_TIME;
        const sized = Buffer.concat([Buffer.alloc(4), bytes]);
        sized.writeInt32BE(bytes.length);
        const expected = await decodeMessages(new Decoder(sized));
        const found = (await recordsOf(bytes)).take(Infinity);
        assert.deepEqual(
          found.map(({ key, value, isEmpty, headers, appendedAt, position }) => ({
            ...{ key, value: isEmpty ? null : Buffer.from(value), headers, appendedAt, position },
          })),
          expected.map(({ key, value, headers, timestamp, offset }) => ({
            key: key === null ? '' : key.toString(),
            value,
            headers: Object.fromEntries(Object.entries(headers).map(([name, each]) => [name, String(each)])),
            ...{ appendedAt: Number(timestamp), position: `3:${offset}` },
          })),
        );
      },
    );
    await fc.assert(cases, { numRuns: 300 });
  });

  it('begin at the offset that is wanted, end before one, and come a few at a time', async () => {
    const log = Buffer.concat([
      await written(
        ['a', 'b', 'c'].map((value) => aRecord(value)),
        10,
      ),
      // 13 was a marker of a transaction
      await written(
        ['d', 'e'].map((value) => aRecord(value)),
        14,
      ),
    ]);
    const records = await recordsOf(log, 11);
    assert.deepEqual(records.take(1).map(textOf), ['b']);
    assert.deepEqual(records.take(9, 12).map(textOf), []);
    assert.deepEqual(records.take(9, 15).map(textOf), ['c', 'd']);
    assert.deepEqual(records.take(9).map(textOf), ['e']);
    assert.deepEqual(records.take(9).map(textOf), []);
    assert.deepEqual((await recordsOf(log, 16)).take(9), []);
    const held = new Map([['home', 12]]);
    assert.deepEqual((await recordsOf(log)).take(2, 15, held).map(textOf), ['c', 'd']);
  });

  it('of batches that unpack to much are few at once: those that follow are fetched again', async () => {
    const large = 'x'.repeat(24 * 2 ** 20);
    const log: Buffer[] = [];
    for (let first = 1; first <= 5; first++) log.push(await written([aRecord(large)], first, GZIP));
    log.push(
      await written([aRecord('x'.repeat(65 * 2 ** 20))], 6, GZIP),
      await written([aRecord('last')], 7),
    );
    const read: number[] = [];
    const fetches: number[] = [];
    for (let at = 0; at < log.length;) {
      const batches = await batchesOf(Buffer.concat(log.slice(at)), decompressed);
      fetches.push(batches.length);
      read.push(...batches.map(({ first }) => first));
      at += batches.length;
    }
    assert.deepEqual(read, [1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(fetches, [3, 4]);
  });

  it('of a batch that was cut short are fetched again, and those before it are read', async () => {
    const [whole, cut] = [await written([aRecord('a')], 1), await written([aRecord('b')], 2)];
    for (const length of [1, 60, cut.length - 1])
      assert.deepEqual(
        (await recordsOf(Buffer.concat([whole, cut.subarray(0, length)]))).take(9).map(textOf),
        ['a'],
      );
  });

  it('are one that is unreadable, with the place, where a length says what cannot be', async () => {
    const bytes = await written([aRecord('a')]);
    const begin = 61;
    // the record's own length, then that of its value
    const [ownLength, valueLength] = [begin, begin + 1 + 1 + 1 + 1 + 1 + 4];
    for (const [at, wrong] of [
      [ownLength, Buffer.from([0x7e])],
      [ownLength, Buffer.alloc(bytes.length - begin, 0xff)],
      [valueLength, Buffer.from([0x7e])],
    ] as const) {
      const broken = Buffer.from(bytes);
      wrong.copy(broken, at);
      const [record, ...more] = (await recordsOf(broken)).take(9);
      assert.deepEqual([more, record?.position, record?.key], [[], '3:8589934592', '']);
      assert.match(record?.unreadable?.message ?? '', /partition 3, batch at offset 8589934592/);
      assert.deepEqual(record?.headers, {});
    }
    const negative = Buffer.from(bytes);
    negative.writeInt32BE(-5, 8);
    await assert.rejects(recordsOf(negative), /a batch at offset 8589934592: expected its own length/);
  });

  it('are read where they were compressed by zstd, and by lz4 or snappy are one that is unreadable and says what to do', async () => {
    const bytes = await written([aRecord('a'), aRecord('b')]);
    const head = Buffer.from(bytes.subarray(0, 61));
    const compressed = (by: number, records: Buffer): Buffer => {
      const batch = Buffer.concat([head, records]);
      batch.writeInt32BE(batch.length - 12, 8);
      batch[ATTRIBUTES] = by;
      return batch;
    };
    const packed = compressed(4, zstdCompressSync(bytes.subarray(61)));
    assert.deepEqual((await recordsOf(packed)).take(9).map(textOf), ['a', 'b']);
    const log = Buffer.concat([compressed(3, Buffer.alloc(9, 7)), await written([aRecord('c')], FIRST + 2)]);
    const [lz4, next] = (await recordsOf(log)).take(9);
    assert.match(lz4?.unreadable?.message ?? '', /set compression.type of the producer.*found lz4/);
    assert.deepEqual([lz4?.position, lz4?.value.length, next?.position], ['3:8589934593', 9, '3:8589934594']);
    assert.deepEqual(
      (await recordsOf(log)).take(9, FIRST + 1),
      [],
      'what was told is not told again in part',
    );
    const [gzip] = (await recordsOf(compressed(1, Buffer.alloc(9)))).take(9);
    assert.match(gzip?.unreadable?.message ?? '', /records by gzip/);
  });

  it('that cannot be read are the reason that is told, also where kafkajs wraps it', () => {
    const own = brokenRecords('here', 'this', 'that');
    const wrapped = Object.assign(new Error('wrapped', { cause: own }), { name: 'KafkaJSNonRetriableError' });
    assert.equal(faultOf(wrapped, 'kafka'), own);
  });

  it('are for kafkajs one message for each batch, with the offset of the last', async () => {
    const [batch] = await batchesOf(await written([aRecord('a'), aRecord('b')]), decompressed);
    assert.ok(batch instanceof RecordBatch);
    assert.deepEqual([batch.offset, batch.key, batch.isControlRecord], [String(FIRST + 1), null, false]);
  });
});
