import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Broker } from '../scripts/kafka/broker.ts';
import { freePort } from '../scripts/kafka/port.ts';
import { Registry } from '../scripts/registry/registry.ts';
import { aFolder } from '../service/src/a-service.test-data.ts';
import { wholeTopic, withoutKafka } from '../service/src/topics/kafka/a-kafka.test-data.ts';
import { composeService } from './a-compose-file.test-data.ts';
import { anImage, instructionsOf, stagesOf } from './a-dockerfile.test-data.ts';

const PATIENCE_MS = 60_000;
const TOKEN = 'made-up-for-the-tests';

/** What a backtest tells of the same days. */
const GOLDEN = readFileSync(new URL('golden/sample-house.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n');

function momentOf(event: string): unknown {
  const { type, episode, at, watts, excess_wh } = JSON.parse(event) as Record<string, unknown>;
  return { type, episode, at, watts, excess_wh };
}

/** What the containers know by names and paths of their own, as it is here. */
class Here {
  readonly folder: string;
  readonly #places: readonly (readonly [RegExp, string])[];

  constructor(folder: string, places: readonly (readonly [RegExp, string])[]) {
    this.folder = folder;
    this.#places = places;
  }

  text(text: string): string {
    return this.#places.reduce((told, [place, here]) => told.replaceAll(place, here), text);
  }

  environment(service: string): Record<string, string> {
    const given = Object.entries(composeService(service).environment ?? {});
    return Object.fromEntries(given.map(([name, value]) => [name, this.text(value)]));
  }
}

/** A process, and all that it has said. */
class Running {
  readonly ended: Promise<number | string | null>;
  readonly #kill: (signal: NodeJS.Signals) => boolean;
  readonly #what: string;
  said = '';

  constructor(t: TestContext, folder: string, args: readonly string[], env: Record<string, string>) {
    const { PATH } = process.env;
    this.#what = args.join(' ');
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: { PATH, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.said += chunk.toString()));
    this.ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
    this.#kill = (signal) => child.kill(signal);
    t.after(async () => {
      child.kill('SIGKILL');
      await this.ended;
    });
  }

  /** Waits until it has said so, and fails with all that it said where it does not. */
  async says(words: RegExp): Promise<void> {
    const deadline = performance.now() + PATIENCE_MS;
    while (!words.test(this.said)) {
      if (performance.now() > deadline)
        assert.fail(`${this.#what} did not say ${String(words)}:\n${this.said}`);
      await Promise.race([setTimeout(50), this.#gone(words)]);
    }
  }

  async endsWell(): Promise<void> {
    const late = new AbortController();
    const code = await Promise.race([this.ended, setTimeout(PATIENCE_MS, 'no end', { signal: late.signal })]);
    late.abort();
    assert.equal(code, 0, `${this.#what} ended with ${String(code)}:\n${this.said}`);
  }

  async stopsWell(): Promise<void> {
    this.#kill('SIGTERM');
    await this.endsWell();
  }

  async #gone(words: RegExp): Promise<void> {
    const code = await this.ended;
    if (!words.test(this.said)) assert.fail(`${this.#what} ended with ${String(code)}:\n${this.said}`);
  }
}

/** A broker with the settings of the demo's own. */
async function demoBroker(t: TestContext): Promise<Broker> {
  const [port, controller] = [await freePort(), await freePort()];
  const here = new Here('', [
    [/(?:broker)?:9092/g, `127.0.0.1:${port}`],
    [/(?:broker)?:9093/g, `127.0.0.1:${controller}`],
  ]);
  const given = Object.entries(here.environment('broker')).filter(
    ([name]) => name !== 'KAFKA_LOG_DIRS' && name !== 'KAFKA_HEAP_OPTS',
  );
  const properties = Object.fromEntries(
    given.map(([name, value]) => [name.replace('KAFKA_', '').replaceAll('_', '.').toLowerCase(), value]),
  );
  const broker = await Broker.start({ port, properties });
  t.after(() => broker.stop());
  return broker;
}

/** A registry with the settings of the demo's own, which keep what it holds on the broker. */
async function demoRegistry(t: TestContext, here: Here, port?: number): Promise<Registry> {
  const registry = await Registry.start(port, here.environment('registry'));
  t.after(() => registry.stop());
  return registry;
}

test(
  'the demo, as docker-compose.yml writes it',
  {
    skip: withoutKafka() ?? false,
  },
  async (t) => {
    const image = anImage(t, 'service/Dockerfile');
    const broker = await demoBroker(t);
    const onBroker = new Here('', [[/broker:9092/g, broker.address]]);
    const first = await demoRegistry(t, onBroker);
    const port = await freePort();
    const here = new Here(image, [
      [/\/var\/lib\/lefton/g, aFolder(t)],
      [/broker:9092/g, broker.address],
      [/http:\/\/registry:8080\/apis\/ccompat\/v7/g, first.url],
      [/\$\{LEFTON_TOKEN:[^}]*\}/g, TOKEN],
      [/127\.0\.0\.1:7420/g, `127.0.0.1:${port}`],
      [/--speed=3600\b/g, '--speed=360000'],
    ]);
    const [entry = '[]'] = stagesOf('service/Dockerfile').flatMap((stage) =>
      instructionsOf(stage, 'ENTRYPOINT'),
    );
    const [, ...words] = JSON.parse(entry) as string[];
    const run = (service: string, change = (word: string): string => here.text(word)): Running => {
      const args = (composeService(service).command ?? []).map(change);
      const own = service === 'service' ? { LEFTON_PORT: String(port) } : {};
      return new Running(t, here.folder, [...words, ...args], { ...here.environment(service), ...own });
    };

    const { test: [, , ...probe] = [] } = composeService('service').healthcheck ?? {};
    const args = ['-e', ...probe.slice(1).map((word) => here.text(word))];
    const started = async (): Promise<Running> => {
      const service = run('service');
      await service.says(/^Listening at /m);
      const deadline = performance.now() + PATIENCE_MS;
      while ((await new Running(t, here.folder, args, {}).ended) !== 0)
        assert.ok(performance.now() < deadline, service.said);
      return service;
    };
    const kafka = { brokers: [broker.address], prefix: '', sessionMs: 1_000, tls: null, sasl: null };
    const told = async (): Promise<unknown[]> =>
      (await wholeTopic(kafka, 'anomaly_power')).map(({ value }) => momentOf(value.toString()));

    await t.test('it makes its topics and learns its model', async () => {
      const topics = run('topics');
      await topics.endsWell();
      assert.match(topics.said, /^Made raw_power, /m);
      const fit = run('fit');
      await fit.endsWell();
      assert.match(fit.said, /^Fitted on [\d.]+ days/m);
    });

    await t.test(
      'it tells what was left on, when it is off, and in anomaly_power what a backtest tells',
      async () => {
        const service = await started();
        const capture = run('capture');
        await service.says(/home: Unusual: 2\.1 kW since 03:12, /);
        await service.says(/home: Back to usual\. It was on from 03:12 to 08:13 /);
        await capture.endsWell();
        await service.says(/home: Back to usual\. It was on from 16:06 to 20:58 /);
        await service.stopsWell();
        assert.deepEqual(await told(), GOLDEN.map(momentOf));
      },
    );

    await t.test(
      'it starts again on what it has kept, knows its schemas, and tells nothing twice',
      async () => {
        await first.stop();
        const registry = await demoRegistry(t, onBroker, first.port);
        const subjects = await fetch(`${registry.url}/subjects`);
        assert.deepEqual(await subjects.json(), ['raw_power-value']);
        for (const each of ['topics', 'fit']) await run(each).endsWell();
        const service = await started();
        await run('capture').endsWell();
        await service.stopsWell();
        assert.deepEqual(await told(), GOLDEN.map(momentOf));
      },
    );

    await t.test('its capture stops at once at the speed that it is written with', async () => {
      const capture = run('capture', (word) => (word.startsWith('--speed') ? word : here.text(word)));
      await capture.says(/"capturing"/);
      await capture.stopsWell();
    });
  },
);
