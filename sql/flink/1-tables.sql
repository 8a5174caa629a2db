-- The topics as tables. Replace broker:9092 and registry:8080 by your own; `npm run flink` does it from the settings.

-- What the meters say. `at` stays a number: an instant, whatever zone the session is in.
CREATE TABLE raw_power (
  record_key STRING,
  meter STRING,
  `at` BIGINT,
  watts DOUBLE,
  event_time AS TO_TIMESTAMP_LTZ(`at`, 3),
  -- a reading that comes later than a minute is still scored, but not counted into a run
  WATERMARK FOR event_time AS event_time - INTERVAL '1' MINUTE
) WITH (
  'connector' = 'kafka',
  'topic' = 'raw_power',
  'properties.bootstrap.servers' = 'broker:9092',
  'properties.group.id' = 'sql-raw_power',
  'properties.isolation.level' = 'read_committed',
  'scan.startup.mode' = 'earliest-offset',
  'key.format' = 'raw',
  'key.fields' = 'record_key',
  'value.fields-include' = 'EXCEPT_KEY',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://registry:8080/apis/ccompat/v7'
);

-- How the hours of a meter's week are counted. From when on is the record's timestamp: what is withdrawn has no value.
CREATE TABLE meter_zone (
  meter STRING,
  zone STRING,
  holidays ARRAY<STRING>,
  valid_from TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  WATERMARK FOR valid_from AS valid_from,
  PRIMARY KEY (meter) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'meter_zone',
  'properties.bootstrap.servers' = 'broker:9092',
  'properties.group.id' = 'sql-meter_zone',
  'properties.isolation.level' = 'read_committed',
  'key.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://registry:8080/apis/ccompat/v7'
);

-- The expected range of each hour of the week. Its key is METER,BUCKET.
CREATE TABLE power_model (
  meter_bucket STRING,
  low_w DOUBLE,
  usual_w DOUBLE,
  high_w DOUBLE,
  model STRING,
  valid_from TIMESTAMP_LTZ(3) METADATA FROM 'timestamp',
  WATERMARK FOR valid_from AS valid_from,
  PRIMARY KEY (meter_bucket) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'topic' = 'power_model',
  'properties.bootstrap.servers' = 'broker:9092',
  'properties.group.id' = 'sql-power_model',
  'properties.isolation.level' = 'read_committed',
  'key.format' = 'raw',
  'value.fields-include' = 'EXCEPT_KEY',
  'value.format' = 'avro-confluent',
  'value.avro-confluent.url' = 'http://registry:8080/apis/ccompat/v7'
);

-- Out: every reading with its score; NULL is unknown, never 0.
CREATE TABLE power_score (
  meter STRING,
  `at` BIGINT,
  watts DOUBLE,
  usual_w DOUBLE,
  high_w DOUBLE,
  score DOUBLE,
  model STRING
) WITH (
  'connector' = 'kafka',
  'topic' = 'power_score',
  'properties.bootstrap.servers' = 'broker:9092',
  'key.format' = 'raw',
  'key.fields' = 'meter',
  'value.format' = 'json'
);

-- Out: the readings above 1.0.
CREATE TABLE power_above (
  meter STRING,
  `at` BIGINT,
  watts DOUBLE,
  usual_w DOUBLE,
  score DOUBLE
) WITH (
  'connector' = 'kafka',
  'topic' = 'power_above',
  'properties.bootstrap.servers' = 'broker:9092',
  'key.format' = 'raw',
  'key.fields' = 'meter',
  'value.format' = 'json'
);

-- Out: how long a meter stayed above 1.0, once it is over.
CREATE TABLE power_run (
  meter STRING,
  since BIGINT,
  `until` BIGINT,
  minutes DOUBLE,
  readings BIGINT,
  highest_score DOUBLE,
  mean_w DOUBLE
) WITH (
  'connector' = 'kafka',
  'topic' = 'power_run',
  'properties.bootstrap.servers' = 'broker:9092',
  'key.format' = 'raw',
  'key.fields' = 'meter',
  'value.format' = 'json'
);
