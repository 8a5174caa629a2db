import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { LineSettings, MeterOptions } from '../meter.ts';
import type { Port, Wire } from '../wire.ts';

const DEVICE = /^((?:\/dev\/)?gpiochip\d+):(\d+)$/;
/** Before it is told that it must. */
const END_MS = 2_000;
const VERSION_MS = 10_000;
const MOST_SAID = 500;

/** Whether a device is a line of a GPIO chip: `gpiochip0:17`. */
export const isGpio = (device: string): boolean => DEVICE.test(device);

/**
 * A line of a GPIO character device, by gpiomon of libgpiod 1 or 2: a program that says a line for each edge, with the
 * kernel's instant. It ends when nobody reads it any more.
 */
export class GpioPort implements Port {
  readonly path: string;
  readonly #chip: string;
  readonly #line: string;
  readonly #options: MeterOptions;
  readonly #program: string;

  /** @param path `gpiochip0:17`; see `isGpio` */
  constructor(path: string, options: MeterOptions, program = 'gpiomon') {
    this.path = path;
    const [, chip = '', line = ''] = DEVICE.exec(path) ?? [];
    this.#chip = chip;
    this.#line = line;
    this.#options = options;
    this.#program = program;
  }

  async open(_line: LineSettings, take: (bytes: Uint8Array) => void): Promise<Wire> {
    const edges = spawn(this.#program, this.#arguments(await this.#generation()), {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    let said = '';
    edges.stdout.on('data', take);
    edges.stderr.on('data', (text: Buffer) => {
      said = (said + text.toString()).slice(-MOST_SAID);
    });
    edges.on('close', (code, signal) => {
      resolve(said.trim() === '' ? `gpiomon ended: ${signal ?? code ?? 'unknown'}` : said.trim());
    });
    edges.on('error', ({ message }) => {
      resolve(message);
    });
    await once(edges, 'spawn');
    return {
      closed,
      write: () => undefined,
      close: async () => {
        const must = setTimeout(() => edges.kill('SIGKILL'), END_MS);
        edges.kill('SIGTERM');
        await closed;
        clearTimeout(must);
      },
    };
  }

  /** The two generations of gpiomon take other options. */
  async #generation(): Promise<number> {
    try {
      const { stdout } = await promisify(execFile)(this.#program, ['--version'], { timeout: VERSION_MS });
      return Number(/ v(\d+)\./.exec(stdout)?.[1] ?? 2);
    } catch (error) {
      const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw missing ? new Error('gpiomon is not installed: apt-get install gpiod') : error;
    }
  }

  #arguments(generation: number): string[] {
    const { edge = 'falling', bias = 'pull-up' } = this.#options;
    return generation >= 2
      ? [`--edges=${edge}`, `--bias=${bias}`, `--chip=${this.#chip}`, this.#line]
      : [
          `--${edge}-edge`,
          `--bias=${bias === 'disabled' ? 'disable' : bias}`,
          '--line-buffered',
          ...[this.#chip, this.#line],
        ];
  }
}
