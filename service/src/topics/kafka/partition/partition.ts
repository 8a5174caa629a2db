import type { Consumer as KafkaConsumer, EachBatchPayload } from 'kafkajs';
import type { Consumer, Outcome, Projection } from '../../../ports.ts';
import { BegunAnew } from '../begun-anew.ts';
import type { KafkaClient } from '../client.ts';
import { Checkpoint } from './checkpoint.ts';
import { Committer } from './committer.ts';
import { FetchPlace } from '../fetch-place.ts';
import { foldAll } from '../records/fold-all.ts';
import type { Owner } from '../group/owner.ts';
import type { KafkaRecord } from '../records/record.ts';
import { Records } from '../records/records.ts';
import type { Standing } from '../group/standing.ts';
import { Texts } from '../records/texts.ts';
import { Uncommitted } from './uncommitted.ts';

/**
 * One partition of the input that this process has: folds what is read and commits what comes of it, the offset and
 * now and then the states in one transaction. The transactional id belongs to the partition, so whoever takes it over
 * shuts out everybody who had it before; nothing else is needed for a record to count once.
 */
export class OwnedPartition {
  readonly id: number;
  ready = false;
  closed = false;
  /** Names of the meters that are in it. */
  readonly meters = new Set<string>();
  readonly fetch = new FetchPlace();
  readonly #consumer: Consumer;
  /** With the prefix. */
  readonly #input: string;
  readonly #projection: Projection;
  readonly #committer: Committer;
  #standing = 0;
  #next = 0;
  #committed = 0;
  /** Per meter, what its row holds already. */
  #folded = new Map<string, number>();
  readonly #checkpoint: Checkpoint;
  /** Of the keys. */
  readonly #texts = new Texts();
  #turn: Promise<unknown> = Promise.resolve();
  readonly #uncommitted: Uncommitted;
  readonly #owner: Owner;
  #failures = 0;

  constructor(id: number, client: KafkaClient, consumer: Consumer, projection: Projection, owner: Owner) {
    this.#owner = owner;
    this.id = id;
    this.#input = client.name(consumer.topic);
    this.#committer = new Committer(id, client, consumer);
    this.#checkpoint = new Checkpoint(client.settings);
    this.#uncommitted = new Uncommitted(client.settings.quietMs);
    this.#consumer = consumer;
    this.#projection = projection;
  }

  /** The next offset to fold. */
  get next(): number {
    return this.#next;
  }

