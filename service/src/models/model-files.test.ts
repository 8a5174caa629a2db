import assert from 'node:assert/strict';
import type { OtherVersion } from '@lefton/core';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { aFolder, aLog, aModelFile, TABLE_JSON } from '../a-service.test-data.ts';
import { fittedOn, ofAnotherVersion } from '../a-store.test-data.ts';
import { Metrics } from '../telemetry/metrics.ts';
import { ModelFiles } from './model-files.ts';

function open(path: string, zone: string | null = null, otherVersion: OtherVersion = 'refuse') {
  const { log, lines } = aLog();
  const metrics = new Metrics();
  const models = new ModelFiles(path, zone, log, metrics, () => 0, otherVersion);
  // a change is taken up once it looks the same twice
  const settle = (): void => {
    models.poll();
    models.poll();
  };
  return { models, metrics, lines, settle };
}

const highOf = (models: ModelFiles, meter: string): number | undefined => {
  const model = models.of(meter)?.compiled.toModel();
  return model?.kind === 'min-max' ? model.high[12] : undefined;
};
const higher = { ...TABLE_JSON, high: TABLE_JSON.high.map((high) => high + 500) };

describe('model files', () => {
  it('are loaded anew when they change', (t) => {
    const file = aModelFile(aFolder(t));
    const { models, settle } = open(file);
    assert.equal(highOf(models, 'home'), 1000);
    writeFileSync(file, JSON.stringify(higher));
    models.poll();
    assert.equal(highOf(models, 'home'), 1000, 'perhaps still being written');
    settle();
    assert.equal(highOf(models, 'home'), 1500);
  });

  it('of another version are refused, or decide nothing, and never take the place of one that decides', (t) => {
    const [now, before] = [fittedOn(10), ofAnotherVersion(fittedOn(10))];
    const file = aModelFile(aFolder(t), before);
    assert.match(open(file).models.refusals[0]?.why ?? '', /another version is fitted anew: lefton fit/);
    const { models, lines, settle } = open(file, null, 'keep');
    assert.deepEqual([models.ready, models.of('home')?.compiled.leftOn], [true, null]);
    assert.ok(lines.some((line) => line.includes('this model decides nothing yet')));
    writeFileSync(file, JSON.stringify(now));
    settle();
    assert.notEqual(models.of('home')?.compiled.leftOn, null);
    writeFileSync(file, JSON.stringify(before));
    settle();
    assert.notEqual(models.of('home')?.compiled.leftOn, null);
    assert.match(models.refusals[0]?.why ?? '', /another version/);
  });

  for (const [what, text] of [
    ['is cut short', JSON.stringify(TABLE_JSON).slice(0, 200)],
    ['is no model', '[]'],
    ['has low above high', JSON.stringify({ ...TABLE_JSON, high: TABLE_JSON.low })],
    ['is empty', ''],
    ['names no zone of this world', JSON.stringify({ ...TABLE_JSON, zone: 'Mars/Olympus' })],
  ] as const) {
    it(`that ${what} is refused with the reason and the old one stays`, (t) => {
      const file = aModelFile(aFolder(t));
      const { models, metrics, lines, settle } = open(file);
      writeFileSync(file, text);
      settle();
      assert.equal(highOf(models, 'home'), 1000);
      assert.match(models.refusals[0]?.why ?? '', /expected/);
      assert.equal(metrics.refusals.get(), 1);
      assert.ok(lines.some((line) => line.includes('model refused')));
      writeFileSync(file, JSON.stringify(higher));
      settle();
      assert.equal(highOf(models, 'home'), 1500);
      assert.deepEqual(models.refusals, []);
    });
  }

  it('that is deleted leaves the model in use', (t) => {
    const file = aModelFile(aFolder(t));
    const { models, settle } = open(file);
    rmSync(file);
    settle();
    assert.equal(highOf(models, 'home'), 1000);
  });

  it('that went with its forgotten meter is not missed, and the next one in its place is taken up', (t) => {
    const folder = aFolder(t);
    const file = aModelFile(folder, { ...TABLE_JSON, meter: 'home' });
    const { models, lines, settle } = open(file);
    rmSync(file);
    models.letGo('home');
    settle();
    assert.equal(models.of('home'), undefined);
    assert.match(
      models.refusals[0]?.why ?? '',
      /its meter was forgotten, and this model with it; fit another/,
    );
    assert.ok(lines.some((line) => line.includes('a model was deleted with its meter')));
    assert.ok(!lines.some((line) => /refused|is gone/.test(line)), lines.join('\n'));
    aModelFile(folder, { ...TABLE_JSON, meter: 'home' });
    settle();
    assert.deepEqual([highOf(models, 'home'), models.refusals], [1000, []]);
  });

  for (const what of ['file', 'folder'] as const) {
    it(`in use stay so while their ${what} cannot be looked at, which is said once`, (t) => {
      const folder = join(aFolder(t), 'models');
      mkdirSync(folder);
      const file = aModelFile(folder);
      const path = what === 'file' ? file : folder;
      const { models, lines, settle } = open(path);
      renameSync(path, `${path}.away`);
      symlinkSync(path, path);
      settle();
      settle();
      assert.equal(highOf(models, 'home'), 1000);
      assert.equal(lines.filter((line) => line.includes('model refused')).length, 1);
      assert.match(models.refusals[0]?.why ?? '', /ELOOP/);
      rmSync(path);
      renameSync(`${path}.away`, path);
      settle();
      assert.deepEqual([highOf(models, 'home'), models.refusals], [1000, []]);
    });
  }

  it('of a folder serve their own meters, and one of them the others', (t) => {
    const folder = aFolder(t);
    aModelFile(folder);
    const barn = aModelFile(folder, { ...higher, meter: 'barn' }, 'barn.json');
    const { models, settle } = open(folder);
    assert.equal(highOf(models, 'home'), 1000);
    assert.equal(highOf(models, 'barn'), 1500);
    rmSync(barn);
    settle();
    assert.equal(highOf(models, 'barn'), 1000, 'a model taken out of the folder is let go');
  });

  it('that claim the same meter: the first is used and the other said to be refused', (t) => {
    const folder = aFolder(t);
    aModelFile(folder, TABLE_JSON, 'a.json');
    aModelFile(folder, higher, 'b.json');
    const { models } = open(folder);
    assert.equal(highOf(models, 'home'), 1000);
    assert.match(models.refusals[0]?.why ?? '', /one model for any meter/);
  });

  it('of one meter are taken as after a restart, whichever came first', (t) => {
    const folder = aFolder(t);
    writeFileSync(join(folder, 'b.json'), JSON.stringify(TABLE_JSON));
    const { models, settle } = open(folder);
    writeFileSync(join(folder, 'a.json'), JSON.stringify(higher));
    settle();
    const restarted = open(folder).models;
    assert.equal(highOf(restarted, 'home'), 1500);
    assert.equal(highOf(models, 'home'), 1500);
    assert.deepEqual(models.refusals, restarted.refusals);
  });

  it('may be missing at first', (t) => {
    const folder = aFolder(t);
    const { models, settle } = open(join(folder, 'model.json'));
    assert.equal(models.of('home'), undefined);
    aModelFile(folder);
    settle();
    assert.equal(highOf(models, 'home'), 1000);
  });

  it('take the zone of the home where it is a plain table', (t) => {
    const { models } = open(aModelFile(aFolder(t)), 'Europe/Paris');
    assert.equal(models.of('home')?.compiled.zone.name, 'Europe/Paris');
  });
});
