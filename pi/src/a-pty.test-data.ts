import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aFolder, until } from './a-capture.test-data.ts';

/** For `skip`: why tests with pseudo-terminals do not run here; they must where REQUIRE_KAFKA is set, as in CI. */
export const withoutSocat: string | false =
  process.env.REQUIRE_KAFKA !== undefined || spawnSync('socat', ['-V']).status === 0 ? false : 'needs socat';

/** A pseudo-terminal: a device that a capture opens, and behind it a meter that a test speaks for. */
export class Pty {
  readonly device: string;
  readonly #socket: string;
  #server = createServer();
  #socat: ChildProcess | undefined;
  #meter: Socket | undefined;
  /** What was written to the meter. */
  asked = Buffer.alloc(0);
  /** Called with what was written to it. */
  onAsked: (bytes: Buffer) => void = () => undefined;

  private constructor(folder: string) {
    this.device = join(folder, 'meter');
    this.#socket = join(folder, 'socket');
  }

  static async open(t: TestContext): Promise<Pty> {
    const pty = new Pty(aFolder(t));
    t.after(() => pty.unplug());
    await pty.plug();
    return pty;
  }

  /** The cable is in: the device is there. */
  async plug(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<Socket>();
    this.#server = createServer(resolve);
    this.#server.listen(this.#socket);
    await once(this.#server, 'listening');
    const ends = [`PTY,raw,echo=0,link=${this.device}`, `UNIX-CONNECT:${this.#socket}`];
    this.#socat = spawn('socat', ends, { stdio: 'ignore' });
    this.#meter = await promise;
    this.#meter.on('data', (bytes: Buffer) => {
      this.asked = Buffer.concat([this.asked, bytes]);
      this.onAsked(bytes);
    });
    this.#meter.on('error', () => undefined);
    await until('the device is there', () => existsSync(this.device));
  }

  /** The cable is out: the device is gone. */
  async unplug(): Promise<void> {
    const socat = this.#socat;
    this.#socat = undefined;
    if (socat === undefined) return;
    const gone = once(socat, 'exit');
    // one that is about to wait for bytes sleeps through SIGTERM, until some come
    socat.kill('SIGKILL');
    await gone;
    rmSync(this.device, { force: true });
    this.#meter?.destroy();
    this.#server.close();
  }

  /** The meter speaks. */
  say(bytes: Uint8Array | string): void {
    this.#meter?.write(bytes);
  }
}
