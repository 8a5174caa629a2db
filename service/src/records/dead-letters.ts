import type { LeftOnError } from '@lefton/core';
import type { Log, LogFields } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** Places that may be wrong in what was sent; whatever else it says of itself is no label. */
const REASONS = [
  ...['record', 'reading', 'schema', 'row', 'line'],
  ...['meter', 'at', 'watts', 'energy_wh', 'source', 'hour', 'kwh'],
];
const OTHER = 'other';

/** Something that was to be a reading and is none. */
export interface Dead {
  readonly fault: LeftOnError;
  /** Where it came from, for the log. */
  readonly from: LogFields;
}

/** Tells of what is no reading, in the log and as a number, whichever way it came. */
export class DeadLetters {
  readonly #log: Log;
  readonly #metric: Metrics['deadLetters'];

  constructor(log: Log, { deadLetters }: Pick<Metrics, 'deadLetters'>) {
    this.#log = log;
    this.#metric = deadLetters;
    // there from the start, so that the first ones count as a rise
    for (const reason of [...REASONS, OTHER]) deadLetters.add(0, { reason });
  }

  /** Called once they are kept as dead letters. */
  tell(all: readonly Dead[]): void {
    for (const { fault, from } of all) {
      this.#metric.add(1, { reason: REASONS.includes(fault.place) ? fault.place : OTHER });
      this.#log.warn('a record is no reading', { why: fault.message, ...from });
    }
  }
}
