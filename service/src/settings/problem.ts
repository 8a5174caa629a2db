import type { z } from 'zod';
import { nearest } from './spelling.ts';

/** A setting as the person wrote it, and how any other would be written in the same place. */
export interface Written {
  readonly key: string;
  readonly value: unknown;
  readonly name: string;
  readonly nameOf: (key: string) => string;
}

/** Begins the names of variables. */
export const PREFIX = 'LEFTON_';

export const variable = (key: string): string => `${PREFIX}${key.toUpperCase()}`;
export const quoted = (key: string): string => JSON.stringify(key);
export const option = (key: string): string => `--${key.replaceAll('_', '-')}`;

export const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What settings there are. */
interface Known {
  readonly keys: readonly string[];
  /** Those that are an option of a command. */
  readonly options: readonly string[];
}

/** What is wrong, each by the name that the person wrote, or would have to write. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  origins: ReadonlyMap<string, Written>,
  known: Known,
): string[] {
  if (issue.code === 'unrecognized_keys' && issue.path.length === 0) {
    return issue.keys.map((key) => {
      const { name = key, nameOf = quoted } = origins.get(key) ?? {};
      const meant = nearest(snake(key), [...known.keys, ...(nameOf === variable ? ['config'] : [])]);
      return `${name}: no such setting${meant === undefined ? '' : `; did you mean ${nameOf(meant)}?`}`;
    });
  }
  if (issue.code === 'invalid_union') return problemsOf(closest(issue), origins, known);
  const [key, ...place] = issue.path.map(String);
  if (key === undefined) return [issue.message];
  const name = origins.get(key)?.name ?? (known.options.includes(key) ? option(key) : variable(key));
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (unknown.length === 0) return [`${[name, ...place].join('.')}: ${issue.message}`];
  return unknown.map((each) => `${[name, ...place, each].join('.')}: no such setting`);
}

/** Of what may be written in one of several ways, what is wrong with the way that comes closest: the deepest place. */
function closest({ path, errors, ...union }: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue {
  const issues = errors.flat();
  const deepest = Math.max(...issues.map((issue) => issue.path.length));
  const [first, ...others] = issues.filter((issue) => issue.path.length === deepest);
  if (first !== undefined && (deepest > 0 || others.length === 0))
    return { ...first, path: [...path, ...first.path] };
  const messages = new Set(issues.map(({ message }) => message.replace(/^Invalid input: /, '')));
  return { ...union, path, code: 'custom', message: [...messages].join('; or ') };
}
