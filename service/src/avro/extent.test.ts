import avro from 'avsc';
import type { Type } from 'avsc';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fits, isFlat } from './extent.ts';

const typeOf = (schema: unknown): Type => avro.Type.forSchema(schema as Type);
const PART = {
  type: 'record',
  name: 'Part',
  fields: [
    { name: 'id', type: { type: 'fixed', name: 'Id', size: 3 } },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'next', type: ['null', 'Part'], default: null },
  ],
};
const FLAT: readonly unknown[] = [
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'string',
  'bytes',
  ['null', 'double'],
  ['int', 'long', 'string'],
  { type: 'fixed', name: 'F', size: 7 },
  { type: 'enum', name: 'E', symbols: ['A', 'B'] },
  { type: 'long', logicalType: 'timestamp-millis' },
];
const NESTED: readonly unknown[] = [
  PART,
  { type: 'array', items: 'string' },
  { type: 'map', values: ['null', 'double'] },
  ['null', { type: 'array', items: 'int' }],
  { type: 'array', items: { type: 'map', values: { type: 'array', items: PART } } },
];

describe('the extent of a value', () => {
  it('is told to be flat where nothing is in it', () => {
    for (const schema of FLAT) assert.ok(isFlat(typeOf(schema)), JSON.stringify(schema));
    for (const schema of NESTED) assert.ok(!isFlat(typeOf(schema)), JSON.stringify(schema));
  });

  for (const schema of [...FLAT, ...NESTED]) {
    it(`of ${JSON.stringify(schema).slice(0, 70)} fits when it is whole, and not a byte before`, () => {
      const type = typeOf(schema);
      for (let i = 0; i < 100; i++) {
        const bytes = Buffer.concat([Buffer.alloc(3), type.toBuffer(type.random())]);
        assert.ok(fits(type, bytes, 3));
        assert.ok(bytes.length === 3 || !fits(type, bytes.subarray(0, -1), 3));
      }
    });
  }

  it('fits also where blocks of a list come with their size', () => {
    const type = typeOf({ type: 'array', items: 'string' });
    const blocks = [3, 8, 2, 0x61, 2, 0x62, 2, 2, 0x63, 0];
    assert.ok(fits(type, Uint8Array.from(blocks), 0));
    assert.deepEqual(type.fromBuffer(Buffer.from(blocks)), ['a', 'b', 'c']);
    for (let length = 0; length < blocks.length; length++)
      assert.ok(!fits(type, Uint8Array.from(blocks.slice(0, length)), 0));
  });

  it('does not fit where a block of a list has a size below nothing', () => {
    assert.ok(!fits(typeOf({ type: 'array', items: 'string' }), Uint8Array.from([1, 3, 0, 0]), 0));
  });

  it('does not fit where a number has no end, or a branch is none of the union', () => {
    assert.ok(!fits(typeOf('long'), new Uint8Array(20).fill(0x80), 0));
    assert.ok(!fits(typeOf(['null', 'int']), Uint8Array.from([4, 0]), 0));
    assert.ok(!fits(typeOf(['null', 'int']), Uint8Array.from([1, 0]), 0));
  });
});
