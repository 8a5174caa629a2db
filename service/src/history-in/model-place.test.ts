import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder } from '../a-service.test-data.ts';
import type { ModelsInUse } from '../models/models.ts';
import { LONGEST_METER } from '@lefton/core';
import { modelPlace } from './model-place.ts';

const NONE = { of: () => undefined } as unknown as ModelsInUse;

describe('the file of a model in a folder', () => {
  it('is called like its meter, and like no file of another folder', (t) => {
    const folder = aFolder(t);
    const named = (meter: string): string => basename(modelPlace(folder, NONE, meter).file);
    assert.equal(named('home'), 'home.json');
    assert.equal(named('../Küche'), '..%2FK%C3%BCche.json');
    assert.equal(named('a'.repeat(LONGEST_METER)), `${'a'.repeat(LONGEST_METER)}.json`);
  });

  it('can be written for a name as long as any, and what stands beside it; each meter has its own', (t) => {
    const folder = aFolder(t);
    const names = ['ü', '家', '⚡'].map((letter) => letter.repeat(LONGEST_METER));
    names.push(`${'家'.repeat(LONGEST_METER - 1)}屋`, `a${'家'.repeat(LONGEST_METER - 1)}`);
    const files = names.map((meter) => modelPlace(folder, NONE, meter).file);
    assert.equal(new Set(files).size, names.length);
    for (const [i, file] of files.entries()) {
      for (const ending of ['', '.previous.part', '.refits.part']) writeFileSync(file + ending, '');
      assert.match(basename(file), /^(?:%[\dA-F]{2}|\w)+~[\da-f]{16}\.json$/);
      assert.equal(modelPlace(folder, NONE, names[i] ?? '').file, file);
    }
  });
});
