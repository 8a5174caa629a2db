import { LeftOnError, wattHours, watts } from '@lefton/core';
import type { Reading } from '@lefton/core';
import avro from 'avsc';
import type { Type } from 'avsc';
import fc from 'fast-check';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { START } from '../a-service.test-data.ts';
import { encodeReading } from '../a-json-reading.test-data.ts';
import { answer, aRegistry } from './a-registry.test-data.ts';
import { ReadingCodec } from './reading-codec.ts';
import { RegistrySchemaIds } from './registry.ts';
import { DEMO, READING_VERSIONS, schemaOf } from './schema-file.ts';
import { EmbeddedSchemaIds } from './schema-ids.ts';
import type { IdMeaning, SchemaIds } from './schema-ids.ts';

const READING: Reading = {
  meter: 'home',
  at: START,
  watts: watts(230.5),
  energyWh: wattHours(12_345),
  source: 'a meter',
};
const RECORD = { meter: 'home', at: START, watts: 230.5, energy_wh: 12_345, source: 'a meter' };
const NEWER = 7;

/** Embedded ids, and any schemas from 7 on. */
function idsWith(...schemas: readonly unknown[]): SchemaIds {
  const embedded = new EmbeddedSchemaIds();
  const given = (id: number): IdMeaning | undefined => {
    const schema = schemas[id - NEWER];
    if (schema === undefined) return undefined;
    return { known: true, schema: typeof schema === 'string' ? schema : JSON.stringify(schema) };
  };
  return {
    known: (id) => given(id) ?? embedded.known(id),
    learn: () => embedded.learn(),
    writer: (schema) => embedded.writer(schema),
  };
}

const typeOf = (schema: unknown): Type =>
  avro.Type.forSchema((typeof schema === 'string' ? JSON.parse(schema) : schema) as Type);

/** The header of an id, and after it any bytes. */
function wire(id: number, ...bytes: readonly (Uint8Array | readonly number[])[]): Buffer {
  const header = Buffer.alloc(5);
  header.writeUInt32BE(id, 1);
  return Buffer.concat([header, ...bytes.map((part) => Buffer.from(part))]);
}

/** A value as somebody else's producer writes it. */
const written = (id: number, schema: unknown, value: unknown): Buffer =>
  wire(id, typeOf(schema).toBuffer(value));

/** lefton.Reading with other fields than it has. */
const like = (...fields: readonly { name: string; type: unknown; default?: unknown }[]) => ({
  type: 'record',
  name: 'lefton.Reading',
  fields,
});
const METER = { name: 'meter', type: 'string' };
const AT = { name: 'at', type: 'long' };
const WATTS = { name: 'watts', type: 'double' };
const newerWith = (...types: readonly unknown[]) =>
  like(...types.map((type, i) => ({ name: `new${i}`, type })), METER, AT, WATTS);

const badAt = (place: string, found?: RegExp) => ({
  code: 'bad_reading',
  faultClass: 'bad_data',
  place,
  ...(found === undefined ? {} : { found }),
});

const codec = ReadingCodec.embedded();

const text = (maxLength: number) =>
  fc.string({ unit: 'binary', maxLength }).filter((value) => value.length <= maxLength);
const meter = text(128).filter((value) => /^[^\u0000-\u001f\u007f,"\p{Cs}]+$/u.test(value));
const number = fc.double({ noNaN: true, noDefaultInfinity: true });
const reading: fc.Arbitrary<Reading> = fc.record(
  {
    meter,
    at: fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2199, 0, 1) }),
    watts: number.map(watts),
    energyWh: fc.option(number.map(wattHours)),
    source: text(128).filter((value) => !/\p{Cs}/u.test(value)),
  },
  { noNullPrototype: true },
);

