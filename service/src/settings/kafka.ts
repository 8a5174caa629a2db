import type { z } from 'zod';
import { certificatesIn } from './certificates.ts';
import { SettingsError } from './error.ts';
import type { kafkaFields } from './groups/kafka.ts';
import type { KafkaSettings } from '../topics/kafka/settings.ts';

/** The keys that say how to reach Kafka. */
export type KafkaFields = z.infer<z.ZodObject<typeof kafkaFields>>;

/** What is wrong with the keys together, as pairs of key and message. */
export function* kafkaProblems(settings: KafkaFields): Generator<[keyof KafkaFields, string]> {
  const { kafka_brokers, kafka_username, kafka_password, kafka_cert, kafka_key, kafka_mechanism } = settings;
  if (
    kafka_brokers !== null &&
    !kafka_brokers.every((broker) => /^[^\s:]+:\d+$|^\[[\da-f:]+\]:\d+$/i.test(broker))
  )
    yield ['kafka_brokers', 'expected host:port, several by comma'];
  if (settings.publish_models && (kafka_brokers === null || settings.schema_registry_url === null))
    yield ['publish_models', 'is for streaming SQL on Kafka: needs kafka_brokers and schema_registry_url'];
  if ((kafka_username === null) !== (kafka_password === null))
    yield ['kafka_username', 'needs kafka_password, and the other way round'];
  if ((kafka_cert === null) !== (kafka_key === null))
    yield ['kafka_cert', 'needs kafka_key, and the other way round'];
  if (kafka_mechanism === 'plain' && kafka_username !== null && !encrypted(settings))
    yield ['kafka_mechanism', 'plain sends the password as it is: only with kafka_tls'];
}

const encrypted = ({ kafka_tls, kafka_ca, kafka_cert }: KafkaFields): boolean =>
  kafka_tls || kafka_ca !== null || kafka_cert !== null;

/**
 * How to reach Kafka; undefined for the embedded transport.
 * @throws SettingsError for a certificate or key that cannot be read
 */
export function kafkaSettings(settings: KafkaFields): KafkaSettings | undefined {
  const { kafka_brokers, kafka_username, kafka_password, kafka_mechanism } = settings;
  if (kafka_brokers === null) return undefined;
  return {
    brokers: kafka_brokers,
    prefix: settings.kafka_prefix,
    sessionMs: settings.kafka_session_s * 1000,
    checkpointMs: settings.kafka_checkpoint_s * 1000,
    checkpointReadings: settings.kafka_checkpoint_readings,
    tls: encrypted(settings)
      ? { ca: pem(settings, 'kafka_ca'), cert: pem(settings, 'kafka_cert'), key: pem(settings, 'kafka_key') }
      : null,
    sasl:
      kafka_username === null || kafka_password === null
        ? null
        : { mechanism: kafka_mechanism, username: kafka_username, password: kafka_password },
  };
}

/**
 * The same for what cannot do without.
 * @throws SettingsError
 */
export function neededKafkaSettings(settings: KafkaFields): KafkaSettings {
  const needed = kafkaSettings(settings);
  if (needed !== undefined) return needed;
  throw new SettingsError(['kafka_brokers: expected LEFTON_KAFKA_BROKERS or --kafka-brokers, found nothing']);
}

function pem(settings: KafkaFields, key: 'kafka_ca' | 'kafka_cert' | 'kafka_key'): string | null {
  const file = settings[key];
  return file === null ? null : certificatesIn(key, file);
}
