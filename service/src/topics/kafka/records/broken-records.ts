import { LeftOnError } from '@lefton/core';

/** What stands in the log of a broker and is no record: no attempt mends it, so it is fatal. */
export const brokenRecords = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'kafka_broken_records', place, expected, found, faultClass: 'fatal' });
