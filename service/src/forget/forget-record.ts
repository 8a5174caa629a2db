import type { NewRecord, Topic, TopicRecord } from '../ports.ts';

const HEADER = 'forget';
const EMPTY = new Uint8Array();

/** A record without a value that asks whoever reads the topic to forget the meter of its key. */
export const forgetRecord = (topic: Topic, meter: string): NewRecord => ({
  ...{ topic, key: meter, value: EMPTY },
  headers: { [HEADER]: 'meter' },
});

/** An empty value alone says nothing: it is one more thing that is no reading. */
export const asksToForget = ({ value, headers }: Pick<TopicRecord, 'value' | 'headers'>): boolean =>
  value.length === 0 && headers[HEADER] === 'meter';
