import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { aFolder } from '../a-capture.test-data.ts';

/** Says what the test says; dies with a reason when the test lets it. */
const STAND_IN = `
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
const [folder, version, ...given] = process.argv.slice(2);
if (given[0] === '--version') console.log('gpiomon (libgpiod) ' + version);
else {
  appendFileSync(folder + '/arguments', given.join(' ') + '\\n');
  connect(folder + '/socket')
    .on('data', (text) => process.stdout.write(text))
    .on('error', () => undefined)
    .on('close', () => {
      console.error('gpiomon: error waiting for events: No such device');
      process.exitCode = 1;
    });
}
`;

/** A program in place of gpiomon that writes its lines as the real one of libgpiod 1 or 2 does. */
export class Gpiomon {
  readonly program: string;
  readonly #folder: string;
  readonly #generation: 1 | 2;
  readonly #server = createServer();
  #running: Socket | undefined;

  private constructor(folder: string, generation: 1 | 2) {
    this.#folder = folder;
    this.#generation = generation;
    this.program = join(folder, 'gpiomon');
    const version = generation === 1 ? 'v1.6.3' : 'v2.1.2';
    const script = join(folder, 'stand-in.mjs');
    writeFileSync(script, STAND_IN);
    writeFileSync(
      this.program,
      `#!/bin/sh\nexec "${process.execPath}" "${script}" "${folder}" ${version} "$@"\n`,
    );
    chmodSync(this.program, 0o755);
  }

  static async install(t: TestContext, generation: 1 | 2): Promise<Gpiomon> {
    const gpiomon = new Gpiomon(aFolder(t), generation);
    gpiomon.#server.on('connection', (socket) => {
      gpiomon.#running = socket
        .on('error', () => undefined)
        .on('close', () => (gpiomon.#running = undefined));
    });
    gpiomon.#server.listen(join(gpiomon.#folder, 'socket'));
    await once(gpiomon.#server, 'listening');
    t.after(() => {
      gpiomon.#server.close();
      gpiomon.die();
    });
    return gpiomon;
  }

  get runs(): boolean {
    return this.#running !== undefined;
  }

  /** What it was started with, each time. */
  get started(): string[] {
    const file = join(this.#folder, 'arguments');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  }

  /** Edges at these ms of the kernel's clock. */
  say(...edgesMs: number[]): void {
    const lines = edgesMs.map((ms) => {
      const [seconds, nano] = [Math.floor(ms / 1_000), Math.round((ms % 1_000) * 1e6)];
      const nanos = String(nano).padStart(9, '0');
      return this.#generation === 1
        ? `event: FALLING EDGE offset: 17 timestamp: [${String(seconds).padStart(8)}.${nanos}]\n`
        : `${seconds}.${nanos}\tfalling\tgpiochip0 17\n`;
    });
    this.#running?.write(lines.join(''));
  }

  die(): void {
    this.#running?.destroy();
  }
}
