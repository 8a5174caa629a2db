import { readingOf } from './load.ts';
import { aPipeline } from './scorer.ts';
import { ReadingCodec } from '../../../service/src/avro/reading-codec.ts';
import type { TopicRecord } from '../../../service/src/ports.ts';

/** Bytes of resident memory that so many meters take in one process. */
export function memoryOf(meters: number): number {
  const codec = ReadingCodec.embedded();
  const pipeline = aPipeline();
  const collect = globalThis.gc ?? (() => undefined);
  collect();
  const before = process.memoryUsage.rss();
  for (let from = 0; from < meters; from += pipeline.batch) {
    const records = Array.from({ length: Math.min(pipeline.batch, meters - from) }, (_, i): TopicRecord => {
      const meter = `fleet-${from + i}`;
      const value = codec.encode({ ...readingOf(i), meter });
      return { key: meter, value, headers: {}, appendedAt: Date.now(), position: '' };
    });
    pipeline.fold(records);
    pipeline.newcomers();
  }
  collect();
  return process.memoryUsage.rss() - before;
}
