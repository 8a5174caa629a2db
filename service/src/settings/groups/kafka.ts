import { z } from 'zod';
import { setting } from '../about.ts';
import { flagField, httpLoginField, listField, numberField, textField } from '../fields.ts';

/** How to reach Kafka; without `kafka_brokers` the embedded transport is used. */
export const kafkaFields = {
  kafka_brokers: setting(
    listField.nullable().default(null),
    'host:port by comma: on Kafka; docs/kafka.md has the other settings',
    { value: 'list', takes: '`host:port`, several by comma' },
  ),
  kafka_prefix: setting(
    z
      .string()
      .regex(/^[\w.-]{0,100}$/, 'expected letters, digits, dot, dash or underscore')
      .default(''),
    'in front of the names of topics, groups and transactional ids',
    { takes: 'letters, digits, dot, dash, underscore' },
  ),
  role: setting(
    z.enum(['all', 'score', 'notify']).default('all'),
    'on Kafka: score without telling, or notify without scoring',
    { value: 'name' },
  ),
  kafka_session_s: setting(
    numberField.pipe(z.number().min(0.5).max(300)).default(10),
    'a process not heard for so long has died; brokers take 6 and more unless told otherwise',
    { unit: 's' },
  ),
  kafka_checkpoint_s: setting(
    numberField.pipe(z.number().min(1).max(3_600)).default(60),
    'states are written after so long; as much is folded again after a kill',
    { unit: 's' },
  ),
  kafka_checkpoint_readings: setting(
    numberField.pipe(z.int().min(1_000)).default(500_000),
    'states are written after so many readings of a partition as well: fewer are ever folded again',
    { unit: 'readings' },
  ),
  kafka_tls: setting(flagField, 'encrypt; also on with kafka_ca or kafka_cert'),
  kafka_ca: setting(textField, 'PEM file of the authority, where it is your own', { value: 'file' }),
  kafka_cert: setting(textField, 'PEM file of a client certificate; with kafka_key', { value: 'file' }),
  kafka_key: setting(textField, 'PEM file of the key of kafka_cert', { value: 'file' }),
  kafka_mechanism: setting(
    z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).default('scram-sha-512'),
    'how the login is proven; plain with TLS only',
  ),
  kafka_username: setting(textField, 'SASL login; with kafka_password'),
  kafka_password: setting(textField, 'password of kafka_username', { secret: true }),
  schema_registry_url: setting(
    httpLoginField.nullable().default(null),
    'schema registry with its path: http://127.0.0.1:8081/apis/ccompat/v7',
    {
      value: 'url',
      takes: 'http(s) address, may have user and password in it',
    },
  ),
  schema_registry_username: setting(textField, 'basic authentication at the registry'),
  schema_registry_password: setting(textField, 'password of schema_registry_username', { secret: true }),
  publish_models: setting(
    flagField,
    'publish each model that is taken up as tables, for streaming SQL: docs/streaming-sql.md',
  ),
};
