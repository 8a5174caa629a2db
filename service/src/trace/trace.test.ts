import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { aLog, aService, minutesCsv, SetClock, until } from '../a-service.test-data.ts';
import type { RunningService } from '../a-service.test-data.ts';
import type { NewRecord } from '../ports.ts';
import { freshTopics, wholeTopic, withoutKafka } from '../topics/kafka/a-kafka.test-data.ts';
import { aWebServer } from '../notify/a-web-server.test-data.ts';
import { OtlpSink } from './otlp.ts';
import type { Span } from './span.ts';
import { contextOf, traceparentOf } from './traceparent.ts';

interface OtlpSpan {
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[];
}

interface Collector {
  readonly url: string;
  readonly spans: OtlpSpan[];
  readonly bodies: string[];
}

/** A receiver of OTLP over HTTP. */
async function aCollector(t: TestContext, status = 200): Promise<Collector> {
  const spans: OtlpSpan[] = [];
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      assert.equal(request.url, '/v1/traces');
      assert.equal(request.headers['content-type'], 'application/json');
      bodies.push(body);
      const { resourceSpans } = JSON.parse(body) as {
        resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
      };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((each) => each.spans)));
      response.writeHead(status).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/traces`, spans, bodies };
}

/** Where nobody listens. */
async function aClosedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const { at } = new SetClock();
const aSpan: Span = {
  ...{ traceId: '1'.repeat(32), spanId: '2'.repeat(16), parentSpanId: undefined, fault: undefined },
  ...{ name: 'score', kind: 'consumer', begun: at, ended: at, attributes: {} },
};

async function leaveOn({ url }: RunningService): Promise<void> {
  const body = minutesCsv(480, (minute) => minute >= 120 && minute < 200);
  const headers = { 'content-type': 'text/csv' };
  assert.equal((await fetch(`${url}/api/readings`, { method: 'POST', headers, body })).status, 200);
}

const attribute = ({ attributes }: OtlpSpan, name: string): string | undefined =>
  attributes.find(({ key }) => key === name)?.value.stringValue;

/** The spans from the capture of the reading that opened an episode to its delivery, in this order. */
function chainOf(spans: readonly OtlpSpan[]): OtlpSpan[] {
  const end = spans.find((span) => span.name === 'notify' && attribute(span, 'event') === 'opened');
  const chain = end === undefined ? [] : [end];
  for (;;) {
    const parent = spans.find(({ spanId }) => spanId === chain[0]?.parentSpanId);
    if (parent === undefined) return chain;
    chain.unshift(parent);
  }
}

function checkChain(chain: readonly OtlpSpan[]): void {
  assert.deepEqual(
    chain.map(({ name, kind }) => [name, kind]),
    [
      ['capture', 4],
      ['score', 5],
      ['notify', 3],
    ],
  );
  assert.equal(new Set(chain.map(({ traceId }) => traceId)).size, 1);
  for (const { startTimeUnixNano, endTimeUnixNano } of chain)
    assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
}

describe('the header traceparent', () => {
  it('says the same after it was read', () => {
    const text = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const context = contextOf(text) ?? assert.fail();
    assert.deepEqual(context, {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      sampled: true,
    });
    assert.equal(traceparentOf(context), text);
    assert.equal(contextOf(text.replace(/01$/, '00'))?.sampled, false);
    // a later version may say more
    assert.equal(contextOf(`${text.replace(/^00/, 'cc')}-more`)?.spanId, 'b7ad6b7169203331');
  });

  it('is none where it is not as W3C wants it', () => {
    for (const text of [
      undefined,
      '',
      '00',
      'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
      '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more',
      '00-00000000000000000000000000000000-b7ad6b7169203331-01',
      '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
      '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
    ])
      assert.equal(contextOf(text), undefined, text);
  });
});

describe('a trace', () => {
  it('goes from the capture of a reading to the delivery of the alert, and names no meter', async (t) => {
    const collector = await aCollector(t);
    const service = await aService(t, { tracesUrl: collector.url });
    await leaveOn(service);
    await until('the delivery is there', () => chainOf(collector.spans).length === 3);
    checkChain(chainOf(collector.spans));
    assert.equal(attribute(chainOf(collector.spans)[2] ?? assert.fail(), 'channel'), 'console');
    assert.ok(collector.bodies.every((body) => !body.includes('home')));
  });

  it('goes through the headers of Kafka', { skip: withoutKafka() ?? false }, async (t) => {
    const collector = await aCollector(t);
    const settings = await freshTopics(2);
    const kafka = {
      kafkaBrokers: settings.brokers.join(','),
      kafkaPrefix: settings.prefix,
      kafkaSessionS: 1,
    };
    const service = await aService(t, { ...kafka, tracesUrl: collector.url });
    await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
    await leaveOn(service);
    await until('the delivery is there', () => chainOf(collector.spans).length === 3);
    const chain = chainOf(collector.spans);
    checkChain(chain);
    const [capture, score] = chain;
    const headersOf = async (topic: NewRecord['topic']): Promise<(string | undefined)[]> =>
      (await wholeTopic(settings, topic)).map(({ headers }) => contextOf(headers.traceparent)?.spanId);
    assert.ok((await headersOf('raw_power')).includes(capture?.spanId));
    assert.ok((await headersOf('anomaly_power')).includes(score?.spanId));
  });

  it('of an alert is recorded also where those of readings are not', async (t) => {
    const collector = await aCollector(t);
    const service = await aService(t, { tracesUrl: collector.url, tracesRatio: 0 });
    await leaveOn(service);
    await until('the delivery is there', () => chainOf(collector.spans).length > 0);
    assert.deepEqual(
      chainOf(collector.spans).map(({ name }) => name),
      ['score', 'notify'],
    );
    assert.ok(collector.spans.length < 10);
  });

  it('is not there while nobody asks for it: records have no headers', async (t) => {
    const settings = withoutKafka() === undefined ? await freshTopics(1) : undefined;
    if (settings === undefined) return;
    const service = await aService(t, {
      kafkaBrokers: settings.brokers.join(','),
      kafkaPrefix: settings.prefix,
    });
    await until('it is ready', async () => (await fetch(`${service.url}/readyz`)).ok);
    await leaveOn(service);
    await until('all is told', () => service.printed.some((line) => line.includes('Back to usual')));
    for (const topic of ['raw_power', 'anomaly_power'] as const)
      for (const { headers } of await wholeTopic(settings, topic)) assert.deepEqual(headers, {});
  });

  it('is dropped where the collector does not take it, and nothing waits for that', async (t) => {
    const collector = await aCollector(t, 503);
    const { log, lines } = aLog();
    const sink = new OtlpSink(collector.url, log);
    for (let i = 0; i < 10_000; i++) sink.put(aSpan);
    await sink.close();
    assert.match(lines.join(''), /traces are not taken.*the collector answered 503/);
    assert.ok(collector.spans.length < 10_000);
  });

  it('is dropped at a stop where the collector says nothing: it is not asked once more', async (t) => {
    const collector = await aWebServer(t, () => undefined);
    const { log, lines } = aLog();
    const sink = new OtlpSink(collector.url, log);
    for (let i = 0; i < 600; i++) sink.put(aSpan);
    await until('the first are on their way', () => collector.asked.length > 0);
    await sink.close();
    assert.match(lines.join(''), /traces are not taken.*no answer in time/);
    assert.equal(collector.asked.length, 1);
  });

  it('is dropped where nobody listens: the log tells the code of that, and nothing of the address', async () => {
    for (const [url, why] of [
      [`http://127.0.0.1:${await aClosedPort()}/geheim?key=geheim`, 'ECONNREFUSED'],
      ['http://geheim:geheim@127.0.0.1:1/', 'no connection'],
    ] as const) {
      const { log, lines } = aLog();
      const sink = new OtlpSink(url, log);
      sink.put(aSpan);
      await sink.close();
      assert.match(lines.join(''), new RegExp(`traces are not taken.*"why":"${why}"`));
      assert.ok(!lines.join('').includes('geheim'));
    }
  });
});
