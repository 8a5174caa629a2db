import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accepts, freePort } from '../kafka/port.ts';
import { Program } from '../program.ts';

const READY_MS = 10_000;

/** How an MQTT broker is to be started. */
export interface MosquittoSettings {
  /** 0: a free one. */
  readonly port: number;
  /** Users with their passwords; none: anybody is let in. */
  readonly users: Readonly<Record<string, string>>;
  /** Further lines of its configuration. */
  readonly lines: readonly string[];
}

/** The MQTT broker Mosquitto on the loopback, with its files in a temporary folder. */
export class Mosquitto {
  readonly port: number;
  readonly folder = mkdtempSync(join(tmpdir(), 'lefton-mosquitto-'));
  readonly #program: Program;

  private constructor(port: number, { users, lines }: MosquittoSettings) {
    this.port = port;
    const file = join(this.folder, 'mosquitto.conf');
    writeFileSync(file, this.#configuration(users, lines));
    this.#program = new Program('Mosquitto', 'mosquitto', ['-c', file, '-v']);
  }

  static async start(settings: Partial<MosquittoSettings> = {}): Promise<Mosquitto> {
    const given = { port: 0, users: {}, lines: [], ...settings };
    const broker = new Mosquitto(given.port === 0 ? await freePort() : given.port, given);
    try {
      await broker.resume();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  get url(): string {
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** What it logged: who connects, publishes, and is refused. */
  get said(): string {
    return this.#program.said;
  }

  /** Starts again on the same port; what was retained is there again after `halt`, not after `kill`. */
  async resume(): Promise<void> {
    await this.#program.start(() => accepts(this.port), READY_MS);
  }

  async halt(): Promise<void> {
    await this.#program.end('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.#program.end('SIGKILL');
  }

  /** Connections stay open and nobody answers, until `thaw`. */
  freeze(): void {
    this.#program.freeze();
  }

  thaw(): void {
    this.#program.thaw();
  }

  /** Ends it and deletes its files. */
  async stop(): Promise<void> {
    await this.#program.end('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }

  #configuration(users: Readonly<Record<string, string>>, lines: readonly string[]): string {
    const passwords = join(this.folder, 'passwords');
    const known = Object.entries(users);
    if (known.length > 0) {
      writeFileSync(passwords, known.map(([name, password]) => `${name}:${password}\n`).join(''), {
        mode: 0o600,
      });
      const { status, stderr } = spawnSync('mosquitto_passwd', ['-U', passwords], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`the passwords could not be hashed:\n${stderr}`);
    }
    return [
      `listener ${this.port} 127.0.0.1`,
      ...(known.length > 0
        ? ['allow_anonymous false', `password_file ${passwords}`]
        : ['allow_anonymous true']),
      // as root it would become a user that may not read the folder
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      'persistence true',
      `persistence_location ${this.folder}/`,
      ...lines,
      '',
    ].join('\n');
  }
}
