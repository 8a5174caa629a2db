import avro from 'avsc';
import type { Type } from 'avsc';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { NEWEST, READING_VERSIONS } from './schema-file.ts';

const FOLDER = new URL('./', import.meta.url);
const numberOf = (file: string): number => Number(/\d+/.exec(file)?.[0]);

/** Every version in the folder, oldest first. */
const versions = readdirSync(FOLDER)
  .filter((file) => /^reading\.v\d+\.avsc$/.test(file))
  .sort((a, b) => numberOf(a) - numberOf(b))
  .map((file) => {
    const json: unknown = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
    return { file, type: avro.Type.forSchema(json as Type) };
  });

type Value = Readonly<Record<string, unknown>>;
const FULL: Value = {
  meter: 'home',
  at: 1_774_317_600_000,
  watts: 230.5,
  energy_wh: 12_345,
  source: 'a meter',
};
/** A field that is not listed here has no value to try it with. */
const DEFAULTS: Value = { energy_wh: null, source: '' };

const fieldsOf = (type: Type): readonly string[] =>
  type instanceof avro.types.RecordType ? type.fields.map(({ name }) => name) : [];

/** What a reader of a version makes of a full value that came by another version. */
const expected = (writer: Type, reader: Type): Value =>
  Object.fromEntries(
    fieldsOf(reader).map((name) => [name, (fieldsOf(writer).includes(name) ? FULL : DEFAULTS)[name]]),
  );

describe('the schemas of a reading', () => {
  it('are the files in this folder, and the newest is the last', () => {
    const files = versions.map(({ file }) => file.replace('.avsc', ''));
    assert.deepEqual(files, READING_VERSIONS);
    assert.equal(files.at(-1), NEWEST);
  });

  for (const writer of versions) {
    for (const reader of versions) {
      it(`bytes of ${writer.file} are read by who knows ${reader.file}`, () => {
        const bytes = writer.type.toBuffer(FULL);
        const read: unknown = reader.type.fromBuffer(bytes, reader.type.createResolver(writer.type));
        assert.deepEqual({ ...(read as Value) }, expected(writer.type, reader.type));
      });
    }
  }

  for (const { file, type } of versions) {
    it(`${file} says lefton.Reading, and what each field means`, () => {
      assert.equal(type.name, 'lefton.Reading');
      assert.ok(
        fieldsOf(type).every((name) => name in FULL),
        'give the new field a value in this test',
      );
      const { fields } = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as {
        fields: { doc?: string }[];
      };
      assert.ok(fields.every(({ doc }) => doc !== undefined && doc !== ''));
    });
  }
});
