import { rememberedModels } from '../../../service/src/fleet/a-model-memory.test-data.ts';
import { Pcg64 } from '../pcg64.ts';

/** Twice what there is room for. */
const METERS = 20_000;
const ROOM = METERS / 2;
const BYTES = 12_000;
const WARM_UP = 20 * METERS;
const READINGS = 20 * METERS;
const SKEW = 0.99;

/** Whose reading comes next. */
type Turns = () => number;

function zipf(random: () => number): Turns {
  const until: number[] = [];
  for (let rank = 1, sum = 0; rank <= METERS; rank++) until.push((sum += rank ** -SKEW));
  const total = until.at(-1) ?? 0;
  return () => {
    const drawn = random() * total;
    let [low, high] = [0, METERS - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((until[middle] ?? total) < drawn) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Reads a model unless it is in memory: whether it had to. */
type Memory = (meter: number) => boolean;

/** What is built in an hour: a Map, in which a use is put last. */
function leastRecentlyUsed(): Memory {
  const kept = new Map<number, true>();
  return (meter) => {
    const isMissing = !kept.delete(meter);
    kept.set(meter, true);
    for (const oldest of kept.keys()) {
      if (kept.size <= ROOM) break;
      kept.delete(oldest);
    }
    return isMissing;
  };
}

/** Models read for each reading where memory has room for half of the meters. */
export function turns(): string {
  const random = new Pcg64(20260807);
  const draw = (): number => random.random();
  let next = 0;
  const orders: readonly (readonly [string, () => Turns])[] = [
    ['in turn', () => () => next++ % METERS],
    ['by chance, all alike', () => () => Math.floor(draw() * METERS)],
    [`by chance, Zipf ${SKEW}`, () => zipf(draw)],
  ];
  const lines = orders.map(([name, order]) => {
    const read = [leastRecentlyUsed(), rememberedModels(METERS, BYTES, ROOM).hear].map((memory) => {
      const turn = order();
      for (let i = 0; i < WARM_UP; i++) memory(turn());
      let reads = 0;
      for (let i = 0; i < READINGS; i++) if (memory(turn())) reads++;
      return (reads / READINGS).toFixed(3);
    });
    return `  ${name.padEnd(24)} least recently used ${read[0] ?? ''}   LeftOn ${read[1] ?? ''}`;
  });
  return [`models read for each reading, with room for half of ${METERS} meters`, ...lines].join('\n');
}
