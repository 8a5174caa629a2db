import { setImmediate } from 'node:timers/promises';
import { storeInSlices } from '../store-history.ts';
import type { StoreHistory } from '../store-history.ts';
import { faultOf } from '../worker.ts';
import { Past } from './past.ts';
import type { Tried, TryReply, TryRequest, TryTask } from './try-task.ts';

// The process of Tries: it keeps the past of one meter and answers one task at a time. Between two slices of work it
// hears that nobody waits any more.

/** Budgets of the page's slider: fitted ahead while there is nothing else to do. */
const LADDER = [0.25, 0.5, 1, 2, 4, 8];
/** New readings come all the time; what is older than this is read again. */
const FRESH_MS = 10 * 60_000;
const MOST_ANSWERS = 200;

let wanted = -1;
let past: { readonly of: string; readonly past: Past } | undefined;
const answers = new Map<string, Tried>();

const reply = (message: TryReply): void => {
  process.send?.(message);
};

/** Lets messages in. @returns false where nobody waits any more */
async function goesOn(id: number): Promise<boolean> {
  await setImmediate();
  return wanted === id;
}

/** Runs slices of work to their end; undefined where nobody waits for it. */
async function run<T>(
  id: number,
  stage: 'reading' | 'trying',
  slices: Generator<number, T>,
): Promise<T | undefined> {
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done === true) return slice.value;
    reply({ id, stage, share: slice.value });
    if (!(await goesOn(id))) {
      slices.return(undefined as T);
      return undefined;
    }
  }
}

async function pastOf(id: number, { db, meter, revision }: TryTask): Promise<Past | undefined> {
  const of = JSON.stringify([db, meter, revision]);
  if (past?.of === of && Date.now() - past.past.readAt < FRESH_MS) return past.past;
  // the memory of one goes before the other is read
  past = undefined;
  answers.clear();
  const readAt = Date.now();
  reply({ id, stage: 'reading', share: 0 });
  const history: StoreHistory | undefined = await run(id, 'reading', storeInSlices(db, meter));
  if (history === undefined) return undefined;
  past = { of, past: new Past(history, readAt) };
  return past.past;
}

async function answer(id: number, task: TryTask): Promise<void> {
  const found = await pastOf(id, task);
  if (found === undefined) return;
  const key = JSON.stringify(task);
  let tried = answers.get(key);
  if (tried === undefined) {
    if (task.budget !== null && !found.hasFitted(task, task.budget)) {
      reply({ id, stage: 'fitting', share: 0 });
      if (!(await goesOn(id))) return;
    }
    tried = await run(id, 'trying', found.try(task));
    if (tried === undefined) return;
    if (answers.size >= MOST_ANSWERS) answers.clear();
    answers.set(key, tried);
  }
  reply({ id, tried });
  await fitAhead(id, found, task);
}

async function fitAhead(id: number, found: Past, task: TryTask): Promise<void> {
  for (const budget of LADDER) {
    if (!(await goesOn(id))) return;
    try {
      found.fitted(task, budget);
    } catch (error) {
      faultOf(error);
      return;
    }
  }
}

process.on('message', (message) => {
  const { id, task } = message as TryRequest;
  wanted = task === null && wanted !== id ? wanted : task === null ? -1 : id;
  if (task === null) return;
  answer(id, task).catch((error: unknown) => {
    reply({ id, fault: faultOf(error) });
  });
});
process.on('disconnect', () => {
  process.exit();
});
