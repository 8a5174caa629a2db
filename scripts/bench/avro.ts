import { wattHours, watts } from '@lefton/core';
import { ReadingCodec } from '../../service/src/avro/reading-codec.ts';
import { newestReading } from '../../service/src/avro/record-reader.ts';
import { encodeReading } from '../../service/src/a-json-reading.test-data.ts';
import { decodeReading } from '../../service/src/records/reading-format.ts';
import { contest } from './contest.ts';

const TIMES = 1_000_000;
const HEADER = 5;
const PEER = 'avsc fromBuffer';
const BATCH = 'prepare';

const codec = ReadingCodec.embedded();
const type = newestReading();
const at = Date.UTC(2026, 2, 24);
const reading = { meter: 'home', at, watts: watts(230.5), energyWh: wattHours(12_345), source: 'meter' };
const record = { meter: 'home', at, watts: 230.5, energy_wh: 12_345, source: 'meter' };
const bytes = codec.encode(reading);
const buffer = Buffer.from(bytes);
const plain = Uint8Array.from(bytes);
const json = Buffer.from(encodeReading(reading));
const batch = Array.from({ length: 500 }, () => ({ value: bytes }));

await compare(`Decoding, ${bytes.length} bytes of Avro, ${json.length} bytes of JSON`, PEER, {
  [PEER]: () => type.fromBuffer(buffer.subarray(HEADER)) as unknown,
  'codec, Buffer': () => codec.decode(buffer, 'home', 0),
  'codec, Uint8Array': () => codec.decode(plain, 'home', 0),
  'JSON.parse': () => JSON.parse(json.toString()) as unknown,
  'JSON, checked as a reading': () => decodeReading(json),
});
await compare('Encoding', 'avsc toBuffer', {
  'avsc toBuffer': () => type.toBuffer(record),
  codec: () => codec.encode(reading),
  'JSON.stringify': () => encodeReading(reading),
});
await compare('Finding out that a batch of known ids needs no asking, each record', BATCH, {
  [BATCH]: () => codec.prepare(batch),
});

/** Prints nanoseconds and the speed as a share of the peer's. */
async function compare(title: string, peer: string, ways: Record<string, () => unknown>): Promise<void> {
  const paces = await contest(
    Object.entries(ways).map(([name, way]) => {
      const times = name === BATCH ? TIMES / batch.length : TIMES;
      return {
        name,
        run: () => {
          for (let i = 0; i < times; i++) way();
          return TIMES;
        },
      };
    }),
  );
  const base = paces.find(({ name }) => name === peer)?.perSecond ?? NaN;
  console.log(title);
  for (const { name, perSecond } of paces) {
    const ns = (1e9 / perSecond).toFixed(0);
    console.log(`  ${name.padEnd(28)} ${ns.padStart(6)} ns   ${(perSecond / base).toFixed(2)} of ${peer}`);
  }
}
