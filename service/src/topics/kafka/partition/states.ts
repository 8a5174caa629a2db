import type { Admin, Consumer, KafkaMessage } from 'kafkajs';
import { setTimeout } from 'node:timers/promises';
import type { KafkaClient } from '../client.ts';
import { STATE_TOPIC } from '../admin/plan.ts';
import { Records } from '../records/records.ts';
import { checkpointOf, stateRow } from './state-record.ts';
import type { StateRow } from './state-record.ts';
import { Texts } from '../records/texts.ts';

const LOOK_MS = 1_000;

/** What the log has of a partition. */
export interface StatesRead {
  /** The newest row of each meter. */
  readonly rows: readonly StateRow[];
  /** The newest checkpoint; 0 where none was written. */
  readonly checkpoint: number;
}

const NONE: StatesRead = { rows: [], checkpoint: 0 };

/** The rows of a partition that are being read. */
interface Reading {
  readonly rows: Map<string, StateRow>;
  checkpoint: number;
  readonly end: number;
  readonly done: () => void;
}

/**
 * The states of the meters in the log, read through the member that scores them: it has the same partition of both
 * topics, and only an owner needs them.
 */
export class States {
  /** With the prefix. */
  readonly topic: string;
  readonly #admin: Admin;
  /** Of the keys. */
  readonly #texts = new Texts();
  readonly #reading = new Map<number, Reading>();

  constructor(client: KafkaClient, admin: Admin) {
    this.topic = client.name(STATE_TOPIC);
    this.#admin = admin;
  }

  /** The states of a partition; what is there so far when `gone` says that nobody wants it. */
  async read(id: number, consumer: Consumer, gone: () => boolean): Promise<StatesRead> {
    const { topic } = this;
    const ends = await this.#admin.fetchTopicOffsets(topic);
    const { low = '0', high = '0' } = ends.find(({ partition }) => partition === id) ?? {};
    if (Number(low) >= Number(high) || gone()) return NONE;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const rows = new Map<string, StateRow>();
    const reading: Reading = {
      rows,
      checkpoint: 0,
      end: Number(high),
      done: () => {
        resolve(true);
      },
    };
    this.#reading.set(id, reading);
    consumer.seek({ topic, partition: id, offset: low });
    consumer.resume([{ topic, partitions: [id] }]);
    while (!gone()) if (await Promise.race([promise, setTimeout(LOOK_MS, false)])) break;
    if (this.#reading.get(id) === reading) this.#reading.delete(id);
    if (!gone()) consumer.pause([{ topic, partitions: [id] }]);
    return { rows: [...rows.values()], checkpoint: reading.checkpoint };
  }

  take(id: number, messages: readonly KafkaMessage[]): void {
    const reading = this.#reading.get(id);
    if (reading === undefined) return;
    for (const record of new Records(messages, 0, id, this.#texts).take(Infinity)) {
      const row = stateRow(record);
      // the last one that was written, which is no larger where the log of the input was begun anew
      reading.checkpoint = row?.checkpoint ?? checkpointOf(record) ?? reading.checkpoint;
      // somebody asked to forget it
      if (record.isEmpty) reading.rows.delete(record.key);
      if (row !== undefined) reading.rows.set(row.meter, row);
    }
  }

  /** Everything before `next` has been read. */
  reached(id: number, next: number): void {
    const reading = this.#reading.get(id);
    if (reading !== undefined && next >= reading.end) reading.done();
  }
}
