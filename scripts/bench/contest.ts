/** One way of doing a job; run does it once and returns how many things it did. */
export interface Contestant {
  readonly name: string;
  readonly run: () => number | Promise<number>;
}

/** How fast a contestant was: the median of its runs. */
export interface Pace {
  readonly name: string;
  readonly perSecond: number;
}

const ROUNDS = 5;

/** Lets everybody run in turn, so that a slow moment of the machine hits all; the first round is not counted. */
export async function contest(contestants: readonly Contestant[], rounds = ROUNDS): Promise<Pace[]> {
  const paces = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const [i, { run }] of contestants.entries()) {
      const started = performance.now();
      const count = await run();
      if (round > 0) paces[i]?.push((count / (performance.now() - started)) * 1_000);
    }
  }
  return contestants.map(({ name }, i) => ({ name, perSecond: median(paces[i] ?? []) }));
}

/** Lines for people: each pace, and its ratio to the named peer, where there is one. */
export function tableOfPaces(
  title: string,
  unit: string,
  paces: readonly Pace[],
  peer: string | null,
): string {
  const base = paces.find(({ name }) => name === peer)?.perSecond ?? NaN;
  const lines = paces.map(({ name, perSecond }) => {
    const ratio = name === peer ? '(the peer)' : `${(perSecond / base).toPrecision(3)} of ${peer ?? ''}`;
    const pace = `  ${name.padEnd(34)} ${scaled(perSecond).padStart(9)} ${unit}/s`;
    return peer === null ? pace : `${pace}   ${ratio}`;
  });
  return [title, ...lines].join('\n');
}

function scaled(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  return value >= 1e3 ? `${(value / 1e3).toFixed(1)} k` : value.toFixed(1);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}
