import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { READING_VERSIONS, schemaOf } from './schema-file.ts';
import { EmbeddedSchemaIds } from './schema-ids.ts';

describe('the ids without a registry', () => {
  const ids = new EmbeddedSchemaIds();

  for (const [id, file] of [
    [1, 'reading.v1'],
    [2, 'reading.v2'],
    [3, 'demo'],
  ] as const) {
    it(`${id} stands for ${file} for ever`, async () => {
      const schema = schemaOf(file);
      assert.deepEqual(ids.known(id), { known: true, schema });
      assert.equal(await ids.writer(schema), id);
    });
  }

  it('are there for every version', async () => {
    for (const version of READING_VERSIONS) await ids.writer(schemaOf(version));
  });

  it('of other numbers stand for nothing, and there is nothing to learn', async () => {
    await ids.learn();
    assert.deepEqual(ids.known(0), { known: false, why: 'known are 1 to 3' });
    assert.deepEqual(ids.known(4), { known: false, why: 'known are 1 to 3' });
  });

  it('are not made up for another schema', async () => {
    await assert.rejects(ids.writer('"string"'), { code: 'unknown_schema', faultClass: 'fatal' });
  });
});
