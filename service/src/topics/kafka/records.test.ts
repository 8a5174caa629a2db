import fc from 'fast-check';
import type { KafkaMessage } from 'kafkajs';
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { batchesOf, RecordBatch } from './record-batch.ts';
import type { Unpack } from './record-batch.ts';
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
const unpack: Unpack = (records, compression) => {
  assert.equal(compression, GZIP);
  // kafkajs has written the count before what is packed
  return Promise.resolve(gunzipSync(records));
};

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
  const batches = await batchesOf(bytes, unpack);
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

  it('of a batch that was cut short are fetched again, and those before it are read', async () => {
    const [whole, cut] = [await written([aRecord('a')], 1), await written([aRecord('b')], 2)];
    for (const length of [1, 60, cut.length - 1])
      assert.deepEqual(
        (await recordsOf(Buffer.concat([whole, cut.subarray(0, length)]))).take(9).map(textOf),
        ['a'],
      );
  });

  it('are refused where they are longer than their batch', async () => {
    const bytes = await written([aRecord('a')]);
    const { records } = (await batchesOf(bytes, unpack))[0] ?? {};
    records?.writeUInt8(0x7e, 0);
    const message = (await batchesOf(bytes, unpack)) as unknown as KafkaMessage[];
    assert.throws(() => new Records(message, 0, 0, new Texts()).take(9), /longer than its batch/);
  });

  it('are for kafkajs one message for each batch, with the offset of the last', async () => {
    const [batch] = await batchesOf(await written([aRecord('a'), aRecord('b')]), unpack);
    assert.ok(batch instanceof RecordBatch);
    assert.deepEqual([batch.offset, batch.key, batch.isControlRecord], [String(FIRST + 1), null, false]);
  });
});
