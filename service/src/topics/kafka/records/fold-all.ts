import type { Consumer, Outcome } from '../../../ports.ts';
import type { KafkaRecord } from './record.ts';

/**
 * Folds records until there are none, a few at a time: what lives long enough to be moved by the collector costs more
 * than the fold.
 * @param goesOn asked after each wait
 * @param note called at once after each fold
 */
export async function foldAll(
  consumer: Consumer,
  next: () => readonly KafkaRecord[],
  goesOn: () => boolean,
  note: (outcome: Outcome) => void,
): Promise<void> {
  for (let records = next(); records.length > 0; records = next()) {
    const asked = consumer.prepare(records);
    if (asked !== undefined) await asked;
    if (!goesOn()) return;
    note(consumer.fold(records));
  }
}
