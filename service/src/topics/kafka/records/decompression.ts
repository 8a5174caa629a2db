import { promisify } from 'node:util';
import { gunzip, zstdDecompress } from 'node:zlib';
import { brokenRecords } from './broken-records.ts';

/** The compressions of Kafka by their numbers. */
const NAMES = ['none', 'gzip', 'snappy', 'lz4', 'zstd'];
type Decompress = (records: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;
const DECOMPRESS = new Map<string, Decompress>([
  ['gzip', promisify(gunzip)],
  ['zstd', promisify(zstdDecompress)],
]);
const EXPECTED =
  'no compression, gzip or zstd: set compression.type of the producer, or of the topic, to one of them';
/** A megabyte that unpacks to more than this is no readings. */
const LIMITS = { maxOutputLength: 64 * 2 ** 20 };

/**
 * The records of a batch as they were before they were compressed.
 * @throws LeftOnError `kafka_broken_records` for another compression, and where they are not what it says
 */
export async function decompressed(records: Buffer, compression: number, place: string): Promise<Buffer> {
  const name = NAMES[compression] ?? String(compression);
  if (name === 'none') return records;
  const decompress = DECOMPRESS.get(name);
  if (decompress === undefined) throw brokenRecords(place, EXPECTED, name);
  try {
    return await decompress(records, LIMITS);
  } catch (error) {
    throw brokenRecords(place, `records by ${name}`, (error as Error).message);
  }
}
