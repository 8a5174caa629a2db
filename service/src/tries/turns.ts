import { setImmediate } from 'node:timers/promises';
import { faultOf } from '../runtime/worker.ts';
import type { WorkerFault } from '../runtime/worker.ts';

/** What takes no longer needs no word of how far it is. */
const PACE_MS = 100;

/** To a process: a task, or that nobody waits for one any more. */
export interface Request<Task> {
  readonly id: number;
  readonly task: Task | null;
}

/** From it: how far it is (0..1 of a stage), the answer, or a fault. */
export type Reply<Answer> =
  | { readonly id: number; readonly stage: string; readonly share: number }
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly fault: WorkerFault };

/** One task of a process that takes one at a time. */
export interface Turn {
  /** Tells how far it is; `share` 0..1 of the stage. */
  readonly say: (stage: string, share: number) => void;
  /** Lets messages in. @returns false where nobody waits for it any more */
  readonly goesOn: () => Promise<boolean>;
}

/** Runs slices of work to their end; undefined where nobody waits for it. */
export async function run<T>(
  turn: Turn,
  stage: string | undefined,
  slices: Generator<number, T>,
): Promise<T | undefined> {
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done === true) return slice.value;
    if (stage !== undefined) turn.say(stage, slice.value);
    if (await turn.goesOn()) continue;
    slices.return(undefined as T);
    return undefined;
  }
}

/**
 * What a process of Asker does: it answers the newest task.
 * @param work undefined where nobody waits any more
 * @param ahead what is likely to be asked next, done while nothing is
 */
export function takeTurns<Task, Answer>(
  work: (task: Task, turn: Turn) => Promise<Answer | undefined>,
  ahead: (task: Task, turn: Turn) => Promise<void>,
): void {
  let wanted = -1;
  const reply = (message: Reply<Answer>): void => {
    process.send?.(message);
  };
  const answer = async (id: number, task: Task): Promise<void> => {
    let saidAt = performance.now();
    const turn: Turn = {
      say: (stage, share) => {
        if (share > 0 && performance.now() - saidAt < PACE_MS) return;
        saidAt = performance.now();
        reply({ id, stage, share });
      },
      goesOn: async () => {
        await setImmediate();
        return wanted === id;
      },
    };
    const found = await work(task, turn);
    if (found === undefined) return;
    reply({ id, answer: found });
    await ahead(task, { ...turn, say: () => undefined });
  };
  process.on('message', (message) => {
    const { id, task } = message as Request<Task>;
    if (task === null) {
      if (wanted === id) wanted = -1;
      return;
    }
    wanted = id;
    answer(id, task).catch((error: unknown) => {
      reply({ id, fault: faultOf(error) });
    });
  });
  process.on('disconnect', () => {
    process.exit();
  });
}
