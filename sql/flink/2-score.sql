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
    DATE_FORMAT(TIMESTAMPADD(SECOND, CAST(FLOOR(r.`at` / 1000.0) AS INT), TIMESTAMP '1970-01-01 00:00:00'), 'yyyy-MM-dd HH:mm:ss'),
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

-- Runs above 1.0, of readings that are no more than ten minutes apart.
CREATE TEMPORARY VIEW runs AS
SELECT *
FROM scored_power
MATCH_RECOGNIZE (
  PARTITION BY meter
  ORDER BY event_time
  MEASURES
    FIRST(UP.`at`) AS since,
    LAST(UP.`at`) AS `until`,
    COUNT(UP.`at`) AS readings,
    MAX(UP.score) AS highest_score,
    AVG(UP.watts) AS mean_w
  ONE ROW PER MATCH
  AFTER MATCH SKIP TO LAST BACK
  PATTERN (UP+ BACK)
  DEFINE
    UP AS UP.score > 1.0 AND (LAST(UP.`at`, 1) IS NULL OR UP.`at` - LAST(UP.`at`, 1) <= 600000),
    BACK AS BACK.score IS NULL OR BACK.score <= 1.0 OR BACK.`at` - LAST(UP.`at`) > 600000
);
