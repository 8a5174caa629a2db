import type { Intake } from './intake.ts';
import { quote } from './time-column.ts';

/** Names shown to the person who has to choose. */
const SHOWN_NAMES = 20;

/**
 * Chooses among several meters, entities or circuits stacked in one file: the ones the person named, else the only
 * one. Refuses to guess.
 */
export class Choice {
  readonly #intake: Intake;
  readonly #option: 'meter' | 'entity';
  readonly #wanted: ReadonlySet<string> | undefined;
  readonly #seen = new Set<string>();
  #accepted = '';
  #last = '';
  #lastAccepted = false;

  /** @param option what the person passes to choose; for entity it may be several, joined by commas. */
  constructor(intake: Intake, option: 'meter' | 'entity') {
    this.#intake = intake;
    this.#option = option;
    const wanted = option === 'meter' ? intake.options.meter : intake.options.entity;
    this.#wanted =
      wanted === undefined ? undefined : new Set(option === 'meter' ? [wanted] : wanted.split(',').map((n) => n.trim()));
  }

  /** Names accepted so far. */
  get names(): readonly string[] {
    return [...this.#seen].filter((name) => this.#isWanted(name));
  }

  /** True when rows of that name are to be read. */
  accepts(name: string): boolean {
    // rows of one name come in runs
    if (name === this.#last && this.#seen.size > 0) return this.#lastAccepted;
    if (this.#seen.size === 0) this.#accepted = name;
    if (this.#seen.size <= SHOWN_NAMES || this.#isWanted(name)) this.#seen.add(name);
    this.#last = name;
    this.#lastAccepted = this.#isWanted(name);
    return this.#lastAccepted;
  }

  /**
   * After the last row.
   * @throws LeftOnError `choice_needed` when there were several and nobody chose, `no_such_choice` when a chosen
   * one is not in the file.
   */
  end(): void {
    const list = [...this.#seen].slice(0, SHOWN_NAMES).map(quote).join(', ');
    if (this.#wanted === undefined && this.#seen.size > 1) {
      const hint = `to know which one to read: pass ${this.#option} (--${this.#option} NAME)`;
      throw this.#intake.fault('choice_needed', hint, list);
    }
    const lacking = [...(this.#wanted ?? [])].filter((name) => !this.#seen.has(name));
    if (lacking.length > 0 && this.#seen.size > 0) {
      throw this.#intake.fault('no_such_choice', `${this.#option} ${lacking.map(quote).join(', ')}`, list);
    }
  }

  #isWanted(name: string): boolean {
    return this.#wanted === undefined ? name === this.#accepted : this.#wanted.has(name);
  }
}
