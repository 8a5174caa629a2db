/** What is said of a sentence of the service in another language, by its numbers. */
export type Saying = (...numbers: string[]) => string;

/** What one language gives: how it puts each sentence, and the numbers, lengths and days within them. */
interface Tongue {
  readonly sayings: readonly (readonly [RegExp, Saying])[];
  /** Of a home with too little history of its own. */
  readonly measuredBy: (cohort: string) => string;
  /** `2.1 kW`, `2 hours`, `Monday 03:12` */
  readonly put: (part: string) => string;
}

/** Parts of a sentence that are put in another language as they are. */
export const [DAYS, POWER, HOUR, LENGTH] = ['(\\d+)', '(-?[\\d.]+ k?W)', '(\\d\\d):00', '(.+)'];
const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const BY_OTHERS = /^(.*?) ?Measured by homes of cohort (.+): this one has too little history of its own\.$/;

/** What is said after why an alert was not told. */
const AFTERWARDS = /^(.+?)(, and too old after that|; .+ stands in)$/;

/** How a new model stands against the one before, and its figures. */
const VERDICT = /^(.+?:) (found .+)\.$/;
/** Why a new model is still learning, and what comes of it. */
const LEARNING = /^(Still learning:) (.+)\. (The model before .+|Nothing new .+|It knows .+)$/;

/** A whole sentence, its full stop as it stands. */
export const of = (sentence: string): RegExp => new RegExp(`^${sentence.replace(/\.$/, '\\.')}$`);

/** A text with its day of the week and its decimals as a language has them. days: from Monday on. */
export function withDays(text: string, days: readonly string[]): string {
  const day = WEEKDAYS.findIndex((name) => text.startsWith(name));
  const named = day < 0 ? text : text.replace(WEEKDAYS[day] ?? '', days[day] ?? '');
  return named.replace(/(\d)\.(\d)/, '$1,$2');
}

/** Tells a sentence of the service in another language; one that is not known there stays as it is. */
export function translator({ sayings, measuredBy, put }: Tongue): (sentence: string) => string {
  return function told(sentence: string): string {
    const [, own, cohort] = BY_OTHERS.exec(sentence) ?? [];
    if (own !== undefined && cohort !== undefined) return `${told(own)} ${measuredBy(cohort)}`.trimStart();
    const [, why, afterwards] = AFTERWARDS.exec(sentence) ?? [];
    if (why !== undefined && afterwards !== undefined) return `${told(why)}${told(afterwards)}`;
    const [, verdict, figures] = VERDICT.exec(sentence) ?? [];
    if (verdict !== undefined && figures !== undefined) return `${told(verdict)} ${told(figures)}.`;
    const [, learning, reason, so] = LEARNING.exec(sentence) ?? [];
    if (learning !== undefined && reason !== undefined && so !== undefined)
      return `${told(learning)} ${told(reason)}. ${told(so)}`;
    for (const [pattern, saying] of sayings) {
      const [found, ...numbers] = pattern.exec(sentence) ?? [];
      if (found !== undefined) return saying(...numbers.map(put));
    }
    return sentence;
  };
}
