import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { Broker } from '../../../../scripts/kafka/broker.ts';
import { aFolder, aLog, aModelFile, minutesCsv } from '../../a-service.test-data.ts';
import { ReadingCodec } from '../../avro/reading-codec.ts';
import { freshTopics, settingsFor, wholeTopic, withoutKafka } from './a-kafka.test-data.ts';
import { expectedOf, Scorer, textsByKey } from './a-scorer.test-data.ts';
import { KafkaClient } from './client.ts';
import { KafkaTopics } from './kafka.ts';
import { Membership } from './group/membership.ts';
import type { KafkaSettings } from './settings.ts';

/** Longer than a consumer lives that hears nothing, and than a service may hide that it hears nothing. */
const OUTAGE_S = Number(process.env.OUTAGE_S ?? 30);
const MEASURED_S = 5;
/** Of processor time, at most, and lines of log, while nothing can be done. */
const IDLE = { cpuS: 1, lines: 15 };
const TICKS_PER_S = 100;

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 5) + minute * 60_000).toISOString();

/** An answer: its status, and what it says. */
async function get(scorer: Scorer, path: string): Promise<{ status: number; text: string }> {
  const response = await scorer.fetch(path);
  return { status: response.status, text: await response.text() };
}

async function post(scorer: Scorer, minute: number): Promise<number> {
  const body = JSON.stringify({ at: at(minute), watts: 150, meter: 'posted' });
  const headers = { 'Content-Type': 'application/json' };
  const response = await scorer.fetch('/api/readings', { method: 'POST', headers, body });
  await response.arrayBuffer();
  return response.status;
}

/** Asks again until an answer has a status; the answer. */
async function answers(scorer: Scorer, path: string, status: number): Promise<string> {
  for (;;) {
    const answer = await get(scorer, path);
    if (answer.status === status) return answer.text;
    await setTimeout(100);
  }
}

/** Topics on a broker that was woken just now: it makes none before its controller has heard of it again. */
async function topicsOnceAwake(address: string): Promise<KafkaSettings> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await freshTopics(1, address);
    } catch (error) {
      if (attempt === 30) throw error;
      await setTimeout(1_000);
    }
  }
}

