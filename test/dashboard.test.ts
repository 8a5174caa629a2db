import { MINUTE } from '@lefton/core';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { aFolder, aService, until } from '../service/src/a-service.test-data.ts';
import type { RunningService } from '../service/src/a-service.test-data.ts';
import { modelWith } from '../service/src/fleet/a-store.test-data.ts';
import { ModelWriter } from '../service/src/fleet/model-writer.ts';
import { freshTopics, withoutKafka } from '../service/src/topics/kafka/a-kafka.test-data.ts';
import { KafkaTopics } from '../service/src/topics/kafka/kafka.ts';
import { Prometheus, withoutPrometheus } from './a-prometheus.test-data.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const PATIENCE_S = 120;

interface Target {
  readonly expr: string;
  readonly legendFormat?: string;
}
const { panels, templating } = JSON.parse(readFileSync(join(root, 'ops/grafana/lefton.json'), 'utf8')) as {
  panels: readonly { readonly title: string; readonly targets?: readonly Target[] }[];
  templating: { list: readonly { readonly query: string | { readonly query: string } }[] };
};

/** As Grafana asks: of all processes, over a few scrapes. */
const asked = (expr: string): string =>
  expr.replaceAll('$instance', '.*').replaceAll('$__rate_interval', '30s');

/** Minutes until now, in which something was left on for more than an hour, and is. */
async function post({ url }: RunningService, meter: string): Promise<void> {
  const now = Math.floor(Date.now() / MINUTE) * MINUTE;
  const rows = Array.from({ length: 300 }, (_, minute) => {
    const at = new Date(now - (300 - minute) * MINUTE).toISOString();
    return `${at},${(minute >= 100 && minute < 180) || minute > 220 ? 3000 : 90},${meter}`;
  });
  const headers = { 'content-type': 'text/csv' };
  const answer = await fetch(`${url}/api/readings`, { method: 'POST', headers, body: rows.join('\n') });
  assert.equal(answer.status, 200);
}

/** A home whose meter is heard, with a model that was fitted. */
async function aHome(t: TestContext): Promise<RunningService> {
  const device = createServer((_request, response) => response.end('{"total_act_power":321.5}'));
  device.listen(0, '127.0.0.1');
  await once(device, 'listening');
  t.after(() => device.close());
  const pollUrl = `http://127.0.0.1:${(device.address() as AddressInfo).port}/rpc/EM.GetStatus?id=0`;
  return aService(t, { model: join(root, 'models'), pollUrl });
}

/** A home in which something was left on, with a channel that nobody answers. */
async function aTroubledHome(t: TestContext): Promise<RunningService> {
  const service = await aService(t, { webhookUrl: 'http://127.0.0.1:9/' });
  await post(service, 'home');
  return service;
}

/** A process of a fleet on Kafka: homes with models of their own, of a cohort, and without any; and what is no reading. */
async function aFleet(t: TestContext): Promise<RunningService> {
  const settings = await freshTopics(2);
  const { brokers, prefix } = settings;
  const modelStore = join(aFolder(t), 'fleet.db');
  const store = new ModelWriter(modelStore);
  store.write(() => {
    store.put('meter', 'home', 1, modelWith(500));
    store.put('cohort', 'flats', 1, modelWith(500));
    store.assign([['barn', 'flats']]);
  });
  store.close();
  const kafka = { kafkaBrokers: brokers.join(','), kafkaPrefix: prefix, kafkaSessionS: 1 };
  const service = await aService(t, { model: undefined, modelStore, ...kafka });
  await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
  for (const meter of ['home', 'barn', 'stray']) await post(service, meter);
  const topics = new KafkaTopics(settings, { apply: () => undefined }, service.log);
  await topics.produce([{ topic: 'raw_power', key: 'home', value: Buffer.from('no reading') }]);
  await topics.close();
  return service;
}

describe('the dashboard', { skip: withoutPrometheus || (withoutKafka() ?? false) }, () => {
  it('has data in each expression, of services that are scraped by a real Prometheus', async (t) => {
    const services = await Promise.all([aHome(t), aTroubledHome(t), aFleet(t)]);
    const prometheus = await Prometheus.start(
      t,
      services.map(({ url }) => url),
    );
    const targets = panels.flatMap(({ title, targets = [] }) =>
      targets.map((target) => ({ title, ...target })),
    );
    assert.ok(targets.length > 40);
    const empty = new Set(targets);
    const look = async (): Promise<boolean> => {
      for (const target of empty) {
        const samples = await prometheus.ask(asked(target.expr));
        if (samples.length === 0) continue;
        empty.delete(target);
        // a legend that names a label no series has would show nothing
        const labels = [...(target.legendFormat ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(
          ([, label = '']) => label,
        );
        for (const label of labels)
          assert.ok(
            samples.every((sample) => typeof sample === 'object' && label in sample.metric),
            `${target.title}: {{${label}}}`,
          );
      }
      return empty.size === 0;
    };
    await until('each has data', look, PATIENCE_S).catch((error: unknown) => {
      const without = [...empty].map(({ title, expr }) => `${title}: ${expr}`).join('\n');
      throw new Error(`without data:\n${without}`, { cause: error });
    });
  });

  it('lets one choose among the processes that there are', () => {
    const queries = templating.list.map(({ query }) => (typeof query === 'string' ? query : query.query));
    assert.deepEqual(queries, ['prometheus', 'label_values(lefton_ready, instance)']);
  });
});
