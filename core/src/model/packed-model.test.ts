import fc from 'fast-check';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { aHome, HOME_FIT } from '../a-home.test-data.ts';
import { CommonParts, CompiledModel } from './compiled.ts';
import { LeftOnError } from '../errors.ts';
import { fit } from '../fit.ts';
import { parseModel } from './model-file.ts';
import type { LeftOnModel, Model } from './model.ts';
import { Numbers } from './numbers.ts';
import { PackedModel } from './packed-model.ts';

const AUGUST = new URL('../../../models/august-2018.json', import.meta.url);
const august = parseModel(JSON.parse(readFileSync(AUGUST, 'utf8')));
const home = fit(aHome(45), HOME_FIT);
const common = new CommonParts();

/** Through the bytes of a store and back. */
const throughBytes = (model: Model): Model =>
  new CompiledModel(PackedModel.fromBytes(PackedModel.of(model).toBytes()), common).toModel();

test('numbers of any kind come back as they were, null included', () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 65_000 }).map((tenths) => tenths / 10),
    fc.integer({ min: -1e6, max: 1e9 }).map((tenths) => tenths / 10),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  );
  fc.assert(
    fc.property(fc.array(value, { maxLength: 40 }), (values) => {
      const { kind, bytes } = Numbers.of(values).toBytes();
      const read = Numbers.fromBytes(kind, values.length, bytes.slice().buffer, 0);
      assert.deepEqual(read?.slice(0, values.length), values);
    }),
  );
});

test('tenths take two bytes each, and negative ones four', () => {
  assert.equal(Numbers.of([0, 0.1, 6553.4, null]).byteLength, 8);
  assert.equal(Numbers.of([-0.1, 6553.5, null]).byteLength, 12);
  assert.equal(Numbers.of([1 / 3]).byteLength, 8);
});

test('a model comes back from its bytes as its file had it', () => {
  for (const model of [august, home, { ...home, left_on: null, why: 'too little history' }])
    assert.deepEqual(throughBytes(model), model);
  const sun: LeftOnModel = {
    ...home,
    holidays: ['2026-12-25'],
    expected: { ...home.expected, low: home.expected.low.map((_, i) => (i % 5 === 0 ? null : -1.23 * i)) },
  };
  assert.deepEqual(throughBytes(sun), sun);
});

test('what people are told of a model is there without its lists being unpacked', () => {
  for (const model of [august, home, { ...home, left_on: null, why: 'too little history' }]) {
    const packed = PackedModel.fromBytes(PackedModel.of(model).toBytes());
    packed.unpack = () => assert.fail('it was unpacked');
    const { until, days, quality } = model.provenance;
    const left = model.kind === 'left-on' ? model : null;
    assert.deepEqual(packed.facts, {
      ...{ kind: model.kind, until, days, quality, mode: left?.mode ?? 'ready', why: left?.why ?? null },
      falseAlarmsPerMonth: left?.false_alarms_per_month ?? null,
    });
  }
});

test('a fitted model is small', () => {
  const { head, numbers } = PackedModel.of(home).toBytes();
  assert.ok(head.length + numbers.length < 9_500, `${head.length + numbers.length} bytes`);
});

test('bytes that are no model are refused, wherever they were cut', () => {
  const { head, numbers } = PackedModel.of(home).toBytes();
  for (const length of [0, 15, 16, 1_000, numbers.length - 8])
    assert.throws(() => PackedModel.fromBytes({ head, numbers: numbers.slice(0, length) }), LeftOnError);
  assert.throws(() => PackedModel.fromBytes({ head: head.slice(1), numbers }), LeftOnError);
  const short = PackedModel.of(august).toBytes().numbers;
  assert.throws(
    () => new CompiledModel(PackedModel.fromBytes({ head, numbers: short }), common),
    /as many as this version has/,
  );
});
