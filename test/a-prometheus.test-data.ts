import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aFolder, until } from '../service/src/a-service.test-data.ts';

/** Why tests with Prometheus are skipped here; false where they run. */
export const withoutPrometheus =
  process.env.REQUIRE_KAFKA === undefined && spawnSync('prometheus', ['--version']).status !== 0
    ? 'Prometheus asks the dashboard: apt-get install prometheus'
    : false;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A series, or a number, that an expression gives now. */
type Sample = { readonly metric: Readonly<Record<string, string>> } | number | string;

/** A real Prometheus that scrapes services twice a second, as job `lefton`; ends with the test. */
export class Prometheus {
  readonly #url: string;

  private constructor(url: string) {
    this.#url = url;
  }

  static async start(t: TestContext, urls: readonly string[]): Promise<Prometheus> {
    const folder = aFolder(t);
    const port = await freePort();
    const config = {
      global: { scrape_interval: '500ms', scrape_timeout: '500ms' },
      scrape_configs: [
        { job_name: 'lefton', static_configs: [{ targets: urls.map((url) => new URL(url).host) }] },
      ],
    };
    // JSON is YAML as well
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(config));
    const args = [
      `--config.file=${join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const running = spawn('prometheus', args, { stdio: 'ignore' });
    const ended = once(running, 'exit');
    t.after(async () => {
      running.kill('SIGKILL');
      await ended;
    });
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`);
    await until('Prometheus is ready', () =>
      fetch(`${prometheus.#url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    return prometheus;
  }

  /**
   * What an expression gives now.
   * @throws Error with what Prometheus says against it
   */
  async ask(query: string): Promise<readonly Sample[]> {
    const answer = await fetch(`${this.#url}/api/v1/query?${new URLSearchParams({ query }).toString()}`);
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: readonly Sample[] };
    };
    if (status !== 'success' || data === undefined) throw new Error(`${query}: ${error ?? status}`);
    return data.result;
  }
}
