import type { Intake } from './intake.ts';
import { quote } from './quote.ts';

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
  #first = '';
  #last = '';
  #lastAccepted = false;

  /**
   * @param option what the person passes to choose; for entity it may be several, joined by commas.
   * @param usual the name to read when the person does not choose.
   */
  constructor(intake: Intake, option: 'meter' | 'entity', usual?: string) {
    this.#intake = intake;
    this.#option = option;
    const { meter } = intake.options;
    const wanted = option === 'entity' ? intake.wantedEntities : meter === undefined ? undefined : [meter];
    const usually = usual === undefined ? undefined : [usual];
    const names = wanted ?? usually;
    this.#wanted = names === undefined ? undefined : new Set(names);
  }

  /** Names accepted so far. */
  get names(): readonly string[] {
    return [...this.#seen].filter((name) => this.#isWanted(name));
  }

  /** True when rows of that name are to be read. A row without a name is rejected. */
  accepts(name: string, line: number): boolean {
    // rows of one name come in runs
    if (name === this.#last) return this.#lastAccepted;
    if (name === '') {
      this.#intake.reject(line, `names no ${this.#option}`);
      return false;
    }
    if (this.#seen.size === 0) this.#first = name;
    this.#last = name;
    this.#lastAccepted = this.#isWanted(name);
    if (this.#seen.size < SHOWN_NAMES || this.#lastAccepted) this.#seen.add(name);
    return this.#lastAccepted;
  }

  /**
   * After the last row.
   * @throws LeftOnError `choice_needed` when there were several and nobody chose, or the chosen one is not there.
   */
  end(): void {
    const found = [...this.#seen].slice(0, SHOWN_NAMES).map(quote).join(', ');
    const hint = `pass ${this.#option} (--${this.#option} NAME)`;
    if (this.#wanted === undefined) {
      if (this.#seen.size < 2) return;
      throw this.#intake.fault('choice_needed', `to know which one to read: ${hint}`, found);
    }
    const lacking = [...this.#wanted].filter((name) => !this.#seen.has(name));
    if (lacking.length === 0 || this.#seen.size === 0) return;
    throw this.#intake.fault(
      'choice_needed',
      `${lacking.map(quote).join(', ')}, or to be told another: ${hint}`,
      found,
    );
  }

  #isWanted(name: string): boolean {
    return this.#wanted === undefined ? name === this.#first : this.#wanted.has(name);
  }
}
