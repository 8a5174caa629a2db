import { LeftOnError } from '@lefton/core';
import { Worker } from '../runtime/worker.ts';
import type { Reply, Request } from './turns.ts';

interface Waiting<Answer> {
  readonly id: number;
  readonly progress: (stage: string, share: number) => void;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Asks a process of its own, which begins with the first question and stays until it is stopped; one question at a time. */
export class Asker<Task, Answer> {
  readonly #module: string;
  readonly #heapMb: number;
  #worker: Worker | undefined;
  #waiting: Waiting<Answer> | undefined;
  #next = 0;

  /** @param module what the process runs: `takeTurns` */
  constructor(module: string, heapMb: number) {
    this.#module = module;
    this.#heapMb = heapMb;
  }

  /**
   * @param signal its reason is why nobody waits any more
   * @throws LeftOnError a fault of the work, `try_failed` (transient) where the process ends
   */
  ask(task: Task, signal: AbortSignal, progress: (stage: string, share: number) => void): Promise<Answer> {
    signal.throwIfAborted();
    const worker = (this.#worker ??= this.#start());
    const id = this.#next++;
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.#waiting?.reject(gone('another question, which is answered instead'));
    this.#waiting = { id, progress, resolve, reject };
    const leave = (): void => {
      worker.send({ id, task: null } satisfies Request<Task>);
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    worker.send({ id, task } satisfies Request<Task>);
    return promise.finally(() => {
      signal.removeEventListener('abort', leave);
      if (this.#waiting?.id === id) this.#waiting = undefined;
    });
  }

  stop(): void {
    this.#worker?.stop();
  }

  #start(): Worker {
    const worker = new Worker(this.#module, this.#heapMb, {
      message: (message) => {
        this.#take(message as Reply<Answer>);
      },
      ended: (found) => {
        if (this.#worker !== worker) return;
        this.#worker = undefined;
        this.#waiting?.reject(gone(found));
      },
    });
    return worker;
  }

  #take(reply: Reply<Answer>): void {
    const waiting = this.#waiting;
    if (waiting?.id !== reply.id) return;
    if ('stage' in reply) waiting.progress(reply.stage, reply.share);
    else if ('answer' in reply) waiting.resolve(reply.answer);
    else waiting.reject(new LeftOnError(reply.fault));
  }
}

const gone = (found: string): LeftOnError =>
  new LeftOnError({
    ...{ code: 'try_failed', place: 'try', faultClass: 'transient' },
    ...{ expected: 'the process that tries to go on; ask again', found },
  });
