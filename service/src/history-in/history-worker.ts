import { LeftOnError } from '@lefton/core';
import { join } from 'node:path';
import { Worker } from '../runtime/worker.ts';
import type {
  FitResult,
  FitTask,
  HistoryReply,
  HistoryStage,
  HistoryTask,
  ReadResult,
  ReadTask,
} from './history-task.ts';

const PROCESS = join(import.meta.dirname, 'history-process.ts');
const HEAP_MB = 512;

/** Does one task in a process of its own, which ends with it. */
export class HistoryWorker {
  readonly #progress: (stage: HistoryStage, share: number) => void;
  #worker: Worker | undefined;

  constructor(progress: (stage: HistoryStage, share: number) => void) {
    this.#progress = progress;
  }

  /** @throws LeftOnError as importHistory does; `too_large`, `no_readings`, `worker_ended` */
  async read(file: string, out: string, options: ReadTask['options']): Promise<ReadResult> {
    const reply = await this.#ask({ kind: 'read', file, out, options });
    if ('read' in reply) return reply.read;
    throw unexpected(options.place, 'another answer');
  }

  /** @throws LeftOnError `bad_database`, `worker_ended` */
  async fit(task: Omit<FitTask, 'kind'>): Promise<FitResult> {
    const reply = await this.#ask({ kind: 'fit', ...task });
    if ('fit' in reply) return reply.fit;
    throw unexpected(task.place, 'another answer');
  }

  stop(): void {
    this.#worker?.stop();
  }

  #ask(task: HistoryTask): Promise<HistoryReply> {
    const place = task.kind === 'read' ? task.options.place : task.place;
    const { promise, resolve, reject } = Promise.withResolvers<HistoryReply>();
    this.#worker = new Worker(PROCESS, HEAP_MB, {
      message: (message) => {
        const reply = message as HistoryReply;
        if ('stage' in reply) this.#progress(reply.stage, reply.share);
        else if ('fault' in reply) reject(new LeftOnError(reply.fault));
        else resolve(reply);
      },
      ended: (why) => {
        reject(unexpected(place, why));
      },
    });
    this.#worker.send(task);
    return promise;
  }
}

const unexpected = (place: string, found: string): LeftOnError =>
  new LeftOnError({
    code: 'worker_ended',
    place,
    expected: 'the process that works on it to go on; try again',
    found,
  });