/** Seconds of processor time that a process has used. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

const skip = withoutKafka() ?? false;

describe('a broker that goes away', { skip }, () => {
  let broker: Broker;
  before(async () => {
    broker = await Broker.start();
  });
  after(() => broker.stop());

  function aScorer(t: TestContext, settings: KafkaSettings): { scorer: Scorer; file: string; model: string } {
    const folder = aFolder(t);
    const file = join(folder, 'growing.csv');
    writeFileSync(file, '');
    const model = aModelFile(folder);
    const more = ['--tail', file, '--meter', 'tailed'];
    return { scorer: new Scorer(t, settings, join(folder, 'scorer.db'), model, more), file, model };
  }

  async function scored(settings: KafkaSettings): Promise<void> {
    const topics = new KafkaTopics(settings, { apply: () => undefined }, aLog().log);
    await topics.caughtUp('scorer', 'raw_power', new AbortController().signal);
    await topics.close();
  }

  it('is waited for at the start', async (t) => {
    const settings = await freshTopics(3, broker.address);
    await broker.kill();
    const { scorer, file } = aScorer(t, settings);
    appendFileSync(file, minutesCsv(300));
    assert.match(await answers(scorer, '/readyz', 503), /"trouble":"[^"]+"/);
    assert.equal((await get(scorer, '/healthz')).status, 200);
    await scorer.says('no broker answers yet');
    assert.equal((await get(scorer, '/readyz')).status, 503);
    await broker.resume();
    await answers(scorer, '/readyz', 200);
    while ((await wholeTopic(settings, 'raw_power')).length < 300) await setTimeout(100);
    await scored(settings);
    assert.equal(await scorer.end('SIGTERM'), 0);
  });

  it('without the topics is one clear error that says what to do next', async (t) => {
    const { scorer } = aScorer(t, settingsFor(broker.address));
    assert.deepEqual(await scorer.exited, [1, null]);
    const told = scorer.logged.filter((line) => line.startsWith('lefton serve: '));
    assert.equal(told.length, 1, scorer.logged.join('\n'));
    assert.match(told[0] ?? '', /lefton topics create/);
  });

  it(`for ${OUTAGE_S} s costs no reading and repeats none, and the service says so meanwhile`, async (t) => {
    const settings = await freshTopics(3, broker.address);
    const { scorer, file, model } = aScorer(t, settings);
    // something is left on across the outage
    const rows = minutesCsv(3_000, (minute) => minute % 500 > 350).split(/(?<=\n)/);
    appendFileSync(file, rows.slice(0, 1_400).join(''));
    await answers(scorer, '/readyz', 200);
    assert.equal(await post(scorer, 0), 200);
    appendFileSync(file, rows.slice(1_400, 1_500).join(''));
    await broker.kill();
    const gone = performance.now();
    appendFileSync(file, rows.slice(1_500, 2_000).join(''));
    assert.equal(await post(scorer, 1), 503);
    assert.match(await answers(scorer, '/readyz', 503), /"trouble":"[^"]+"/);
    assert.equal((await get(scorer, '/healthz')).status, 200);

    const pid = scorer.process.pid ?? 0;
    const [cpu, lines] = [cpuOf(pid), scorer.logged.length];
    await setTimeout(MEASURED_S * 1_000);
    const used = cpuOf(pid) - cpu;
    assert.ok(used < IDLE.cpuS, `${used.toFixed(2)} s of processor time in ${MEASURED_S} s`);
    const said = scorer.logged.length - lines;
    assert.ok(
      said <= IDLE.lines,
      `${said} lines in ${MEASURED_S} s:\n${scorer.logged.slice(lines).join('\n')}`,
    );
    assert.equal((await get(scorer, '/metrics')).status, 200);
    t.diagnostic(
      `${used.toFixed(2)} s of processor time and ${said} lines of log in ${MEASURED_S} s without a broker`,
    );
    assert.equal(await post(scorer, 2), 503);
    await setTimeout(Math.max(0, OUTAGE_S * 1_000 - (performance.now() - gone)));

    await broker.resume();
    while ((await post(scorer, 3)) !== 200) await setTimeout(100);
    await answers(scorer, '/readyz', 200);
    appendFileSync(file, rows.slice(2_000).join(''));
    while ((await wholeTopic(settings, 'raw_power')).length < 3_002) await setTimeout(100);
    await scored(settings);
    assert.equal(await scorer.end('SIGTERM'), 0, scorer.logged.join('\n'));

    const raw = await wholeTopic(settings, 'raw_power');
    const tailed = raw.filter(({ key }) => key === 'tailed');
    assert.equal(tailed.length, 3_000);
    const codec = ReadingCodec.embedded();
    const instants = tailed.map(({ key, value }) => codec.decode(value, key, 0).at);
    assert.deepEqual(
      instants,
      Array.from({ length: 3_000 }, (_, minute) => Date.parse(at(minute))),
    );
    const expected = expectedOf(model, raw);
    assert.ok(expected.length > 10, `${expected.length} events`);
    assert.deepEqual(textsByKey(await wholeTopic(settings, 'anomaly_power')), textsByKey(expected));
  });

  it('does not keep the service from stopping in order, nor one that it has never answered', async (t) => {
    const settings = await freshTopics(3, broker.address);
    const { scorer, file } = aScorer(t, settings);
    await answers(scorer, '/readyz', 200);
    await broker.kill();
    appendFileSync(file, minutesCsv(300));
    const { scorer: later } = aScorer(t, settings);
    await Promise.all([later.says('no broker answers yet'), post(scorer, 1)]);
    for (const each of await Promise.all([scorer.end('SIGTERM'), later.end('SIGTERM')]))
      assert.equal(each, 0, [...scorer.logged, ...later.logged].join('\n'));
    await broker.resume();
  });

  it('and never answers holds up neither what is asked of the service nor its stop', async (t) => {
    const settings = await freshTopics(3, broker.address);
    const { scorer, file } = aScorer(t, settings);
    await answers(scorer, '/readyz', 200);
    process.kill(broker.pid ?? 0, 'SIGSTOP');
    t.after(() => process.kill(broker.pid ?? 0, 'SIGCONT'));
    appendFileSync(file, minutesCsv(300));
    const posted = post(scorer, 1);
    assert.match(await answers(scorer, '/readyz', 503), /"trouble":"[^"]+"/);
    assert.equal((await get(scorer, '/metrics')).status, 200);
    assert.equal(await posted, 503);
    assert.equal(await scorer.end('SIGTERM'), 0, scorer.logged.join('\n'));
  });

  it('leaves no consumer behind that has ended for good while the process lives', async () => {
    const settings = await topicsOnceAwake(broker.address);
    const { log, lines } = aLog();
    const client = new KafkaClient(settings, log);
    const topics = new KafkaTopics(settings, { apply: () => undefined }, log);
    await topics.produce([{ topic: 'raw_power', key: 'home', value: Buffer.from('a') }]);
    await topics.close();
    const membership = new Membership(client, client.name('crashing'), [client.name('raw_power')], log);
    const stop = new AbortController();
    let reads = 0;
    let left = 0;
    await membership.run(
      {
        joined: () => undefined,
        read: () => {
          // kafkajs ends a consumer after this, and does not begin another
          if (++reads === 1) throw new kafkajs.KafkaJSNonRetriableError('forced');
          stop.abort();
          return Promise.resolve();
        },
        reached: () => undefined,
        left: () => {
          left++;
          return Promise.resolve();
        },
      },
      1,
      stop.signal,
    );
    assert.equal(reads, 2);
    assert.equal(left, 2);
    assert.match(lines.join(''), /a consumer is made anew.*forced/);
  });
});
