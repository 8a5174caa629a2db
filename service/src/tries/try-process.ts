import { alertingFrom, DAY } from '@lefton/core';
import type { Policy } from '@lefton/core';
import { createHash } from 'node:crypto';
import { recentInSlices } from '../store/recent-history.ts';
import { Past, TRIED_DAYS } from './past.ts';
import type { Tried, TryTask } from './try-task.ts';
import { run, takeTurns } from './turns.ts';
import type { Turn } from './turns.ts';

// The process of Tries that runs the last days through detection: it keeps those of one meter, and what came of them.

/** What is trailing when the tried days begin comes of the day before. */
const READ_MS = (TRIED_DAYS + 1) * DAY;
/** New readings come all the time; what is older than this is read again. */
const FRESH_MS = 10 * 60_000;
const MOST_ANSWERS = 200;
/** Scores around the one that was asked for, nearest first: where a slider goes next. */
const STEPS = [0.05, 0.1, 0.15, 0.2].flatMap((step) => [step, -step]);

type Answer = Omit<Tried, 'fitted'>;

let past: { readonly of: string; readonly past: Past } | undefined;
const answers = new Map<string, Answer>();

async function pastOf({ db, meter, revision }: TryTask, turn: Turn): Promise<Past | undefined> {
  const of = JSON.stringify([db, meter, revision]);
  if (past?.of === of && Math.abs(Date.now() - past.past.readAt) < FRESH_MS) return past.past;
  // the memory of one goes before the other is read
  past = undefined;
  answers.clear();
  const readAt = Date.now();
  turn.say('reading', 0);
  const history = await run(turn, 'reading', recentInSlices(db, meter, readAt, READ_MS));
  if (history === undefined) return undefined;
  past = { of, past: new Past(history, readAt) };
  return past.past;
}

async function answer(task: TryTask, turn: Turn, stage?: string): Promise<Answer | undefined> {
  const found = await pastOf(task, turn);
  if (found === undefined) return undefined;
  const key = keyOf(task);
  const known = answers.get(key);
  if (known !== undefined) return known;
  const tried = await run(turn, stage, found.try(task));
  if (tried === undefined) return undefined;
  if (answers.size >= MOST_ANSWERS) answers.clear();
  answers.set(key, tried);
  return tried;
}

const keyOf = ({ policy, model }: TryTask): string =>
  JSON.stringify([policy, createHash('sha256').update(JSON.stringify(model)).digest('hex')]);

/** The policy from another score on; the same text of the same score as a slider gives. */
const moved = (policy: Policy, step: number): Policy =>
  alertingFrom(policy, Math.round((policy.openAt + step) * 100) / 100);

takeTurns<TryTask, Answer>(
  (task, turn) => answer(task, turn, 'trying'),
  async (task, turn) => {
    for (const step of STEPS) {
      if (!(await turn.goesOn())) return;
      await answer({ ...task, policy: moved(task.policy, step) }, turn);
    }
  },
);
