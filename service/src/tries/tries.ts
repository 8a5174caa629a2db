import { LeftOnError } from '@lefton/core';
import { join } from 'node:path';
import { clearTimeout, setTimeout } from 'node:timers';
import { Worker } from '../worker.ts';
import type { Tried, TryReply, TryStage, TryTask } from './try-task.ts';

const PROCESS = join(import.meta.dirname, 'try-process.ts');
const HEAP_MB = 256;
/** Nobody has asked for this long: the memory goes back. */
const IDLE_MS = 5 * 60_000;

/** How far an answer is; share 0..1 of the stage. */
export type TryProgress = (stage: TryStage, share: number) => void;

interface Waiting {
  readonly id: number;
  readonly progress: TryProgress;
  readonly resolve: (tried: Tried) => void;
  readonly reject: (error: LeftOnError) => void;
}

/**
 * What other settings would have told: asked of a process that keeps the past of the meter for a while, so that only
 * the first answer takes time. One question at a time; a newer one ends the older. Nothing is changed by trying.
 */
export class Tries {
  #worker: Worker | undefined;
  #waiting: Waiting | undefined;
  #idle: NodeJS.Timeout | undefined;
  #next = 0;

  /**
   * @param signal the asker's patience
   * @throws LeftOnError `overtaken` by a newer question, `nobody_waits`, `little_history`, or `try_failed` (transient)
   */
  ask(task: TryTask, signal: AbortSignal, progress: TryProgress): Promise<Tried> {
    this.#settle()?.reject(fault('overtaken', 'no newer question', 'one, which is answered instead'));
    clearTimeout(this.#idle);
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Tried>();
    this.#waiting = { id, progress, resolve, reject };
    const leave = (): void => {
      if (this.#waiting?.id !== id) return;
      this.#settle();
      worker.send({ id, task: null });
      reject(fault('nobody_waits', 'somebody who waits for the answer', 'nobody'));
    };
    if (signal.aborted) leave();
    else {
      signal.addEventListener('abort', leave, { once: true });
      worker.send({ id, task });
    }
    return promise.finally(() => {
      signal.removeEventListener('abort', leave);
    });
  }

  /** Ends the process; who waits is told. */
  stop(): void {
    clearTimeout(this.#idle);
    this.#worker?.stop();
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.stop();
    }, IDLE_MS).unref();
    return waiting;
  }

  #start(): Worker {
    const worker = new Worker(PROCESS, HEAP_MB, {
      message: (message) => {
        this.#take(message as TryReply);
      },
      ended: (why) => {
        if (this.#worker === worker) this.#worker = undefined;
        const expected = 'the process that tries to go on; ask again';
        this.#settle()?.reject(fault('try_failed', expected, why, 'transient'));
        clearTimeout(this.#idle);
      },
    });
    return worker;
  }

  #take(reply: TryReply): void {
    const waiting = this.#waiting;
    if (waiting?.id !== reply.id) return;
    if ('stage' in reply) waiting.progress(reply.stage, reply.share);
    else if ('tried' in reply) this.#settle()?.resolve(reply.tried);
    else this.#settle()?.reject(new LeftOnError(reply.fault));
  }
}

const fault = (
  code: string,
  expected: string,
  found: string,
  faultClass: 'bad_data' | 'transient' = 'bad_data',
): LeftOnError => new LeftOnError({ code, place: 'try', expected, found, faultClass });
