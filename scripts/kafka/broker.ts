import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Program } from '../program.ts';
import { classpathOf } from './classpath.ts';
import { accepts, freePort } from './port.ts';
import { serverProperties } from './server-properties.ts';

const POM = join(import.meta.dirname, 'pom.xml');
const READY_MS = 60_000;

/** How a broker is to be started. */
export interface BrokerSettings {
  /** 0: a free one. */
  readonly port: number;
  /** Lines of server.properties besides ours, or in their place. */
  readonly properties: Readonly<Record<string, string>>;
  /** Listeners besides the plain one, each on a free port. */
  readonly secure: readonly ('SSL' | 'SASL_SSL')[];
  /** Users with their SCRAM-SHA-512 passwords, known from the first start on. */
  readonly users: Readonly<Record<string, string>>;
  readonly heap: string;
}

const defaultBroker: BrokerSettings = { port: 0, properties: {}, secure: [], users: {}, heap: '512m' };

/** One broker that is its own controller (KRaft), from Maven's files, with its data in a temporary folder. */
export class Broker {
  readonly port: number;
  readonly folder: string;
  readonly #settings: BrokerSettings;
  readonly #listeners = new Map<string, string>();
  readonly #program: Program;

  private constructor(settings: BrokerSettings, port: number) {
    this.#settings = settings;
    this.port = port;
    this.#listeners.set('PLAINTEXT', this.address);
    this.folder = mkdtempSync(join(tmpdir(), 'lefton-kafka-'));
    this.#program = new Program('the broker', 'java', [...this.#options(), 'kafka.Kafka', this.#file]);
  }

  /** Formats the storage and starts; resolves when the broker answers. */
  static async start(settings: Partial<BrokerSettings> = {}): Promise<Broker> {
    const given = { ...defaultBroker, ...settings };
    const broker = new Broker(given, given.port === 0 ? await freePort() : given.port);
    try {
      for (const name of given.secure) broker.#listeners.set(name, `127.0.0.1:${await freePort()}`);
      broker.#format(await freePort());
      await broker.resume();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** The address of a secure listener. */
  addressOf(name: 'SSL' | 'SASL_SSL'): string {
    const address = this.#listeners.get(name);
    if (address === undefined) throw new Error(`the broker does not listen with ${name}`);
    return address;
  }

  get pid(): number | undefined {
    return this.#program.pid;
  }

  /** Starts again on what is in the folder. */
  async resume(): Promise<void> {
    await this.#program.start(() => accepts(this.port), READY_MS);
  }

  /** Stops without a word to anybody. */
  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  /** Stops in order; `resume` starts it again. */
  async halt(): Promise<void> {
    await this.#program.end('SIGTERM');
  }

  /** Stops and deletes all data. */
  async stop(): Promise<void> {
    await this.#program.end('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.folder, 'server.properties');
  }

  #format(controllerPort: number): void {
    const data = join(this.folder, 'data');
    const properties = {
      ...serverProperties(Object.fromEntries(this.#listeners), `127.0.0.1:${controllerPort}`, data),
      ...this.#settings.properties,
    };
    const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`);
    writeFileSync(this.#file, lines.join(''));
    const users = Object.entries(this.#settings.users).flatMap(([name, password]) => [
      '--add-scram',
      `SCRAM-SHA-512=[name=${name},password=${password}]`,
    ]);
    // with an equals sign: an id may begin with a dash
    const id = randomBytes(16).toString('base64url');
    const args = ['kafka.tools.StorageTool', 'format', `--cluster-id=${id}`, '-c', this.#file, ...users];
    const { status, stdout, stderr } = spawnSync('java', [...this.#options(), ...args], { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the storage could not be formatted:\n${stdout}${stderr}`);
  }

  #options(): string[] {
    return [
      `-Xmx${this.#settings.heap}`,
      '-XX:+UseSerialGC',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      ...['-cp', classpathOf(POM)],
    ];
  }
}
