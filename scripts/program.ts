import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';

const STOP_MS = 20_000;
const LONGEST_SAID = 200_000;

/** A program that others talk to while it runs. It does not outlive this process. */
export class Program {
  readonly name: string;
  readonly #command: string;
  readonly #args: readonly string[];
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #said = '';

  /** @param env variables besides those of this process */
  constructor(
    name: string,
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.name = name;
    this.#command = command;
    this.#args = args;
    this.#env = env;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** The end of what it printed, over all its starts. */
  get said(): string {
    return this.#said;
  }

  /**
   * Starts, and resolves once it is ready.
   * @param ready asked again and again
   * @throws Error with what it said, when it ends before or is not ready in time
   */
  async start(ready: () => Promise<boolean>, withinMs: number): Promise<void> {
    const child = spawn(this.#command, this.#args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...this.#env },
    });
    this.#process = child;
    let failure: Error | undefined;
    child.once('error', (error) => (failure = error));
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        this.#said = (this.#said + chunk.toString()).slice(-LONGEST_SAID);
      });
    const orphan = (): void => {
      child.kill('SIGKILL');
    };
    process.once('exit', orphan);
    child.once('exit', () => process.removeListener('exit', orphan));
    const deadline = performance.now() + withinMs;
    while (!(await ready())) {
      if (failure !== undefined) throw failure;
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(
          `${this.name} ended with ${child.exitCode ?? child.signalCode ?? ''}:\n${this.#said}`,
        );
      if (performance.now() > deadline) throw new Error(`${this.name} is not ready:\n${this.#said}`);
      await setTimeout(50);
    }
  }

  /** Ends it; SIGTERM lets it put its things in order, for a while. */
  async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    // one that stands still hears nothing else
    child.kill('SIGCONT');
    const timer = globalThis.setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  }

  /** Stands still until `thaw`: connections stay open and nobody answers. */
  freeze(): void {
    this.#process?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process?.kill('SIGCONT');
  }
}
