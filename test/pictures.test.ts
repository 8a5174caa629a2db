import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { pictures } from '../scripts/pictures/pictures.ts';
import { wirings } from '../scripts/pictures/wiring.ts';

test('the pictures of the README are those that this code makes', async () => {
  for (const [name, svg] of await pictures()) {
    const committed = readFileSync(new URL(`../docs/pictures/${name}`, import.meta.url), 'utf8');
    assert.equal(svg, committed, `${name} differs: run npm run pictures and look at it`);
    assert.match(
      svg,
      /Unusual: \d|<title>The sample house \(simulated\): (?:expected range|anomaly score|what a budget)/,
    );
  }
});

test('the pictures of the wiring are those that this code makes, and docs/meters.md shows each', () => {
  const page = readFileSync(new URL('../docs/meters.md', import.meta.url), 'utf8');
  for (const [name, svg] of wirings()) {
    const committed = readFileSync(new URL(`../docs/pictures/${name}`, import.meta.url), 'utf8');
    assert.equal(svg, committed, `${name} differs: run npm run pictures and look at it`);
    assert.ok(page.includes(`pictures/${name}`), name);
  }
});
