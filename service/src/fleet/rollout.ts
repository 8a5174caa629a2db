/** Which generation of models is in use, and which meters try the next one first. */
export interface Rollout {
  readonly stable: number;
  /** Null while none is tried. */
  readonly candidate: number | null;
  /** So many of 1,000 meters try the candidate; those named beside try it in any case. */
  readonly perMille: number;
  /** What `roll back` goes back to once a candidate was promoted; null where there was none. */
  readonly previous: number | null;
}

export const MILLE = 1_000;

/** FNV-1a, 32 bits, over UTF-16 units: http://www.isthe.com/chongo/tech/comp/fnv/ */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Where a meter stands among 1,000 for a generation: the same in every process, so a larger share only adds meters, and
 * another generation is tried by other homes first.
 */
export function placeOf(meter: string, generation: number): number {
  let hash = FNV_OFFSET;
  for (const text of [String(generation), '/', meter])
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  // names that differ in their last letter only would stand beside each other
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % MILLE;
}

/** The generation whose models a meter uses. */
export function generationOf(meter: string, rollout: Rollout, named: (meter: string) => boolean): number {
  const { stable, candidate, perMille } = rollout;
  if (candidate === null) return stable;
  return placeOf(meter, candidate) < perMille || named(meter) ? candidate : stable;
}
