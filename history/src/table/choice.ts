import type { LeftOnError } from '@lefton/core';
import type { Intake } from '../intake.ts';
import { SHOWN_NAMES } from '../listed.ts';
import { choiceNeeded } from '../question.ts';
import { quote } from '../quote.ts';

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

  /** Asks for another choice among the names of the file. @param found what the present one comes to */
  needed(lacking: string, found: string): LeftOnError {
    return choiceNeeded(this.#option, lacking, found, [...this.#seen], this.#intake.options.place);
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
   * @throws LeftOnError `meter_choice_needed` or `entity_choice_needed` when there were several and nobody chose, or the chosen one is not there.
   */
  end(): void {
    const found = [...this.#seen].slice(0, SHOWN_NAMES).map(quote).join(', ');
    if (this.#wanted === undefined) {
      if (this.#seen.size < 2) return;
      throw this.needed('to know which one to read', found);
    }
    const lacking = [...this.#wanted].filter((name) => !this.#seen.has(name));
    if (lacking.length === 0 || this.#seen.size === 0) return;
    throw this.needed(`${lacking.map(quote).join(', ')}, or to be told another`, found);
  }

  #isWanted(name: string): boolean {
    return this.#wanted === undefined ? name === this.#first : this.#wanted.has(name);
  }
}
