-- One job that reads the meters once and writes all three.

-- A meter that says nothing, or a model that nobody changes, holds nobody up for longer.
SET 'table.exec.source.idle-timeout' = '10 s';

EXECUTE STATEMENT SET
BEGIN
INSERT INTO power_score SELECT meter, `at`, watts, usual_w, high_w, score, model FROM scored_power;
INSERT INTO power_above SELECT meter, `at`, watts, usual_w, score FROM scored_power WHERE score > 1.0;
INSERT INTO power_run SELECT meter, since, `until`, (`until` - since) / 60000.0, readings, highest_score, mean_w FROM runs;
END;
