import { Backoff } from '../link/backoff.ts';
import type { Outcome } from '../destination.ts';

/** Lines wait here while the service cannot be reached; the oldest are let go when there are more. */
export const LONGEST_QUEUE = 100_000;
const BATCH_LINES = 1_000;
const LONGEST_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;

/** How lines leave: the service, or a test. */
export interface LineTaker {
  send(lines: readonly string[]): Promise<Outcome>;
}

/** What became of the lines so far. */
interface ForwardCounts {
  readonly taken: number;
  readonly refused: number;
  readonly dropped: number;
  readonly waiting: number;
}

/**
 * Brings lines `at,watts[,meter]` to the service in their order, each once it was taken. While the service cannot be
 * reached it waits longer and longer, up to a minute; what is refused is counted and left behind.
 */
export class Forwarder {
  readonly #destination: LineTaker;
  readonly #pause: (ms: number) => Promise<void>;
  readonly #tell: (why: string) => void;
  readonly #queue: string[] = [];
  #sending: Promise<void> | undefined;
  #taken = 0;
  #refused = 0;
  #dropped = 0;

  /** @param tell is told why lines are refused, of each batch the first reason */
  constructor(
    destination: LineTaker,
    pause: (ms: number) => Promise<void>,
    tell: (why: string) => void = () => undefined,
  ) {
    this.#destination = destination;
    this.#pause = pause;
    this.#tell = tell;
  }

  get counts(): ForwardCounts {
    const { length } = this.#queue;
    return { taken: this.#taken, refused: this.#refused, dropped: this.#dropped, waiting: length };
  }

  /** Takes a line; never waits. */
  push(line: string): void {
    this.#queue.push(line);
    if (this.#queue.length > LONGEST_QUEUE) {
      this.#queue.shift();
      this.#dropped++;
    }
    this.#sending ??= this.#drain().finally(() => {
      this.#sending = undefined;
    });
  }

  /** Resolves when nothing is waiting. */
  async settled(): Promise<void> {
    while (this.#sending !== undefined) await this.#sending;
  }

  async #drain(): Promise<void> {
    const backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
    // lines that arrive together leave together
    await Promise.resolve();
    while (this.#queue.length > 0) {
      const batch = this.#queue.slice(0, BATCH_LINES);
      const droppedBefore = this.#dropped;
      const outcome = await this.#destination.send(batch);
      if (outcome === 'unreachable') {
        await this.#pause(backoff.next());
        continue;
      }
      backoff.reset();
      const refused = outcome === 'taken' ? 0 : outcome === 'refused' ? batch.length : outcome.refused;
      this.#taken += batch.length - refused;
      this.#refused += refused;
      if (typeof outcome === 'object') this.#tell(outcome.why);
      // what was let go meanwhile was the front of this batch
      this.#queue.splice(0, batch.length - Math.min(batch.length, this.#dropped - droppedBefore));
    }
  }
}
