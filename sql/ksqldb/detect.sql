-- The article's three statements, with the model as a table in place of a compiled Java function: needs no UDF.
-- NOT RUN in this repository's tests: neither ksqlDB nor its parser is on Maven Central. Written after the reference,
-- https://docs.confluent.io/platform/current/ksqldb/developer-guide/ksqldb-reference/overview.html
-- Before it: `lefton topics create --sql`, `lefton model publish`, and one reading, so that the registry knows all schemas.

SET 'auto.offset.reset' = 'earliest';
SET 'processing.guarantee' = 'exactly_once_v2';

-- 1. The raw stream. Columns come from the registry: METER, AT, WATTS, ENERGY_WH, SOURCE.
CREATE STREAM raw_power_stream (record_key VARCHAR KEY)
  WITH (KAFKA_TOPIC = 'raw_power', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'AVRO');

-- The model. Both topics have as many partitions as raw_power, and the same partitioner.
CREATE TABLE meter_zone (record_key VARCHAR PRIMARY KEY)
  WITH (KAFKA_TOPIC = 'meter_zone', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'AVRO');

CREATE TABLE power_model (record_key VARCHAR PRIMARY KEY)
  WITH (KAFKA_TOPIC = 'power_model', KEY_FORMAT = 'KAFKA', VALUE_FORMAT = 'AVRO');

-- Date and hour at home, from UTC: no local hour comes twice on the way.
CREATE STREAM power_stream_local AS
  SELECT
    r.record_key AS meter,
    r.`AT` AS measured_at,
    r.watts AS watts,
    z.holidays AS holidays,
    FORMAT_TIMESTAMP(r.`AT`, 'yyyy-MM-dd', z.zone) AS local_date,
    CAST(FORMAT_TIMESTAMP(r.`AT`, 'HH', z.zone) AS INTEGER) AS local_hour
  FROM raw_power_stream r
  JOIN meter_zone z ON r.record_key = z.record_key
  WHERE r.record_key = r.meter
  EMIT CHANGES;

-- weekday (0 = Monday; the first day of 1970 was a Thursday) * 24 + hour; a holiday is a Sunday.
CREATE STREAM power_stream_bucket AS
  SELECT
    meter,
    measured_at,
    watts,
    24 * (CASE
      WHEN ARRAY_CONTAINS(holidays, local_date) THEN 6
      ELSE (UNIX_DATE(PARSE_DATE(local_date, 'yyyy-MM-dd')) + 3) % 7
    END) + local_hour AS bucket
  FROM power_stream_local
  EMIT CHANGES;

CREATE STREAM power_stream_keyed AS
  SELECT
    meter + ',' + CAST(bucket AS VARCHAR) AS meter_bucket,
    meter,
    measured_at,
    watts
  FROM power_stream_bucket
  PARTITION BY meter + ',' + CAST(bucket AS VARCHAR)
  EMIT CHANGES;

-- 2. The rekeyed stream with the score: 0 = usual low, 1 = edge of normal.
CREATE STREAM power_stream_rekeyed AS
  SELECT
    k.meter_bucket AS meter_bucket,
    k.meter AS meter,
    k.measured_at AS measured_at,
    k.watts AS watts,
    m.usual_w AS usual_w,
    (k.watts - m.low_w) / (m.high_w - m.low_w) AS score
  FROM power_stream_keyed k
  JOIN power_model m ON k.meter_bucket = m.record_key
  EMIT CHANGES;

-- 3. The anomalies. Not into anomaly_power, which the service writes.
CREATE STREAM power_above_stream WITH (KAFKA_TOPIC = 'power_above', VALUE_FORMAT = 'JSON') AS
  SELECT
    meter,
    UNIX_TIMESTAMP(measured_at) AS `at`,
    watts AS `watts`,
    usual_w AS `usual_w`,
    score AS `score`
  FROM power_stream_rekeyed
  WHERE score > 1.0
  PARTITION BY meter
  EMIT CHANGES;
