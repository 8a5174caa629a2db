import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Linux counts processor time in these. */
const TICKS_PER_SECOND = 100;

/** A server in a process of its own, so that its processor time and memory are its own. */
export class Server {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#child = child;
  }

  /** Resolves once it has said where it listens. */
  static async start(file: string, args: readonly string[]): Promise<Server> {
    const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'ignore'] });
    for await (const line of createInterface(child.stdout)) {
      const [, url] = /^Listening at (\S+)/.exec(line) ?? [];
      if (url === undefined) continue;
      child.stdout.resume();
      return new Server(url, child);
    }
    throw new Error(`${file} has ended`);
  }

  /** Seconds of processor time so far. */
  get cpu(): number {
    // the name of the program, in brackets, may hold anything
    const fields = this.#read('stat')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }

  /** Resident memory now, MB. */
  get memory(): number {
    return this.#status('VmRSS');
  }

  /** The most that it ever was, MB. */
  get peak(): number {
    return this.#status('VmHWM');
  }

  async stop(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.#child.kill();
    await exit;
  }

  #status(name: string): number {
    const [, kB] = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(this.#read('status')) ?? [];
    return Number(kB) / 1024;
  }

  #read(what: string): string {
    return readFileSync(`/proc/${String(this.#child.pid)}/${what}`, 'utf8');
  }
}