  /** Its states are not yet what they were when it was assigned: they are read, or readings are folded again. */
  get unfinished(): boolean {
    return !this.ready || this.stuck || Math.max(this.#next, this.fetch.next) < this.#committed;
  }

  /** Nothing commits, however often it is tried: one failure may be of a commit that took place. */
  get stuck(): boolean {
    return this.#failures > 1;
  }

  /** Has it read on from what is folded. */
  seek(reader: KafkaConsumer): void {
    this.fetch.seek(this.#next);
    reader.seek({ topic: this.#input, partition: this.id, offset: String(this.#next) });
  }

  /** Offset up to which everything has been told, markers of transactions included. */
  get committed(): number {
    return this.#committed;
  }

  /** Shuts out whoever had the partition, and waits for what that one had begun to commit. */
  async fence(): Promise<void> {
    await this.#committer.fence();
  }

  /** Writes the states under the offsets of a log that was begun anew. */
  async adopt({ rows, first }: Standing): Promise<void> {
    await this.#committer.commit([], rows, { next: first, checkpoint: first, told: first, due: true });
  }

  /** Stands as it was when the rows were written. */
  start({ committed, first, rows, checkpoint }: Standing): void {
    this.#consumer.restore([...this.meters, ...rows.map(({ meter }) => meter)], rows);
    this.meters.clear();
    this.#folded.clear();
    this.#uncommitted.take();
    for (const row of rows) {
      this.meters.add(row.meter);
      this.#folded.set(row.meter, row.next);
    }
    this.#next = this.#checkpoint.begin(checkpoint, first, committed);
    // what did not seem to commit has
    if (committed > this.#committed) this.#failures = 0;
    this.#committed = committed;
    this.#standing++;
    this.ready = true;
  }

  /**
   * Folds what was fetched and commits.
   * @param folded called when the batch is needed no more
   */
  async take(batch: EachBatchPayload['batch'], folded: () => void): Promise<void> {
    const jump = this.fetch.arrive(batch);
    if (jump > 0) this.#owner.missed(this, jump);
    await this.#inTurn(async () => {
      if (jump < 0) throw new BegunAnew(this.#input, this.id, this.#next);
      const records = new Records(batch.messages, this.#next, this.id, this.#texts);
      // what was committed before is folded for the state alone
      await this.#fold(() => records.take(this.#consumer.batch, this.#committed, this.#folded), false);
      await this.#fold(() => records.take(this.#consumer.batch), true);
      if (!this.ready) return;
      // markers of transactions included
      this.#next = Math.max(this.#next, Number(batch.lastOffset()) + 1);
      folded();
      if (this.#next <= this.#committed) return;
      if (this.#uncommitted.waitMs <= 0) await this.#commit();
      else this.#commitLater();
    });
  }

  /** Commits what no record caused, unless the partition has been taken over anew since it was made. */
  async commit(outcomes: readonly Outcome[], meters: ReadonlySet<string>): Promise<void> {
    const standing = this.#standing;
    await this.#inTurn(async () => {
      if (standing !== this.#standing) return;
      this.#uncommitted.add(...outcomes);
      await this.#commit(meters);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.ready = false;
    this.#uncommitted.hold();
    await this.#turn.catch(() => undefined);
    await this.#committer.close();
  }

  #fold(next: () => readonly KafkaRecord[], isNew: boolean): Promise<void> {
    const note = (outcome: Outcome): void => {
      for (const name of this.#consumer.newcomers()) this.meters.add(name);
      if (isNew) this.#uncommitted.add(outcome);
    };
    return foldAll(this.#consumer, next, () => this.ready, note);
  }

  #commitLater(): void {
    this.#uncommitted.later(() => {
      this.#inTurn(async () => {
        if (!this.#uncommitted.isEmpty) await this.#commit();
      }).catch((error: unknown) => {
        this.#owner.failed(this, error);
      });
    });
  }

  /** @param meters whose states go along; undefined: all that changed, when it is time */
  async #commit(meters?: ReadonlySet<string>): Promise<void> {
    const outcomes = this.#uncommitted.take();
    const due = meters === undefined && this.#checkpoint.isDue(this.#next);
    const saved = due ? this.meters : meters;
    const rows = saved === undefined ? [] : this.#consumer.save(saved);
    const checkpoint = due ? this.#next : this.#checkpoint.offset;
    // never back to what has been told, also while that is folded again
    const told = Math.max(this.#next, this.#committed);
    await this.#committer.commit(outcomes, rows, { next: this.#next, checkpoint, told, due });
    this.#committed = told;
    this.#failures = 0;
    this.#uncommitted.committed();
    if (due) this.#checkpoint.written(checkpoint);
    for (const name of outcomes.flatMap(({ forgotten = [] }) => forgotten)) this.#folded.delete(name);
    try {
      for (const { changes } of outcomes) this.#projection.apply(changes, rows);
    } finally {
      // it has committed, whatever becomes of what is kept here
      for (const outcome of outcomes) outcome.committed?.();
      this.#owner.committed(this);
    }
  }

  /** One after the other: a producer has one transaction at a time, and a fold belongs to its commit. */
  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn
      .catch(() => undefined)
      .then(async () => {
        // given up, or what was folded before did not commit: nothing stands on that
        if (!this.ready) return;
        try {
          await work();
        } catch (error) {
          this.ready = false;
          this.#failures++;
          throw error;
        }
      });
    this.#turn = mine;
    await mine;
  }
}
