import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../kafka/port.ts';
import { Program } from '../program.ts';
import { registryJar } from './registry-app.ts';

const READY_MS = 60_000;

/** A schema registry with Confluent's API on the loopback; what it holds is gone when it stops, or as its settings say. */
export class Registry {
  readonly port: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'lefton-registry-'));
  readonly #program: Program;

  private constructor(port: number, env: Readonly<Record<string, string>>) {
    this.port = port;
    this.#program = new Program('the registry', 'java', [...this.#options(), '-jar', registryJar()], env);
  }

  /**
   * Resolves when it answers.
   * @param env settings of its own as variables: APICURIO_STORAGE_KIND
   */
  static async start(port?: number, env: Readonly<Record<string, string>> = {}): Promise<Registry> {
    const registry = new Registry(port ?? (await freePort()), env);
    try {
      await registry.#start();
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
    await this.#program.end('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    await this.#program.start(() => this.#answers(), READY_MS);
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
