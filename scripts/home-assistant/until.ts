import { setTimeout } from 'node:timers/promises';

/** Resolves once the condition holds. @throws Error when it does not in time */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 120_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await setTimeout(20);
  }
}
