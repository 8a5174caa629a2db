import type { z } from 'zod';
import { wayProblems } from './capture.ts';
import { SettingsError } from './error.ts';
import { captureAlone } from './idle.ts';
import { listeningProblems } from './listening.ts';
import { OPTIONS } from './options.ts';
import { writtenSettings } from './places.ts';
import type { Environment, Given } from './places.ts';
import { problemsOf } from './problem.ts';
import { modelled, SECRETS, settingFields, unmodelled } from './settings.ts';
import type { Settings } from './settings.ts';

/**
 * Who reads the settings, which many share:
 * - serve: scores, so it needs a model, and has no use for what only a capture does
 * - capture: needs to know from where readings come and where they go
 * - publish: needs a model
 * - any: looks at what is set, and needs nothing
 */
export type Reader = 'serve' | 'capture' | 'publish' | 'any';

/** The settings, and where each is written that is: the option, the variable, or the file and its key. */
interface ReadSettings {
  readonly settings: Settings;
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads the settings once: flags, over environment, over the JSON file that LEFTON_CONFIG or --config names.
 * @throws SettingsError with everything that is wrong, and that is lacking for this reader
 */
export function readSettings(reader: Reader, flags: Given, env: Environment): ReadSettings {
  const written = writtenSettings(flags, env, SECRETS);
  const merged = Object.fromEntries(written.map(({ key, value }): [string, unknown] => [key, value]));
  const result = checkFor[reader](merged).safeParse(merged);
  if (result.success) {
    const sources = written.map(({ key, name }): [string, string] => [key, name]);
    return { settings: result.data, sources: new Map(sources) };
  }
  const known = { keys: Object.keys(settingFields), options: OPTIONS };
  const origins = new Map(written.map((setting) => [setting.key, setting]));
  throw new SettingsError(result.error.issues.flatMap((issue) => problemsOf(issue, origins, known)));
}

const checkFor: Readonly<Record<Reader, (merged: Given) => z.ZodType<Settings>>> = {
  serve: (merged) => scored(merged).superRefine(notCapture),
  capture: () => unmodelled.superRefine(oneWay),
  publish: (merged) => scored(merged),
  any: () => unmodelled,
};

/** Who only tells what others scored, or has a store of models, needs no model file. */
const scored = ({ role, model_store }: Given): z.ZodType<Settings> =>
  role === 'notify' || model_store !== undefined ? unmodelled : modelled;

/** What `lefton serve` would be asked for in vain, and who may ask it. */
function notCapture(settings: Settings, context: z.RefinementCtx): void {
  for (const [key, message] of Object.entries(captureAlone))
    if (settings[key as keyof typeof captureAlone] !== null)
      context.addIssue({ code: 'custom', path: [key], message });
  for (const [key, message] of listeningProblems(settings))
    context.addIssue({ code: 'custom', path: [key], message });
}

/** From where readings come, and to where a capture brings them; who may ask it, where it listens. */
function oneWay(settings: Settings, context: z.RefinementCtx): void {
  const listening =
    settings.metrics_port === null ? [] : listeningProblems({ ...settings, ingress_from: [] });
  for (const [key, message] of [...wayProblems(settings), ...listening])
    context.addIssue({ code: 'custom', path: [key], message });
}
