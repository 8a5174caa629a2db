import type { LeftOnModel } from '@lefton/core';
import { setImmediate } from 'node:timers/promises';
import { recentInSlices } from '../store/recent-history.ts';
import { FittedPast } from './fitted-past.ts';
import type { BudgetTask } from './try-task.ts';
import { takeTurns } from './turns.ts';
import type { Turn } from './turns.ts';

// The process of Tries that fits: it keeps the whole past of one meter, and the models that were fitted on it.

/** Budgets of the page's slider. */
const LADDER = [0.25, 0.5, 1, 2, 4, 8];
/** A day more or less of a year makes no other model; what is older than this is read again. */
const FRESH_MS = 60 * 60_000;

interface Kept {
  readonly of: string;
  readonly readAt: number;
  readonly past: Promise<FittedPast>;
}

let kept: Kept | undefined;
/** Who is told how far the reading is: it goes on for whoever asks next. */
let listening: Turn | undefined;

function pastOf({ db, meter, revision }: BudgetTask, turn: Turn): Promise<FittedPast> {
  listening = turn;
  const of = JSON.stringify([db, meter, revision]);
  if (kept?.of === of && Math.abs(Date.now() - kept.readAt) < FRESH_MS) return kept.past;
  turn.say('fitting', 0);
  const reading: Kept = { of, readAt: Date.now(), past: read(db, meter) };
  kept = reading;
  reading.past.catch(() => {
    if (kept === reading) kept = undefined;
  });
  return reading.past;
}

async function read(db: string, meter: string): Promise<FittedPast> {
  const slices = recentInSlices(db, meter, Date.now(), Infinity);
  for (let slice = slices.next(); ; slice = slices.next()) {
    if (slice.done === true) return new FittedPast(slice.value);
    listening?.say('fitting', slice.value / 2);
    await setImmediate();
  }
}

takeTurns<BudgetTask, LeftOnModel | null>(
  async (task, turn) => {
    const found = await pastOf(task, turn);
    const { budget } = task;
    if (budget === null || !(await turn.goesOn())) return null;
    return found.fitted(task, budget, (share) => {
      turn.say('fitting', 0.5 + share / 2);
    });
  },
  async (task, turn) => {
    const found = await pastOf(task, turn);
    if (!found.isLong) return;
    for (const budget of LADDER) if (await turn.goesOn()) found.fitted(task, budget);
  },
);