describe('a reading on the wire', () => {
  it('is a zero, the id of its schema, and Avro', () => {
    const bytes = Buffer.from(codec.encode(READING));
    assert.equal(bytes.subarray(0, 5).toString('hex'), '0000000002');
    assert.deepEqual({ ...typeOf(schemaOf('reading.v2')).fromBuffer(bytes.subarray(5)) }, RECORD);
  });

  it('comes back to the bit, from a Buffer and from bytes in the middle of others', () => {
    fc.assert(
      fc.property(reading, (given) => {
        const bytes = codec.encode(given);
        assert.deepEqual(codec.decode(bytes, given.meter, 0), given);
        const within = new Uint8Array(bytes.length + 20).fill(0x7b);
        within.set(bytes, 9);
        assert.deepEqual(codec.decode(within.subarray(9, 9 + bytes.length), given.meter, 0), given);
      }),
      { numRuns: 2_000 },
    );
  });

  it('does not change when others are written after it', () => {
    const first = codec.encode(READING);
    const copy = Uint8Array.from(first);
    for (let i = 0; i < 1_000; i++) codec.encode({ ...READING, watts: watts(i) });
    assert.deepEqual(Uint8Array.from(first), copy);
  });

  it('is not written where Avro cannot hold it', () => {
    assert.throws(() => codec.encode({ ...READING, at: 0.5 }), badAt('reading'));
    assert.throws(() => codec.encode({ ...READING, at: NaN }), badAt('reading'));
    assert.throws(() => codec.encode({ ...READING, source: 'x'.repeat(5_000) }), badAt('reading'));
    assert.throws(() => codec.encode({ ...READING, source: '\u20ac'.repeat(1_000_000) }), badAt('reading'));
  });

  it('is written under the id that a registry gave', async (t) => {
    const registry = await aRegistry(t);
    const ids = new RegistrySchemaIds({ url: registry.url, auth: null }, () => 0);
    const registered = new ReadingCodec(ids);
    await registered.learnWriter();
    const bytes = registered.encode(READING);
    assert.equal(Buffer.from(bytes).readUInt32BE(1), 101);
    assert.equal(registered.prepare([{ value: bytes }]), undefined);
    assert.deepEqual(registered.decode(bytes, 'home', 0), READING);
  });
});

