import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { classpathOf } from '../kafka/classpath.ts';
import { freePort } from '../kafka/port.ts';
import { Program } from '../program.ts';

const POM = join(import.meta.dirname, 'pom.xml');
const READY_MS = 120_000;
const AGAIN_MS = 50;
const LONGEST_WHY = 2_000;

/** Parts of Java that Flink looks into, as its own start script opens them. */
const OPENED = ['lang', 'net', 'io', 'nio', 'lang.reflect', 'text', 'time', 'util', 'util.concurrent'].map(
  (name) => `--add-opens=java.base/java.${name}=ALL-UNNAMED`,
);

/** A row of a result: its columns in order, as JSON has them. */
export type Row = readonly unknown[];

interface Answer {
  readonly sessionHandle?: string;
  readonly operationHandle?: string;
  readonly resultType?: 'NOT_READY' | 'PAYLOAD' | 'EOS';
  readonly results?: { readonly data: readonly { readonly fields: Row }[] };
  readonly nextResultUri?: string;
  readonly errors?: readonly string[];
}

/**
 * Flink's SQL gateway with a cluster in the same process. Statements go in by HTTP; a job ends with the gateway.
 * https://nightlies.apache.org/flink/flink-docs-release-2.3/docs/sql/interfaces/sql-gateway/rest/
 */
export class Gateway {
  readonly #port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lefton-flink-'));
  readonly #program: Program;

  private constructor(port: number) {
    this.#port = port;
    const heap = ['-Xmx768m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
    const options = [...heap, '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', ...OPENED];
    const main = 'org.apache.flink.table.gateway.SqlGateway';
    const args = [...options, `-Djava.io.tmpdir=${this.#folder}`, '-cp', classpathOf(POM), main];
    this.#program = new Program('Flink', 'java', args, { FLINK_CONF_DIR: this.#folder });
  }

  /** Resolves when it takes statements. */
  static async start(): Promise<Gateway> {
    const gateway = new Gateway(await freePort());
    try {
      writeFileSync(join(gateway.#folder, 'config.yaml'), gateway.#config());
      await gateway.#program.start(() => gateway.#answers(), READY_MS);
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  /** A session: its tables, views and settings are its own. */
  async session(): Promise<Session> {
    const { sessionHandle = '' } = await ask(`${this.#url}/sessions`, {});
    return new Session(this.#url, sessionHandle);
  }

  async stop(): Promise<void> {
    await this.#program.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#port}/v1`;
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.#url}/info`)).ok;
    } catch {
      return false;
    }
  }

  #config(): string {
    return JSON.stringify({
      'execution.target': 'local',
      'parallelism.default': 1,
      // a session of people who look elsewhere for a day is still there
      'sql-gateway.session.idle-timeout': '0',
      'sql-gateway.endpoint.rest.address': '127.0.0.1',
      'sql-gateway.endpoint.rest.bind-address': '127.0.0.1',
      'sql-gateway.endpoint.rest.port': this.#port,
      'taskmanager.memory.network.min': '16mb',
      'taskmanager.memory.network.max': '16mb',
      'taskmanager.memory.managed.size': '64mb',
      'taskmanager.numberOfTaskSlots': 2,
    });
  }
}

/** Statements one after the other. */
export class Session {
  readonly #url: string;
  readonly #host: string;

  constructor(gateway: string, handle: string) {
    this.#url = `${gateway}/sessions/${handle}`;
    this.#host = new URL(gateway).origin;
  }

  /**
   * Runs one statement to its end; the rows that it gives.
   * @throws Error with what Flink says is wrong
   */
  async run(statement: string): Promise<Row[]> {
    const { operationHandle = '' } = await ask(`${this.#url}/statements`, { statement });
    let next = `${this.#url}/operations/${operationHandle}/result/0?rowFormat=JSON`;
    const rows: Row[] = [];
    for (;;) {
      const { resultType, results, nextResultUri } = await ask(next);
      const fresh = results?.data ?? [];
      rows.push(...fresh.map(({ fields }) => fields));
      if (resultType === 'EOS') return rows;
      if (fresh.length === 0) await setTimeout(AGAIN_MS);
      // while it is not ready the same is asked again
      if (nextResultUri !== undefined) next = this.#host + nextResultUri;
    }
  }
}

async function ask(url: string, body?: unknown): Promise<Answer> {
  const post = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
  const response = await fetch(url, body === undefined ? {} : post);
  const answer = (await response.json()) as Answer;
  if (answer.errors !== undefined) throw new Error(whyOf(answer.errors));
  return answer;
}

/** What is wrong, without the places in Flink where it was noticed. */
function whyOf(errors: readonly string[]): string {
  const causes = errors
    .flatMap((error) => error.split('\n'))
    .filter((line) => line !== '' && !/^\s*(?:at |\.\.\. \d)/.test(line));
  const deepest = causes.findLastIndex((line) => line.startsWith('Caused by: '));
  return causes.slice(Math.max(deepest, 0)).join('\n').slice(0, LONGEST_WHY);
}
