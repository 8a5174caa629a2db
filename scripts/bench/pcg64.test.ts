import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pcg64 } from './pcg64.ts';

/** Printed by numpy 2.4.6: PCG64(seed).random_raw(2) and default_rng(seed).random(3). */
const NUMPY = [
  {
    seed: 0n,
    raw: [11749869230777074271n, 4976686463289251617n],
    random: [0.6369616873214543, 0.2697867137638703, 0.04097352393619469],
  },
  {
    seed: 1n,
    raw: [9441442522235856127n, 17532960557476522086n],
    random: [0.5118216247002567, 0.9504636963259353, 0.14415961271963373],
  },
  {
    seed: 20180805n,
    raw: [9887007159795827049n, 14166106402077424793n],
    random: [0.5359757321015186, 0.7679461668396578, 0.4030818313061044],
  },
  {
    seed: 2n ** 32n,
    raw: [16412783775159424549n, 10277383025879800780n],
    random: [0.8897387912781343, 0.5571380502062263, 0.8009080868919721],
  },
  {
    seed: 12345678901234567890n,
    raw: [77935276331132168n, 12033622772062331548n],
    random: [0.004224879795573511, 0.6523439976170509, 0.6078805024233389],
  },
];

for (const { seed, raw, random } of NUMPY) {
  test(`seed ${String(seed)} draws what numpy draws`, () => {
    const bits = new Pcg64(seed);
    assert.deepEqual([bits.next(), bits.next()], raw);
    const generator = new Pcg64(seed);
    assert.deepEqual([generator.random(), generator.random(), generator.random()], random);
  });
}

test('uniform draws what default_rng(20180805).uniform(2, 9) draws', () => {
  const generator = new Pcg64(20180805);
  const drawn = Array.from({ length: 4 }, () => generator.uniform(2, 9));
  assert.deepEqual(drawn, [5.75183012471063, 7.375623167877604, 4.821572819142731, 4.858299784616836]);
});
