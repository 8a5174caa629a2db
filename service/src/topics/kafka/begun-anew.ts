import { LeftOnError } from '@lefton/core';

/** What is thrown where a log ends before the place that was reached in it: it was deleted and made again. */
export class BegunAnew extends LeftOnError {
  readonly partition: number;

  /** @param topic with the prefix */
  constructor(topic: string, partition: number, next: number) {
    super({
      ...{ code: 'kafka_begun_anew', place: `${topic} partition ${partition}`, faultClass: 'transient' },
      expected: `records from offset ${next} on`,
      found: 'older ones only: the topic was made anew',
    });
    this.partition = partition;
  }
}
