import { createRequire } from 'node:module';
import { hideAborted } from './aborted.ts';
import type { Aborted } from './aborted.ts';
import { decompressed } from './decompression.ts';
import { batchesOf } from './record-batch.ts';
import type { RecordBatch } from './record-batch.ts';

/** What kafkajs reads an answer with. */
interface Decoder {
  readInt32(): number;
  canReadBytes(length: number): boolean;
  readBytes(length: number): Buffer;
}
interface Partition {
  readonly messages: readonly RecordBatch[];
  abortedTransactions: readonly Aborted[];
}
interface Answer {
  readonly responses: readonly { readonly partitions: readonly Partition[] }[];
}
interface Response {
  decode: (bytes: Buffer) => Promise<Answer>;
}
const require = createRequire(import.meta.url);
const FETCH = 'kafkajs/src/protocol/requests/fetch';
const RECORDS = `${FETCH}/v4/decodeMessages.js`;
/** Versions of a fetch that tell what was aborted. */
const VERSIONS = [4, 5, 6, 7, 8, 9, 10, 11];
let handed = false;

/**
 * kafkajs 2.2 makes a dozen objects and numbers of arbitrary length of each record, which takes longer than to score it.
 * From here on it is handed batches as they stand in the log, as if each were one message, and `Records` reads them in
 * place. To be called before anything is fetched.
 */
export function handBatchesOver(): void {
  if (handed) return;
  handed = true;
  require(RECORDS);
  const loaded = require.cache[require.resolve(RECORDS)];
  if (loaded === undefined) throw new Error(`kafkajs no longer has ${RECORDS}`);
  loaded.exports = async (decoder: Decoder): Promise<RecordBatch[]> => {
    const size = decoder.readInt32();
    if (size <= 0 || !decoder.canReadBytes(size)) return [];
    return batchesOf(decoder.readBytes(size), decompressed);
  };
  for (const version of VERSIONS) {
    const response = require(`${FETCH}/v${version}/response.js`) as Response;
    const { decode } = response;
    response.decode = async (bytes) => {
      const answer = await decode(bytes);
      for (const partition of answer.responses.flatMap(({ partitions }) => partitions)) {
        hideAborted(partition.messages, partition.abortedTransactions);
        partition.abortedTransactions = [];
      }
      return answer;
    };
  }
}
