import fc from 'fast-check';
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hideAborted } from './aborted.ts';
import type { Aborted } from './aborted.ts';
import { RecordBatch } from './record-batch.ts';

const OVERHEAD = 61;
const [TRANSACTIONAL, CONTROL] = [0x10, 0x20] as const;

interface Batch {
  readonly first: number;
  readonly size: number;
  readonly producer: number;
  /** How it ends the transaction of its producer; undefined: it has records. */
  readonly ends?: 'aborted' | 'committed';
}

/** A batch of the log without its records; a marker has one, with a key that says how the transaction ended. */
function written({ first, size, producer, ends }: Batch): RecordBatch {
  const head = Buffer.alloc(OVERHEAD);
  head.writeBigInt64BE(BigInt(first), 0);
  head.writeInt16BE(ends === undefined ? TRANSACTIONAL : TRANSACTIONAL | CONTROL, 21);
  head.writeInt32BE(size - 1, 23);
  head.writeBigInt64BE(BigInt(producer), 43);
  // length, attributes, instant and offset, then four bytes of key, in zigzag
  return new RecordBatch(head, Buffer.from([20, 0, 0, 0, 8, 0, 0, 0, ends === 'committed' ? 1 : 0]));
}

it('records of aborted transactions are hidden, however many producers write at once and wherever a fetch begins', () => {
  const step = fc.record({
    producer: fc.nat(3),
    size: fc.integer({ min: 1, max: 4 }),
    end: fc.option(fc.constantFrom('aborted' as const, 'committed' as const)),
  });
  const cases = fc.property(fc.array(step, { maxLength: 30 }), fc.nat(60), (steps, from) => {
    const log: Batch[] = [];
    const told: (Aborted & { readonly end: number })[] = [];
    const open = new Map<number, number[]>();
    const seen = new Set<number>();
    let next = 0;
    for (const { producer, size, end } of steps) {
      const firsts = open.get(producer) ?? [];
      if (end === null) {
        open.set(producer, [...firsts, next]);
        log.push({ first: next, size, producer });
        next += size;
      } else if (firsts[0] !== undefined) {
        if (end === 'aborted')
          told.push({ producerId: String(producer), firstOffset: String(firsts[0]), end: next });
        else for (const first of firsts) seen.add(first);
        open.delete(producer);
        log.push({ first: next++, size: 1, producer, ends: end });
      }
    }
    // a reader of what is committed comes as far as the first transaction that is open
    const stable = Math.min(next, ...[...open.values()].flat());
    const fetched = log.filter(({ first, size }) => first + size > from && first < stable);
    const batches = fetched.map(written);
    hideAborted(
      batches,
      told.filter(({ firstOffset, end }) => end >= from && Number(firstOffset) < stable),
    );
    assert.deepEqual(
      batches.filter(({ isControlRecord }) => !isControlRecord).map(({ first }) => first),
      fetched.filter(({ first }) => seen.has(first)).map(({ first }) => first),
    );
  });
  fc.assert(cases, { numRuns: 2_000 });
});