describe('what earlier and later versions wrote', () => {
  for (const [i, version] of READING_VERSIONS.entries()) {
    it(`${version} is read`, () => {
      const bytes = written(i + 1, schemaOf(version), RECORD);
      const rest = version === 'reading.v1' ? { energyWh: null, source: '' } : {};
      assert.deepEqual(codec.decode(bytes, 'home', 0), { ...READING, ...rest });
    });
  }

  it('a field that is new is passed over, wherever it stands and whatever is in it', () => {
    const v2 = JSON.parse(schemaOf('reading.v2')) as { fields: { name: string; type: unknown }[] };
    const list = { type: 'array', items: ['null', 'string', { type: 'map', values: 'long' }] };
    const part = {
      type: 'record',
      name: 'Part',
      fields: [
        { name: 'id', type: { type: 'fixed', name: 'Id', size: 3 } },
        { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
        { name: 'next', type: ['null', 'Part'], default: null },
      ],
    };
    const next = { id: Buffer.from('abc'), kind: 'B', next: null };
    const values: readonly (readonly [unknown, unknown])[] = [
      ['string', 'new'],
      ['bytes', Buffer.from('new')],
      ['float', 0.5],
      ['boolean', true],
      [['null', 'int'], 5],
      [{ type: 'array', items: 'null' }, [null, null]],
      [list, ['x', null, { a: 1, b: 2 }]],
      [part, { id: Buffer.from('xyz'), kind: 'A', next }],
    ];
    for (const [type, value] of values) {
      const field = { name: 'new', type };
      for (const fields of [
        [field, ...v2.fields],
        [...v2.fields, field],
      ]) {
        const schema = { ...v2, fields };
        const bytes = written(NEWER, schema, { ...RECORD, new: value });
        const newer = new ReadingCodec(idsWith(schema), 2);
        assert.deepEqual(newer.decode(bytes, 'home', 0), READING, JSON.stringify(type));
        for (let length = 0; length < bytes.length; length++)
          assert.throws(() => newer.decode(bytes.subarray(0, length), 'home', 0), badAt('record'));
      }
    }
  });

  it('numbers are widened, and fields may be in any order or missing where they have a default', () => {
    const schema = like({ ...WATTS, type: 'float' }, { ...AT }, { name: 'source', type: 'bytes' }, METER);
    const bytes = written(NEWER, schema, { ...RECORD, source: Buffer.from('é') });
    const expected = { ...READING, energyWh: null, source: 'é' };
    assert.deepEqual(new ReadingCodec(idsWith(schema), 2).decode(bytes, 'home', 0), expected);
    const whole = like(METER, AT, { ...WATTS, type: 'int' }, { name: 'energy_wh', type: 'long' });
    assert.deepEqual(
      new ReadingCodec(idsWith(whole), 2).decode(written(NEWER, whole, { ...RECORD, watts: 5 }), 'home', 0),
      { ...READING, watts: 5, source: '' },
    );
  });
});

describe('a record that is no reading', () => {
  const V2 = schemaOf('reading.v2');
  const cases: readonly (readonly [string, () => Uint8Array, string, RegExp?])[] = [
    ['nothing', () => Buffer.alloc(0), 'record', /^nothing$/],
    ['another first byte', () => Buffer.from([1, 0, 0, 0, 2, 8]), 'record', /^1$/],
    ['a blank before JSON', () => Buffer.from(' {}'), 'record', /^32$/],
    ['half a header', () => Buffer.from([0, 0, 0]), 'record', /^3$/],
    ['a header alone', () => wire(2), 'record', /cut short/],
    ['an id that stands for nothing', () => wire(99, [8]), 'schema', /^99: known are 1 to 3$/],
    ['an id with its highest bit set', () => wire(4_294_967_295, [8]), 'schema', /^4294967295: /],
    ['5,000 bytes', () => Buffer.alloc(5_000), 'record', /^5000$/],
    ['5,000 bytes of JSON', () => Buffer.alloc(5_000, 0x7b), 'record', /^5000$/],
    ['a byte too many', () => wire(2, typeOf(V2).toBuffer(RECORD), [0]), 'record', /^1 bytes more$/],
    ['a text that is longer than all', () => wire(2, [0xfe, 0xff, 0xff, 0x0f]), 'record', /cut short/],
    ['a text of a negative length', () => wire(2, [7, 0, 0, 0]), 'record', /cut short/],
    ['a number without end', () => wire(2, Buffer.alloc(2_000, 0xff)), 'record'],
    ['a union branch that is none', () => wire(2, [2, 0x61, 2], Buffer.alloc(8), [4]), 'record', /union/],
    ['no power', () => written(2, V2, { ...RECORD, watts: NaN }), 'watts', /^NaN$/],
    ['endless power', () => written(2, V2, { ...RECORD, watts: -Infinity }), 'watts', /^-Infinity$/],
    ['no energy', () => written(2, V2, { ...RECORD, energy_wh: NaN }), 'energy_wh'],
    ['a clock of 1970', () => written(2, V2, { ...RECORD, at: 0 }), 'at', /^0$/],
    ['microseconds', () => written(2, V2, { ...RECORD, at: START * 1_000 }), 'at'],
    ['another meter', () => written(2, V2, { ...RECORD, meter: 'away' }), 'meter', /^"away"$/],
    ['a long source', () => written(2, V2, { ...RECORD, source: 'x'.repeat(129) }), 'source'],
    ['JSON of another meter', () => encodeReading({ ...READING, meter: 'away' }), 'meter', /^"away"$/],
    ['JSON that is none', () => Buffer.from('{"meter"'), 'record'],
    ['JSON with more in it', () => Buffer.from('{"meter":"home","at":1,"watts":1,"x":1}'), 'x'],
  ];
  for (const [what, bytes, place, found] of cases) {
    it(`${what} is refused for its ${place}`, () => {
      assert.throws(() => codec.decode(bytes(), 'home', START), badAt(place, found));
    });
  }

  for (const name of ['', 'a,b', 'a"b', 'a\nb', 'x'.repeat(129)]) {
    it(`a meter ${JSON.stringify(name.slice(0, 9))} is refused, though its key is the same`, () => {
      const bytes = written(2, V2, { ...RECORD, meter: name });
      const fresh = new ReadingCodec(new EmbeddedSchemaIds(), 2);
      for (let i = 0; i < 2; i++) assert.throws(() => fresh.decode(bytes, name, START), badAt('meter'));
    });
  }

  it('is one that was cut, at any length', () => {
    const bytes = codec.encode(READING);
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => codec.decode(bytes.subarray(0, length), 'home', 0), badAt('record'));
  });

  it('is any one of random bytes, whatever its header says', () => {
    const schemas = [
      newerWith({ type: 'array', items: 'null' }, { type: 'map', values: 'bytes' }, ['null', 'string']),
      'no JSON',
    ];
    const any = new ReadingCodec(idsWith(...schemas), 2);
    const header = fc.constantFrom(
      ...[1, 2, 3, NEWER, NEWER + 1].map((id) => wire(id)),
      Buffer.from('{'),
      Buffer.alloc(0),
    );
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      // a good reading with a few bytes changed is further into the decoder than noise
      fc.tuple(fc.nat(30), fc.uint8Array({ maxLength: 3 })).map(([at, bytes]) => {
        const good = Uint8Array.from(codec.encode(READING)).subarray(5);
        good.set(bytes.subarray(0, good.length - at), Math.min(at, good.length));
        return good;
      }),
    );
    let readings = 0;
    fc.assert(
      fc.property(header, body, (first, rest) => {
        try {
          any.decode(Buffer.concat([first, rest]), 'home', START);
          readings++;
        } catch (error) {
          assert.ok(error instanceof LeftOnError, String(error));
          assert.equal(error.code, 'bad_reading');
        }
      }),
      { numRuns: 20_000 },
    );
    assert.ok(readings < 10_000);
  });
});

