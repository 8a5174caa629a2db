import type { Admin } from 'kafkajs';
import type { Log } from '../../../telemetry/log.ts';

/** Whether all partitions of the input are somebody's: there must be as many of the states beside them. */
export class PartitionCounts {
  readonly #admin: Admin;
  readonly #input: string;
  readonly #states: string;
  readonly #log: Log;
  #unshared: string | undefined;

  /** @param input with the prefix, as `states` */
  constructor(admin: Admin, input: string, states: string, log: Log) {
    this.#admin = admin;
    this.#input = input;
    this.#states = states;
    this.#log = log;
  }

  /** Why some partitions are nobody's, when it was looked at last; undefined where all are shared. */
  get unshared(): string | undefined {
    return this.#unshared;
  }

  async look(): Promise<void> {
    const names = [this.#input, this.#states];
    try {
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: names });
      const [read = 0, kept = 0] = names.map(
        (topic) => topics.find(({ name }) => name === topic)?.partitions.length,
      );
      this.#unshared = read <= kept ? undefined : this.#why(read, kept);
    } catch {
      // whoever reads meets the same fault, and says it
      return;
    }
    if (this.#unshared !== undefined) this.#log.error('readings are not scored', { why: this.#unshared });
  }

  #why(read: number, kept: number): string {
    return `only ${kept} of the ${read} partitions of ${this.#input} are scored, as ${this.#states} has no more: stop all processes and give it as many`;
  }
}
