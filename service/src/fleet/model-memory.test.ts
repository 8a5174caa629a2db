import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chance } from '../topics/kafka/a-scorer.test-data.ts';
import { rememberedModels } from './a-model-memory.test-data.ts';
import type { RememberedModels } from './a-model-memory.test-data.ts';
import { ModelMemory } from './model-memory.ts';
import type { Kept } from './model-memory.ts';

const METERS = 400;
const BYTES = 1_000;

const aFleet = (room: number): RememberedModels => rememberedModels(METERS, BYTES, room);

describe('the memory of models', () => {
  it('keeps all while there is room, and never more than its bound', () => {
    const { memory, models, hear } = aFleet(METERS);
    for (let round = 0; round < 3; round++)
      for (let meter = 0; meter < METERS; meter++) assert.equal(hear(meter), round === 0);
    assert.deepEqual([memory.size, memory.bytes, memory.evictions], [METERS, METERS * BYTES, 0]);
    const small = aFleet(METERS / 2);
    const random = chance(7);
    for (let i = 0; i < 20 * METERS; i++) {
      small.hear(Math.floor(random() * METERS));
      assert.ok(small.memory.bytes <= (METERS / 2) * BYTES);
      assert.equal(small.memory.size, small.models.filter(({ isThere }) => isThere).length);
    }
    assert.equal(models.length, METERS);
  });

  it('keeps some where meters take turns through twice what there is room for', () => {
    const { hear } = aFleet(METERS / 2);
    let reads = 0;
    for (let i = 0; i < 60 * METERS; i++) if (hear(i % METERS) && i >= 20 * METERS) reads++;
    // each of them, where the least recently used goes
    assert.ok(reads / (40 * METERS) < 0.6, `${reads / (40 * METERS)} a reading`);
  });

  it('goes with the times: what is asked for now takes the place of what was', () => {
    const { models, hear } = aFleet(METERS / 4);
    const [first, second] = [0, METERS / 2];
    for (let i = 0; i < 50 * METERS; i++) hear(first + (i % (METERS / 5)));
    for (let i = 0; i < 50 * METERS; i++) hear(second + (i % (METERS / 5)));
    const there = models.filter(({ isThere }, meter) => isThere && meter >= second).length;
    assert.ok(there > METERS / 5 - 10, `${there} of them`);
  });

  it('has room for one that is larger than all of it', () => {
    const memory = new ModelMemory(10);
    let gone = 0;
    const release = (): void => {
      gone++;
    };
    const model = (): Kept => ({ bytes: BYTES, used: false, heat: 0, heatAge: 0, release });
    memory.admit(model());
    assert.deepEqual([memory.size, gone], [1, 0]);
    memory.admit(model());
    assert.deepEqual([memory.size, gone, memory.evictions], [1, 1, 1]);
  });
});
