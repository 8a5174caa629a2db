import { LeftOnError } from '@lefton/core';
import { brokenRecords } from './broken-records.ts';
import { Walk } from './walk.ts';

/** Bytes of a batch before its records. */
const OVERHEAD = 61;
/** Where its fields begin, and how many bytes its length does not count. */
const [LENGTH, BEFORE_LENGTH, MAGIC, ATTRIBUTES, LAST_DELTA] = [8, 12, 16, 21, 23] as const;
const [FIRST_TIME, NEWEST_TIME, PRODUCER, COUNT] = [27, 35, 43, 57] as const;
/** Bits of its attributes. */
const [COMPRESSION, APPEND_TIME, TRANSACTIONAL, CONTROL] = [0x07, 0x08, 0x10, 0x20] as const;
/** The format since Kafka 0.11, and the only one that Kafka 4 knows. */
const FORMAT = 2;
const HALF = 2 ** 32;
/** With so many bytes unpacked the batches that follow are fetched again. */
const ENOUGH = 64 * 2 ** 20;

/** Unpacks records by the number of their compression. */
type Unpack = (records: Buffer, compression: number, place: string) => Promise<Buffer>;

/**
 * A batch of records as it stands in the log. For kafkajs it is one message: it has what kafkajs looks at to leave out
 * markers of transactions, and to know where the next fetch begins.
 */
export class RecordBatch {
  /** Of the last record, which may have been compacted away. */
  readonly offset: string;
  readonly key: Buffer | null;
  readonly #isMarker: boolean;
  #isHidden = false;
  readonly batchContext: { readonly producerId: string; readonly inTransaction: boolean };
  readonly first: number;
  /** The offset after its last. */
  readonly next: number;
  /** The instant from which its records count theirs. */
  readonly time: number;
  /** When the broker took it, for all records alike; undefined where each has its own instant. */
  readonly appendedAt: number | undefined;
  readonly count: number;
  readonly records: Buffer;
  /** Why its records cannot be read; they are then as they stand in the log. */
  readonly unreadable: LeftOnError | undefined;

  constructor(head: Buffer, records: Buffer, unreadable?: LeftOnError) {
    const attributes = head.readInt16BE(ATTRIBUTES);
    this.first = wide(head, 0);
    const last = this.first + head.readInt32BE(LAST_DELTA);
    this.next = last + 1;
    this.offset = String(last);
    this.time = wide(head, FIRST_TIME);
    this.appendedAt = (attributes & APPEND_TIME) === 0 ? undefined : wide(head, NEWEST_TIME);
    this.count = head.readInt32BE(COUNT);
    this.records = records;
    this.unreadable = unreadable;
    this.batchContext = {
      producerId: head.readBigInt64BE(PRODUCER).toString(),
      inTransaction: (attributes & TRANSACTIONAL) !== 0,
    };
    this.#isMarker = (attributes & CONTROL) !== 0;
    this.key = this.#isMarker ? keyOf(records) : null;
  }

  /** kafkajs shows nobody what is so, and fetches what comes after it. */
  get isControlRecord(): boolean {
    return this.#isMarker || this.#isHidden;
  }

  /** Nobody is to see its records. */
  hide(): void {
    this.#isHidden = true;
  }
}

/**
 * The whole batches at the beginning of some bytes of the log; what is cut short is fetched again.
 * @throws LeftOnError `kafka_broken_records` where no batch begins, or one from before Kafka 0.11
 */
export async function batchesOf(bytes: Buffer, unpack: Unpack): Promise<RecordBatch[]> {
  const batches: RecordBatch[] = [];
  let unpacked = 0;
  for (let at = 0; at + OVERHEAD <= bytes.length && unpacked < ENOUGH;) {
    const end = at + BEFORE_LENGTH + bytes.readInt32BE(at + LENGTH);
    if (end > bytes.length) break;
    const place = `a batch at offset ${wide(bytes, at)}`;
    const magic = bytes[at + MAGIC];
    if (magic !== FORMAT)
      throw brokenRecords(
        place,
        `format ${FORMAT}, which is that of Kafka 0.11 and newer`,
        `format ${magic}`,
      );
    if (end < at + OVERHEAD) throw brokenRecords(place, 'its own length', String(end - at));
    const head = bytes.subarray(at, end);
    const compression = head.readInt16BE(ATTRIBUTES) & COMPRESSION;
    const batch = await batchOf(head, compression, unpack, place);
    if (compression !== 0) unpacked += batch.records.length;
    batches.push(batch);
    at = end;
  }
  return batches;
}

async function batchOf(
  head: Buffer,
  compression: number,
  unpack: Unpack,
  place: string,
): Promise<RecordBatch> {
  const packed = head.subarray(OVERHEAD);
  if (compression === 0) return new RecordBatch(head, packed);
  try {
    return new RecordBatch(head, await unpack(packed, compression, place));
  } catch (error) {
    // of what any producer may write nothing stops who reads
    if (error instanceof LeftOnError) return new RecordBatch(head, packed, error);
    throw error;
  }
}

const wide = (bytes: Buffer, at: number): number => bytes.readInt32BE(at) * HALF + bytes.readUInt32BE(at + 4);

/** The key of the first record: it tells how a transaction ended. */
function keyOf(records: Buffer): Buffer {
  const walk = new Walk(records, 0);
  walk.number();
  walk.pass(1);
  walk.number();
  walk.number();
  const length = walk.number();
  return records.subarray(walk.at, walk.at + length);
}
