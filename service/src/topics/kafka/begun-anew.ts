import { LeftOnError } from '@lefton/core';

const CODE = 'kafka_begun_anew';

/** What is thrown where a log has only records before the place that was reached in it: it was deleted and made again. */
export const begunAnew = (place: string, next: number): LeftOnError =>
  new LeftOnError({
    ...{ code: CODE, place, faultClass: 'transient' },
    expected: `records from offset ${next} on`,
    found: 'older ones only: the topic was made anew',
  });

export const isBegunAnew = (error: unknown): boolean => error instanceof LeftOnError && error.code === CODE;
