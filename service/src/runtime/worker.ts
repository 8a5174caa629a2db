import { LeftOnError } from '@lefton/core';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { join } from 'node:path';

/** As lefton.js has it: what was stripped of its types once is not stripped again. */
const CACHE = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.cache', 'compile');
const MOST_STDERR = 4_096;

/** What comes of a worker. */
interface WorkerEvents {
  /** A message, as the worker's module sends it. */
  readonly message: (message: unknown) => void;
  /** It is gone, stopped or not. @param why for people */
  readonly ended: (why: string) => void;
}

/**
 * A module of ours in a process of its own at low priority: the loop of the service is never held up by it, its memory
 * is bounded and goes back when it ends, and it ends with the service.
 */
export class Worker {
  readonly #child: ChildProcess;

  /**
   * @param module file of the module
   * @param heapMb of JavaScript's objects; packed readings lie beside them
   */
  constructor(module: string, heapMb: number, events: WorkerEvents) {
    // no settings of the service, and so no secrets
    const env = {
      PATH: process.env.PATH,
      NODE_COMPILE_CACHE: CACHE,
    };
    const child = spawn(process.execPath, [`--max-old-space-size=${heapMb}`, module], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // numbers without end and packed arrays arrive as they are
      serialization: 'advanced',
      env,
    });
    this.#child = child;
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-MOST_STDERR);
    });
    yields(child, constants.priority.PRIORITY_BELOW_NORMAL);
    child.on('message', events.message);
    let gone = false;
    const ended = (why: string): void => {
      if (gone) return;
      gone = true;
      events.ended(why);
    };
    child.on('error', (error) => {
      ended(error.message);
    });
    child.once('close', (code, signal) => {
      ended(/^\w*Error.*$/m.exec(said)?.[0] ?? signal ?? `exit code ${String(code)}`);
    });
  }

  send(message: object): void {
    // one that is gone has told so already
    this.#child.send(message, () => undefined);
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}

/** A process beside is to give way to the service, once it runs. @param priority of `constants.priority` of node:os */
export function yields(child: ChildProcess, priority: number): void {
  child.once('spawn', () => {
    if (child.pid === undefined) return;
    try {
      setPriority(child.pid, priority);
    } catch {
      // it has ended already, or the system has no priorities
    }
  });
}

/** A fault of the work itself, as a worker's message. */
export interface WorkerFault {
  readonly code: string;
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  readonly choices: readonly string[];
}

/** What a worker says of an error; what we did not foresee ends the worker. */
export function faultOf(error: unknown): WorkerFault {
  if (!(error instanceof LeftOnError)) throw error;
  const { code, place, expected, found, choices } = error;
  return { code, place, expected, found, choices };
}
