import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lineBatches } from './lines.ts';

async function linesOf(chunks: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const stream = async function* (): AsyncGenerator<Buffer> {
    for (const chunk of chunks) yield await Promise.resolve(Buffer.from(chunk));
  };
  for await (const lines of lineBatches(stream())) found.push(...lines.map(String));
  return found;
}

describe('lines of a stream', () => {
  it('are the same wherever the stream is cut', async () => {
    const chunk = fc.string({ unit: fc.constantFrom('a', 'b', '\n', ',') });
    const property = fc.asyncProperty(fc.array(chunk), async (chunks) => {
      const expected = chunks.join('').split('\n');
      if (expected.at(-1) === '') expected.pop();
      assert.deepEqual(await linesOf(chunks), expected);
    });
    await fc.assert(property);
  });

  it('end with CR LF as well', async () => {
    assert.deepEqual(await linesOf(['a\r', '\nb\r\n\r\nc']), ['a', 'b', '', 'c']);
  });

  it('are cut where they would fill the memory', async () => {
    const found = await linesOf(Array.from({ length: 40 }, () => 'x'.repeat(10_000)));
    assert.ok(found.every((line) => line.length < 80_000));
  });
});