describe('a schema that is no reading', () => {
  const NO_READING: readonly (readonly [string, unknown, RegExp])[] = [
    [
      'of another name',
      { type: 'record', name: 'shop.Payment', fields: [METER] },
      /^shop\.Payment \(schema 7\)$/,
    ],
    ['of the name elsewhere', { ...like(METER, AT, WATTS), name: 'other.Reading' }, /^other\.Reading /],
    ['a plain text', '"string"', /^string \(schema 7\)$/],
    ['a list', { type: 'array', items: 'string' }, /^array /],
    ['without power', like(METER, AT), /schema 7: no matching field for default-less lefton\.Reading\.watts/],
    ['with power as text', like(METER, AT, { ...WATTS, type: 'string' }), /schema 7: cannot read/],
    [
      'with an hour as text',
      {
        type: 'record',
        name: 'd',
        fields: [
          { name: 'hour', type: 'string' },
          { name: 'kwh', type: 'float' },
        ],
      },
      /schema 7: cannot read/,
    ],
    ['no Avro', { type: 'object', properties: {} }, /schema 7: unknown type: "object"/],
    ['Protobuf', 'syntax = "proto3"; message Reading {}', /schema 7: /],
    ['empty', '', /schema 7: /],
    ['null', 'null', /schema 7: /],
    ['a word that JavaScript knows', '"constructor"', /schema 7/],
    [
      'with a name that is code',
      { type: 'record', name: 'a(){}; process.exit(); //', fields: [] },
      /schema 7: invalid name/,
    ],
    [
      'with a field that is code',
      like({ ...METER, name: 'a;process.exit()' }),
      /schema 7: invalid field name/,
    ],
    [
      'of types deep in each other',
      '{"type":"array","items":'.repeat(2_500) + '"int"' + '}'.repeat(2_500),
      /./,
    ],
  ];
  for (const [what, schema, found] of NO_READING) {
    it(`${what} refuses its records, and says so`, () => {
      const other = new ReadingCodec(idsWith(schema), 2);
      for (let i = 0; i < 2; i++)
        assert.throws(() => other.decode(wire(NEWER, [2, 0x61]), 'home', START), badAt('schema', found));
    });
  }

  /** Schemas whose few bytes would keep a decoder that believes them busy, or running backwards. */
  const TRAPS: readonly (readonly [string, unknown, readonly number[]])[] = [
    [
      'a list of 2^48 times nothing',
      newerWith({ type: 'array', items: 'null' }),
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x02],
    ],
    [
      'a list of 2^34 numbers that are not there',
      newerWith({ type: 'array', items: 'double' }),
      [0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
    ],
    ['a map that goes back to its start', newerWith({ type: 'map', values: 'int' }), [1, 3]],
    ['a list that goes back to its start', newerWith({ type: 'array', items: 'int' }), [1, 3]],
    ['a map of 2^27 entries', newerWith({ type: 'map', values: 'null' }), [0x80, 0x80, 0x80, 0x80, 0x01]],
    [
      'a record that holds itself',
      newerWith({ type: 'record', name: 'R', fields: [{ name: 'r', type: 'R' }] }),
      [],
    ],
    ['records that double thirty times', newerWith(doubling(30)), []],
    ['a list of those', newerWith({ type: 'array', items: doubling(9) }), [0x80, 0x01]],
  ];
  for (const [what, schema, bytes] of TRAPS) {
    it(`${what} is refused at once`, () => {
      const other = new ReadingCodec(idsWith(schema), 2);
      const started = performance.now();
      assert.throws(() => other.decode(wire(NEWER, bytes), 'home', START), badAt('record'));
      assert.ok(performance.now() - started < 1_000);
    });
  }
});

/** A record of two records of two records and so on, with nothing in the last. */
function doubling(times: number): unknown {
  const name = `D${times}`;
  if (times === 0) return { type: 'record', name, fields: [] };
  const fields = [
    { name: 'a', type: doubling(times - 1) },
    { name: 'b', type: `D${times - 1}` },
  ];
  return { type: 'record', name, fields };
}

