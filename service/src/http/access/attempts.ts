import { MINUTE } from '@lefton/core';
import type { Instant } from '@lefton/core';
import { isIPv6 } from 'node:net';
import type { Clock } from '../../ports.ts';

/** How often a wrong token may be tried within a time. */
interface AttemptLimits {
  readonly withinMs: number;
  /** By one address; by one network of IPv6, which one household has. */
  readonly each: number;
  /** By all addresses from which the right token never came. */
  readonly all: number;
}

const defaultAttemptLimits: AttemptLimits = { withinMs: 10 * MINUTE, each: 10, all: 100 };
/** Addresses from which the right token came: somebody else's guessing does not lock them out. */
const MOST_KNOWN = 100;

interface Failures {
  readonly since: Instant;
  count: number;
}

/**
 * Counts wrong tokens, so that nobody can try many. What is kept is bounded by its own limits: once all attempts are
 * used up, a new address is refused and not counted.
 */
export class Attempts {
  readonly #clock: Clock;
  readonly #limits: AttemptLimits;
  readonly #byAddress = new Map<string, Failures>();
  readonly #known = new Set<string>();
  #all: Failures = { since: 0, count: 0 };

  constructor(clock: Clock, limits: AttemptLimits = defaultAttemptLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Ms until an address may try again; 0 when it may now. */
  wait(address: string): number {
    const network = networkOf(address);
    const { each, all } = this.#limits;
    const own = this.#byAddress.get(network);
    if (own !== undefined && own.count >= each) return this.#left(own);
    return this.#all.count >= all && !this.#known.has(network) ? this.#left(this.#all) : 0;
  }

  failed(address: string): void {
    const network = networkOf(address);
    for (const [other, failures] of this.#byAddress)
      if (this.#left(failures) === 0) this.#byAddress.delete(other);
    const none: Failures = { since: this.#clock.now(), count: 0 };
    const own = this.#byAddress.get(network) ?? none;
    own.count++;
    this.#byAddress.set(network, own);
    if (this.#left(this.#all) === 0) this.#all = { ...none, count: 0 };
    this.#all.count++;
  }

  succeeded(address: string): void {
    const network = networkOf(address);
    this.#byAddress.delete(network);
    // the one that came longest ago is the first of the set
    this.#known.delete(network);
    this.#known.add(network);
    const [first] = this.#known;
    if (this.#known.size > MOST_KNOWN && first !== undefined) this.#known.delete(first);
  }

  /** A clock that was set back ends the wait. */
  #left({ since }: Failures): number {
    const gone = this.#clock.now() - since;
    return gone < 0 ? 0 : Math.max(0, this.#limits.withinMs - gone);
  }
}

/** An IPv4 address, also where it came as IPv6; of an IPv6 address the first 64 bits, of which a household has all. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return bare;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare) ?? [];
  if (mapped !== undefined) return mapped;
  const [left = [], right] = bare.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = right === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...(right ?? [])];
  return `${groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
