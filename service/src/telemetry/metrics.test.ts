import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import { aService, minutesCsv, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import { Histogram, Metric } from './metric.ts';
import { Metrics } from './metrics.ts';
import { freshTopics, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';

const skip =
  process.env.REQUIRE_KAFKA === undefined && spawnSync('promtool', ['--version']).status !== 0
    ? 'promtool checks metrics: apt-get install prometheus'
    : false;

/** Fails with what promtool has to say against a text. */
function check(text: string): void {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
  });
  assert.equal(stdout + stderr, '', text);
  assert.equal(status, 0);
}

const metricsOf = async ({ url }: RunningService): Promise<string> => (await fetch(`${url}/metrics`)).text();

async function post({ url }: RunningService, body: string): Promise<void> {
  const headers = { 'content-type': 'text/csv' };
  assert.equal((await fetch(`${url}/api/readings`, { method: 'POST', headers, body })).status, 200);
}

describe('a histogram', () => {
  it('counts what was at most as long as each bound, and what was longer', () => {
    const histogram = new Histogram('x_seconds', 'Help.', [0.1, 1]);
    histogram.observe(0.1);
    histogram.observe(0.5, 3);
    histogram.observe(60);
    assert.equal(
      histogram.render(),
      '# HELP x_seconds Help.\n# TYPE x_seconds histogram\n' +
        'x_seconds_bucket{le="0.1"} 1\nx_seconds_bucket{le="1"} 4\nx_seconds_bucket{le="+Inf"} 5\n' +
        'x_seconds_sum 61.6\nx_seconds_count 5\n',
    );
  });
});

describe('the metrics', { skip }, () => {
  it('are as promtool wants them, each with a value', () => {
    const metrics = new Metrics();
    for (const family of metrics.families) {
      if (family instanceof Metric) family.set(1, { label: 'a "b" \\ c\n' });
      else assert.ok(family instanceof Histogram);
    }
    check(metrics.render());
  });

  it('are as promtool wants them of a service that has scored, told', async (t) => {
    const service = await aService(t);
    await post(
      service,
      minutesCsv(480, (minute) => minute >= 120 && minute < 200),
    );
    await until('it is told', () => service.printed.some((line) => line.includes('Back to usual')));
    await until('it is noted as told', async () => /outcome="sent"} 3$/m.test(await metricsOf(service)));
    const text = await metricsOf(service);
    check(text);
    for (const line of [
      'lefton_ready 1',
      'lefton_scoring_latency_seconds_count 480',
      'lefton_delivery_attempts_total{channel="console",outcome="failed"} 0',
    ])
      assert.ok(text.includes(`${line}\n`), line);
    assert.match(text, /^lefton_database_bytes [1-9]\d+$/m);
    assert.doesNotMatch(text, /^lefton_outbox_oldest_alert_seconds\{/m);
  });

  it('tell of partitions and takeovers on Kafka', { skip: withoutKafka() ?? false }, async (t) => {
    const { brokers, prefix } = await freshTopics(2);
    const service = await aService(t, {
      kafkaBrokers: brokers.join(','),
      kafkaPrefix: prefix,
      kafkaSessionS: 1,
    });
    await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
    await post(service, minutesCsv(10));
    await until('all is scored', () => service.metrics.readings.get({ verdict: 'ok' }) === 10);
    const text = await metricsOf(service);
    check(text);
    for (const line of [
      'lefton_kafka_partitions 2',
      'lefton_kafka_takeover_seconds_count 2',
      'lefton_scoring_latency_seconds_count 10',
      'lefton_kafka_rebuild_seconds_count 2',
      'lefton_kafka_unfinished_takeovers 0',
      `lefton_consumer_lag_readings{topic="${prefix}raw_power",partition="0"} 0`,
      `lefton_consumer_lag_readings{topic="${prefix}raw_power",partition="1"} 0`,
    ])
      assert.ok(text.includes(`${line}\n`), line);
    assert.match(text, /^lefton_kafka_rebalances_total [1-9]/m);
  });
});
