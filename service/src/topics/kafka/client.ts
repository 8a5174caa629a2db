import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { Admin, Consumer, ConsumerConfig, Producer, SASLOptions } from 'kafkajs';
import type { Log } from '../../telemetry/log.ts';
import { lookOnlyWhileRequestsWait } from './producing/request-queue.ts';
import type { KafkaSettings } from './settings.ts';
import { handBatchesOver } from './records/unpacking.ts';
import { Written } from './producing/written.ts';

const CONNECT_MS = 5_000;
const REQUEST_MS = 20_000;
/** Few: whoever asked hears of it within seconds and tries again with what it knows. */
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 };
/** Larger than any batch of ours, and bounded whatever a partition holds. */
const FETCH_BYTES = 16 * 1024 * 1024;
const FETCH_PARTITION_BYTES = 1024 * 1024;
/** How long the broker keeps a fetch that finds nothing. */
const FETCH_WAIT_MS = 500;
const TRANSACTION_MS = 30_000;
/** A commit that is still ending is waited for, many times a second, and nothing to tell people. */
const STILL_ENDING = 'The producer attempted to update a transaction while another concurrent operation';
/** The first wait of a producer is short: most often it is for that. */
const PRODUCER_RETRY = { ...RETRY, initialRetryTime: 5, retries: 10 };

/** Makes producers, consumers and admins with what this product needs of them. */
export class KafkaClient {
  readonly settings: KafkaSettings;
  readonly written = new Written();
  readonly #kafka: Kafka;
  /** What a broker last said where it denied something. */
  #denial: string | undefined;

  constructor(settings: KafkaSettings, log: Log) {
    this.settings = settings;
    const { brokers, tls, sasl } = settings;
    lookOnlyWhileRequestsWait();
    handBatchesOver();
    this.#kafka = new Kafka({
      clientId: 'lefton',
      brokers: [...brokers],
      connectionTimeout: CONNECT_MS,
      requestTimeout: REQUEST_MS,
      retry: RETRY,
      ...(tls === null ? {} : { ssl: given(tls) }),
      ...(sasl === null ? {} : { sasl: sasl as SASLOptions }),
      logLevel: logLevel.ERROR,
      logCreator:
        () =>
        ({ namespace, log: { message, ...more } }) => {
          const { broker, error } = more as Readonly<Record<string, string | undefined>>;
          if (error?.startsWith(STILL_ENDING) === true) return;
          if (error !== undefined && /authorization failed/i.test(error)) this.#denial = error;
          log.warn('the Kafka client reports', { namespace, what: message, broker, error });
        },
    });
  }

  /** The name on the cluster of a topic, a group or a transactional id of ours. */
  name(own: string): string {
    return this.settings.prefix + own;
  }

  admin(): Admin {
    return this.#kafka.admin();
  }

  /** Reads committed records only, and never restarts by itself: whoever made it does. */
  consumer(groupId: string, more: Partial<ConsumerConfig> = {}): Consumer {
    const { sessionMs } = this.settings;
    return this.#kafka.consumer({
      groupId,
      readUncommitted: false,
      sessionTimeout: sessionMs,
      rebalanceTimeout: Math.max(sessionMs, 30_000),
      heartbeatInterval: Math.floor(sessionMs / 4),
      maxBytes: FETCH_BYTES,
      maxBytesPerPartition: FETCH_PARTITION_BYTES,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
      ...more,
    });
  }

  /** An idempotent producer, not connected yet. */
  producer(): Producer {
    return this.#producer();
  }

  /** A connected producer: whoever had its transactional id is shut out, and what that one had begun is over. */
  async soleProducer(transactionalId: string): Promise<Producer> {
    const producer = this.#producer(transactionalId);
    try {
      await producer.connect();
      // kafkajs claims the id with the first transaction and not when it connects; an empty one does nothing else
      const transaction = await producer.transaction();
      await transaction.abort();
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw this.explained(error);
    }
  }

  /** kafkajs finds no coordinator where it may not ask for one, and only its log tells why. */
  explained(error: unknown): unknown {
    const said = this.#denial;
    const lost = error instanceof Error && error.name === 'KafkaJSGroupCoordinatorNotFound';
    if (!lost || said === undefined) return error;
    this.#denial = undefined;
    const type = /transactional/i.test(said)
      ? 'TRANSACTIONAL_ID_AUTHORIZATION_FAILED'
      : 'GROUP_AUTHORIZATION_FAILED';
    return Object.assign(new Error(said, { cause: error }), { name: 'KafkaJSProtocolError', type });
  }

  #producer(transactionalId?: string): Producer {
    return this.#kafka.producer({
      idempotent: true,
      maxInFlightRequests: 1,
      retry: PRODUCER_RETRY,
      // as the Java clients do, so that a meter stays in its partition whoever writes
      createPartitioner: Partitioners.DefaultPartitioner,
      ...(transactionalId === undefined ? {} : { transactionalId, transactionTimeout: TRANSACTION_MS }),
    });
  }
}

const given = (pem: NonNullable<KafkaSettings['tls']>): Record<string, string> =>
  Object.fromEntries(Object.entries(pem).filter((entry): entry is [string, string] => entry[1] !== null));
