import type { Admin, Consumer as KafkaConsumer } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import type { Log } from '../../../telemetry/log.ts';
import type { Consumer } from '../../../ports.ts';
import type { KafkaClient } from '../client.ts';
import { faultOf } from '../fault.ts';
import { offsetsOf } from '../offsets.ts';
import type { Onlooker } from './onlooker.ts';
import type { OwnedPartition } from '../partition/partition.ts';
import { standingOf } from './standing.ts';
import type { Standing } from './standing.ts';
import type { States } from '../partition/states.ts';

/** Until what failed is tried again. */
export const AGAIN_MS = 1_000;

/** Has partitions of the input go on where whoever had them before ended. */
export class Takeovers {
  readonly #admin: Admin;
  readonly #states: States;
  readonly #log: Log;
  readonly #onlooker: Onlooker | undefined;
  readonly #group: string;
  readonly #input: string;

  constructor(
    client: KafkaClient,
    admin: Admin,
    { group, topic }: Consumer,
    states: States,
    log: Log,
    onlooker?: Onlooker,
  ) {
    this.#admin = admin;
    this.#states = states;
    this.#log = log;
    this.#onlooker = onlooker;
    this.#group = client.name(group);
    this.#input = client.name(topic);
  }

  /**
   * Tries until the partition stands.
   * @param gone nobody wants it any more
   * @throws LeftOnError fatal: no other attempt would mend it
   */
  async run(
    partition: OwnedPartition,
    consumer: KafkaConsumer,
    waitMs: number,
    gone: () => boolean,
  ): Promise<void> {
    const began = performance.now();
    for (let wait = waitMs; !gone(); wait = AGAIN_MS) {
      try {
        // whoever was shut out by a new owner hears of it in the meantime, and does not shut that one out
        if (wait > 0) await setTimeout(wait);
        const standing = await this.#standing(partition, consumer, gone);
        if (standing === undefined) break;
        partition.start(standing);
        partition.seek(consumer);
        consumer.resume([{ topic: this.#input, partitions: [partition.id] }]);
        this.#tell(partition, standing, (performance.now() - began) / 1_000);
        return;
      } catch (error) {
        const fault = faultOf(error, `${this.#input} partition ${partition.id}`);
        if (fault.faultClass !== 'transient') throw fault;
        this.#log.warn('a partition is not taken over yet', { why: fault.message });
      }
    }
    await partition.close();
  }

  /** Says that records were deleted before they were read, markers of transactions included. */
  tellMissed({ id }: OwnedPartition, records: number): void {
    const place = { topic: this.#input, partition: id };
    this.#log.warn('readings were deleted before they were scored', { ...place, records });
  }

  /** undefined when it is gone. */
  async #standing(
    partition: OwnedPartition,
    consumer: KafkaConsumer,
    gone: () => boolean,
  ): Promise<Standing | undefined> {
    // first the fence, then the offset: nobody can move it any more
    await partition.fence();
    const offsets = await offsetsOf(this.#admin, this.#group, this.#input, partition.id);
    const states = await this.#states.read(partition.id, consumer, gone);
    if (gone()) return undefined;
    const standing = standingOf(offsets, states);
    if (standing.begunAnew) await partition.adopt(standing);
    return gone() ? undefined : standing;
  }

  #tell(partition: OwnedPartition, standing: Standing, seconds: number): void {
    const { id, next } = partition;
    const { committed, rows, begunAnew, untold } = standing;
    if (untold > 0) this.tellMissed(partition, untold);
    if (begunAnew)
      this.#log.warn('a topic was made anew, or its group forgotten: it is read from its beginning', {
        ...{ topic: this.#input, partition: id },
      });
    const foldedAgain = Math.max(0, committed - next);
    this.#onlooker?.takenOver({ seconds, states: rows.length, foldedAgain });
    this.#log.info('a partition is taken over', {
      ...{ partition: id, committed, from: next, meters: rows.length },
      seconds: Number(seconds.toFixed(3)),
    });
  }
}