describe("the original demo's record", () => {
  const demo = (value: { hour: number; kwh: number }): Buffer => written(3, schemaOf(DEMO), value);

  it('is a reading of its key at its timestamp, its kwh are watts, and it tells its hour', () => {
    assert.deepEqual(codec.decode(demo({ hour: 4, kwh: 1500 }), 'flat 3', START), {
      meter: 'flat 3',
      at: START,
      watts: 1500,
      energyWh: null,
      source: 'demo',
      hour: 4,
    });
  });

  it('without a key is of the meter home', () => {
    assert.equal(codec.decode(demo({ hour: 4, kwh: 1500 }), '', START).meter, 'home');
  });

  it('is known by its fields, whatever it is called', () => {
    const fields = [
      { name: 'hour', type: 'float' },
      { name: 'kwh', type: 'float' },
    ];
    for (const schema of [
      { type: 'record', name: 'myrecord', fields },
      { type: 'record', name: 'org.example.Power', fields: [...fields, METER] },
      { type: 'record', name: 'r', fields: fields.map((field) => ({ ...field, type: 'int' })) },
    ]) {
      const bytes = written(NEWER, schema, { hour: 9, kwh: 1500, meter: 'x' });
      const { hour, watts: power } = new ReadingCodec(idsWith(schema), 2).decode(bytes, '', START);
      assert.deepEqual([hour, power], [9, 1500]);
    }
  });

  it('has whole hours from 0 to 23', () => {
    for (const [hour, whole] of [
      [0, 0],
      [4.99, 4],
      [23.5, 23],
    ] as const)
      assert.equal(codec.decode(demo({ hour, kwh: 1 }), '', START).hour, whole);
    for (const hour of [-0.1, 24, NaN, Infinity])
      assert.throws(() => codec.decode(demo({ hour, kwh: 1 }), '', START), badAt('hour'));
  });

  it('is refused without power, timestamp or a good key', () => {
    assert.throws(() => codec.decode(demo({ hour: 4, kwh: NaN }), '', START), badAt('kwh'));
    assert.throws(() => codec.decode(demo({ hour: 4, kwh: 1 }), '', -1), badAt('at'));
    assert.throws(() => codec.decode(demo({ hour: 4, kwh: 1 }), 'a,b', START), badAt('meter'));
    assert.throws(() => codec.decode(wire(3, [0, 0, 0, 0, 0, 0, 0]), '', START), badAt('record'));
  });
});

describe('JSON', () => {
  it('is read as before', () => {
    assert.deepEqual(codec.decode(encodeReading(READING), 'home', 0), READING);
    assert.deepEqual(codec.decode(Uint8Array.from(encodeReading(READING)), 'home', 0), READING);
  });
});

describe('a batch of records', () => {
  const V3 = JSON.stringify(newerWith('string'));
  const newer = (id: number): { value: Buffer } => ({ value: written(id, V3, { ...RECORD, new0: 'x' }) });
  const known = (): { value: Uint8Array } => ({ value: codec.encode(READING) });

  it('of known ids needs no waiting', () => {
    const records = [
      known(),
      { value: encodeReading(READING) },
      { value: Buffer.alloc(0) },
      { value: wire(99) },
    ];
    assert.equal(codec.prepare(records), undefined);
  });

  it('asks for each id once, and then it can be read', async (t) => {
    const registry = await aRegistry(t);
    const ids = new RegistrySchemaIds({ url: registry.url, auth: null }, () => 0);
    const asking = new ReadingCodec(ids, 2);
    registry.schemas.set(500, V3);
    registry.schemas.set(501, V3);
    const records = [newer(500), newer(501), newer(500), newer(501), { value: Buffer.from([0, 0]) }];
    assert.throws(
      () => asking.decode(newer(500).value, 'home', 0),
      badAt('schema', /500: it was not asked for/),
    );
    await asking.prepare(records);
    assert.deepEqual(registry.asked, ['GET /schemas/ids/500', 'GET /schemas/ids/501']);
    for (const { value } of records.slice(0, 4))
      assert.equal(asking.decode(value, 'home', 0).watts, READING.watts);
    assert.equal(asking.prepare(records), undefined);
  });

  it('is tried again while the registry is away, and not for an id that nobody knows', async (t) => {
    const registry = await aRegistry(t);
    const ids = new RegistrySchemaIds({ url: registry.url, auth: null }, () => 0);
    const asking = new ReadingCodec(ids, 2);
    registry.instead = (response) => {
      answer(response, 500, {});
    };
    await assert.rejects(async () => asking.prepare([newer(500)]), { faultClass: 'transient' });
    registry.instead = undefined;
    await asking.prepare([newer(500)]);
    assert.equal(asking.prepare([newer(500)]), undefined);
    assert.throws(
      () => asking.decode(newer(500).value, 'home', 0),
      badAt('schema', /500: the registry does not/),
    );
  });
});
