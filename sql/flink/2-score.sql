-- From readings to scores: which hour of the week it is at home, what is expected then, and where the power stands.

-- With the zone that was valid at the time. CONVERT_TZ goes from UTC, where no hour comes twice, to the clock at home.
CREATE TEMPORARY VIEW local_power AS
SELECT
  r.meter,
  r.`at`,
  r.watts,
  r.event_time,
  z.holidays,
  CONVERT_TZ(
    DATE_FORMAT(TIMESTAMPADD(MINUTE, CAST(r.`at` / 60000 AS INT), TIMESTAMP '1970-01-01 00:00:00'), 'yyyy-MM-dd HH:mm:ss'),
    'UTC',
    z.zone
  ) AS local_time
FROM raw_power AS r
LEFT JOIN meter_zone FOR SYSTEM_TIME AS OF r.event_time AS z ON r.meter = z.meter
-- as the service: a record is of the meter that is its key, and power is a number
WHERE r.record_key = r.meter AND r.watts BETWEEN -1E308 AND 1E308;

-- weekday (0 = Monday) * 24 + hour; a holiday is a Sunday.
CREATE TEMPORARY VIEW bucket_power AS
SELECT
  meter,
  `at`,
  watts,
  event_time,
  meter || ',' || CAST(
    24 * CASE
      WHEN ARRAY_CONTAINS(holidays, SUBSTRING(local_time, 1, 10)) THEN 6
      ELSE MOD(DAYOFWEEK(CAST(SUBSTRING(local_time, 1, 10) AS DATE)) + 5, 7)
    END + CAST(SUBSTRING(local_time, 12, 2) AS INT) AS STRING
  ) AS meter_bucket
FROM local_power;

-- 0 = usual low, 1 = edge of normal.
CREATE TEMPORARY VIEW scored_power AS
SELECT
  b.meter,
  b.`at`,
  b.watts,
  m.usual_w,
  m.high_w,
  (b.watts - m.low_w) / (m.high_w - m.low_w) AS score,
  m.model,
  b.event_time
FROM bucket_power AS b
LEFT JOIN power_model FOR SYSTEM_TIME AS OF b.event_time AS m ON b.meter_bucket = m.meter_bucket;

-- How many readings were not above 1.0 so far: the same number for all of one run, and another for the next.
CREATE TEMPORARY VIEW numbered_power AS
SELECT
  meter,
  `at`,
  watts,
  score,
  event_time,
  COUNT(CASE WHEN score > 1.0 THEN CAST(NULL AS INT) ELSE 1 END) OVER (
    PARTITION BY meter ORDER BY event_time ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
  ) AS not_above
FROM scored_power;

CREATE TEMPORARY VIEW above_power AS
SELECT
  meter,
  meter || ',' || CAST(not_above AS STRING) AS stretch,
  `at`,
  watts,
  score,
  event_time
FROM numbered_power
WHERE score > 1.0;

-- Runs above 1.0, of readings that are no more than ten minutes apart.
CREATE TEMPORARY VIEW runs AS
SELECT
  MIN(meter) AS meter,
  MIN(`at`) AS since,
  MAX(`at`) AS `until`,
  COUNT(*) AS readings,
  MAX(score) AS highest_score,
  AVG(watts) AS mean_w
FROM TABLE(
  SESSION(TABLE above_power PARTITION BY stretch, DESCRIPTOR(event_time), INTERVAL '10' MINUTE)
)
GROUP BY stretch, window_start, window_end;
