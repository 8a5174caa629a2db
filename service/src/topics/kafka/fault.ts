import { LeftOnError } from '@lefton/core';
import type { FaultClass } from '@lefton/core';
import { expectedOfBrokers } from './reach.ts';

interface Meaning {
  readonly code: string;
  readonly expected: string;
  readonly faultClass: FaultClass;
}

const denied = (what: string): Meaning => ({
  code: 'kafka_denied',
  expected: `the right to ${what}; docs/kafka.md lists what the principal needs`,
  faultClass: 'fatal',
});

/** What the names that kafkajs gives to faults mean for the caller; any other is worth another attempt. */
const MEANINGS = new Map<string, Meaning>([
  [
    'KafkaJSSASLAuthenticationError',
    {
      code: 'kafka_login_refused',
      expected: 'the broker to accept kafka_username and kafka_password',
      faultClass: 'fatal',
    },
  ],
  ['TOPIC_AUTHORIZATION_FAILED', denied('read and write the topics')],
  // the answer for one topic of a transaction where another is not to be written; kafkajs tells the first answer only
  ['OPERATION_NOT_ATTEMPTED', denied('write all the topics')],
  ['GROUP_AUTHORIZATION_FAILED', denied('read the consumer group')],
  ['TRANSACTIONAL_ID_AUTHORIZATION_FAILED', denied('write the transactional ids')],
  ['CLUSTER_AUTHORIZATION_FAILED', denied('do this on the cluster')],
  [
    'UNSUPPORTED_SASL_MECHANISM',
    {
      code: 'kafka_login_refused',
      expected: 'kafka_mechanism to be one that the broker has',
      faultClass: 'fatal',
    },
  ],
  [
    'INVALID_SESSION_TIMEOUT',
    {
      code: 'kafka_session_refused',
      expected: 'kafka_session_s to be within what the brokers take: at least 6, unless they say otherwise',
      faultClass: 'fatal',
    },
  ],
  [
    'UNKNOWN_TOPIC_OR_PARTITION',
    {
      code: 'topic_missing',
      expected: 'the topics to be there; make them with `lefton topics create`',
      faultClass: 'fatal',
    },
  ],
]);

/**
 * A fault of the Kafka client as what it means for the caller.
 * @throws whatever is no fault of Kafka, as it is
 */
export function faultOf(error: unknown, place: string): LeftOnError {
  const own =
    error instanceof Error ? [...causes(error)].find((cause) => cause instanceof LeftOnError) : undefined;
  if (own !== undefined) return own;
  if (!(error instanceof Error) || !isKafkas(error)) throw error;
  for (const cause of causes(error)) {
    const meaning = MEANINGS.get(cause.name) ?? MEANINGS.get(textOf(cause, 'type') ?? '');
    if (meaning !== undefined) return new LeftOnError({ ...meaning, place, found: cause.message });
  }
  return new LeftOnError({
    code: 'kafka_unavailable',
    place,
    expected: expectedOfBrokers(error.message),
    found: error.message,
    faultClass: 'transient',
  });
}

/** The broker is still ending the transaction before this one. */
export const isConcurrent = (error: unknown): boolean =>
  error instanceof Error &&
  [...causes(error)].some((cause) => textOf(cause, 'type') === 'CONCURRENT_TRANSACTIONS');

/** kafkajs wraps: the name of the broker's answer is in the type of the innermost cause. */
function* causes(error: Error): Generator<Error> {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) yield cause;
}

/** Its own, also where it throws a plain Error, or of the sockets and name look-ups below it. */
const isKafkas = (error: Error): boolean =>
  error.name.startsWith('KafkaJS') ||
  (textOf(error, 'code')?.startsWith('E') ?? false) ||
  thrownIn(error).includes('/node_modules/kafkajs/');

/** The file where an error was made, with its line; frames of the language itself have none. */
const thrownIn = ({ stack = '' }: Error): string =>
  /\n {4}at (?:.*\()?((?:file:\/\/)?\/.*)/.exec(stack)?.[1] ?? '';

function textOf(error: Error, key: 'type' | 'code'): string | undefined {
  const value = (error as { type?: unknown; code?: unknown })[key];
  return typeof value === 'string' ? value : undefined;
}
