/** What the caller does about it: drop the data and go on, try again, or stop. */
export type FaultClass = 'bad_data' | 'transient' | 'fatal';

/** What went wrong, where, what was expected there and what was found. */
export interface Fault {
  readonly code: string;
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  readonly faultClass?: FaultClass;
  /** What may be said instead, where that is one of a list. */
  readonly choices?: readonly string[];
}

/** One clear error: names the place, what was expected and what was found. */
export class LeftOnError extends Error {
  readonly code: string;
  readonly place: string;
  readonly expected: string;
  readonly found: string;
  readonly faultClass: FaultClass;
  /** Empty where there is no list to choose from. */
  readonly choices: readonly string[];

  constructor(fault: Fault) {
    super(`${fault.place}: expected ${fault.expected}, found ${fault.found}`);
    this.name = 'LeftOnError';
    this.code = fault.code;
    this.place = fault.place;
    this.expected = fault.expected;
    this.found = fault.found;
    this.faultClass = fault.faultClass ?? 'bad_data';
    this.choices = fault.choices ?? [];
  }
}

/** Whether trying again may help. */
export const isTransient = (error: unknown): error is LeftOnError =>
  error instanceof LeftOnError && error.faultClass === 'transient';

/** What is said of whatever was thrown, in one line: a parser repeats what it found, line ends and all. */
export const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s*[\r\n]+\s*/g, ' ');
