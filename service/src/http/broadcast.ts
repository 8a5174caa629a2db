import { Bell } from '../bell.ts';
import { frameOf } from './event-streams.ts';

/** Frames that are kept for who was away for a moment: a minute of ten readings a second. */
const MOST_KEPT = 600;

/**
 * The same frames for many listeners: each is written once, and none of them reads a database. The newest are kept; who
 * is further behind, or asks with the id of another run, gets the event `missed` and is to ask for the state anew.
 */
export class Broadcast {
  readonly #run: string;
  readonly #most: number;
  readonly #published = new Bell();
  readonly #kept: Buffer[] = [];
  /** Number of the next frame; ids are `run-number`. */
  #next = 1;
  #listeners = 0;

  /** @param run differs from that of the process before: its start, say */
  constructor(run: string, most = MOST_KEPT) {
    this.#run = run;
    this.#most = most;
  }

  /** Where nobody listens there is nothing to put together. */
  get listeners(): number {
    return this.#listeners;
  }

  publish(event: string, value: unknown): void {
    this.#kept.push(Buffer.from(frameOf(`${this.#run}-${this.#next}`, event, JSON.stringify(value))));
    this.#next++;
    if (this.#kept.length > this.#most) this.#kept.shift();
    this.#published.ring();
  }

  /**
   * Frames from now on, or after the one with this id; ends when aborted.
   * @param after as a client sends it in Last-Event-ID
   */
  async *listen(after: string | undefined, signal: AbortSignal): AsyncGenerator<Buffer> {
    let next = after === undefined ? this.#next : this.#after(after);
    this.#listeners++;
    try {
      while (!signal.aborted) {
        const oldest = this.#next - this.#kept.length;
        if (next === undefined || next < oldest) {
          next = this.#next;
          yield Buffer.from(frameOf(`${this.#run}-${next - 1}`, 'missed', '{}'));
        } else if (next === this.#next) await this.#published.next(signal);
        else {
          const frames = this.#kept.slice(next - oldest);
          next = this.#next;
          yield frames.length === 1 && frames[0] !== undefined ? frames[0] : Buffer.concat(frames);
        }
      }
    } finally {
      this.#listeners--;
    }
  }

  /** The number that follows an id; undefined for one that is not of this run. */
  #after(id: string): number | undefined {
    const cut = id.lastIndexOf('-');
    const number = Number(id.slice(cut + 1));
    const known = id.slice(0, cut) === this.#run && Number.isInteger(number) && number < this.#next;
    return known ? number + 1 : undefined;
  }
}
