import { setTimeout } from 'node:timers/promises';
import { asksToForget } from '../../forget/forget-record.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Topic, Topics } from '../../ports.ts';
import { untilDone } from '../../runtime/until-done.ts';
import { BegunAnew } from './begun-anew.ts';
import type { KafkaClient } from './client.ts';
import { isAt, placesOf, positionOf, Tail } from './tail.ts';
import type { Places } from './tail.ts';

const LOOK_MS = 20;

/** Copies what is committed to a topic of a cluster into another transport, each record once and in order. */
export class Mirror {
  readonly #client: KafkaClient;
  readonly #topic: Topic;
  readonly #to: Topics;
  readonly #ends: (end: 'low' | 'high') => Promise<Places>;
  readonly #log: Log;
  /** Takes a meter out of what was copied; undefined where nothing of it is kept. */
  readonly forget: ((meter: string) => Promise<void>) | undefined;
  #copied: Places = new Map();
  #tail: Tail | undefined;

  /** @param ends the places of the oldest records, or after the newest */
  constructor(
    client: KafkaClient,
    topic: Topic,
    to: Topics,
    ends: (end: 'low' | 'high') => Promise<Places>,
    log: Log,
    forget?: Mirror['forget'],
  ) {
    this.forget = forget;
    this.#client = client;
    this.#topic = topic;
    this.#to = to;
    this.#ends = ends;
    this.#log = log;
  }

  /** What was told before anybody listened here is old: the first time, it begins at the end. */
  async begin(signal: AbortSignal): Promise<void> {
    const source = this.#source;
    if ((await this.#to.progress(source)) !== undefined) return;
    const note = async (): Promise<void> => {
      await this.#to.produce([], { source, position: positionOf(await this.#ends('high')) });
    };
    await untilDone('no broker answers yet', note, this.#log, signal);
  }

  async run(signal: AbortSignal): Promise<void> {
    let anew: number | undefined;
    while (!signal.aborted) {
      await untilDone('events are not copied yet', () => this.#mend(anew), this.#log, signal);
      try {
        await this.#copy(signal);
      } catch (error) {
        if (!(error instanceof BegunAnew)) throw error;
        anew = error.partition;
      }
    }
  }

  /**
   * A place beyond the end is of a topic that is gone: the one that is there now is copied from its beginning.
   * @param anew a partition of which that is known, however much it has by now
   */
  async #mend(anew: number | undefined): Promise<void> {
    const places = placesOf((await this.#to.progress(this.#source)) ?? '');
    const ends = await this.#ends('high');
    const gone = [...places].filter(
      ([partition, next]) => partition === anew || next > (ends.get(partition) ?? next),
    );
    if (gone.length === 0) return;
    const first = await this.#ends('low');
    for (const [partition] of gone) places.set(partition, first.get(partition) ?? 0);
    await this.#to.produce([], { source: this.#source, position: positionOf(places) });
    this.#log.warn('a topic was made anew: it is copied from its beginning', {
      topic: this.#client.name(this.#topic),
    });
  }

  async #copy(signal: AbortSignal): Promise<void> {
    const source = this.#source;
    const from = (await this.#to.progress(source)) ?? '';
    const tail = new Tail(this.#client, this.#client.name(this.#topic), placesOf(from), this.#log);
    this.#tail = tail;
    this.#copied = placesOf(from);
    for await (const { records, after } of tail.read(signal)) {
      const asked = new Map(records.flatMap((record, i) => (asksToForget(record) ? [[record.key, i]] : [])));
      const copies = records
        .filter(({ key }, i) => i > (asked.get(key) ?? -1))
        .map(({ key, value, headers }) => ({ topic: this.#topic, key, value, headers }));
      const progress = { source, position: positionOf(after) };
      // forgotten first: where this ends in between it is asked again, and forgetting twice does no harm
      const take = async (): Promise<void> => {
        for (const meter of asked.keys()) await this.forget?.(meter);
        await this.#to.produce(copies, progress);
      };
      // a full disk here holds up telling, and nothing else
      if (records.length > 0) await untilDone('events are not copied yet', take, this.#log, signal);
      if (signal.aborted) return;
      this.#copied = after;
    }
  }

  /** Resolves when what is there now has been copied; rejects when aborted. */
  async caughtUp(signal: AbortSignal): Promise<void> {
    const ends = await this.#ends('high');
    for (const [partition, next] of this.#client.written.next(this.#client.name(this.#topic)))
      ends.set(partition, Math.max(ends.get(partition) ?? 0, next));
    while (!isAt(this.#copied, ends)) await setTimeout(LOOK_MS, undefined, { signal });
  }

  /** Why nothing is copied now; undefined while all is well. */
  trouble(): string | undefined {
    return this.#tail === undefined ? 'no broker has answered yet' : this.#tail.trouble();
  }

  get #source(): string {
    return `kafka ${this.#client.name(this.#topic)}`;
  }
}
