import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { freePort } from '../kafka/port.ts';
import { registryJar } from './registry-app.ts';

const READY_MS = 60_000;

/** A schema registry with Confluent's API on the loopback; what it holds is gone when it stops, or as its settings say. */
export class Registry {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lefton-registry-'));
  #process: ChildProcess | undefined;
  #said = '';

  private constructor(port: number) {
    this.port = port;
  }

  /**
   * Resolves when it answers.
   * @param env settings of its own as variables: APICURIO_STORAGE_KIND
   */
  static async start(port?: number, env: Readonly<Record<string, string>> = {}): Promise<Registry> {
    const registry = new Registry(port ?? (await freePort()));
    try {
      await registry.#start(env);
    } catch (error) {
      await registry.stop();
      throw error;
    }
    return registry;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/apis/ccompat/v7`;
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.exitCode === null && child.signalCode === null) {
      const exit = once(child, 'exit');
      child.kill('SIGKILL');
      await exit;
    }
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(env: Readonly<Record<string, string>>): Promise<void> {
    const child = spawn('java', [...this.#options(), '-jar', registryJar()], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.#said = (this.#said + chunk.toString()).slice(-20_000)));
    process.once('exit', () => child.kill('SIGKILL'));
    const deadline = performance.now() + READY_MS;
    while (!(await this.#answers())) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`the registry does not answer:\n${this.#said}`);
      await setTimeout(100);
    }
    // its own default refuses nothing; this is the one of Confluent's
    await fetch(`${this.url}/config`, {
      method: 'PUT',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ compatibility: 'BACKWARD' }),
    });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/subjects`)).ok;
    } catch {
      return false;
    }
  }

  #options(): string[] {
    return [
      ...['-Xmx192m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'],
      ...['-Dquarkus.http.host=127.0.0.1', `-Dquarkus.http.port=${this.port}`],
      '-Dquarkus.http.access-log.enabled=false',
      // the same schema with other blanks is the same
      '-Dapicurio.ccompat.use-canonical-hash=true',
      '-Dapicurio.datasource.url=jdbc:h2:mem:registry',
      '-Dapicurio.datasource.jdbc.initial-size=2',
      '-Dapicurio.datasource.jdbc.min-size=2',
      `-Dapicurio.storage.snapshot.location=${this.#folder}`,
      `-Dapicurio.import.work-dir=${this.#folder}`,
    ];
  }
}
