import type { Command } from 'commander';
import { descriptionOf } from '../settings/description.ts';
import { option } from '../settings/problem.ts';
import { settingFields } from '../settings/settings.ts';
import type { Settings } from '../settings/settings.ts';

/** Gives a command the options of settings; what it says of each is what docs/settings.md says. */
export function settingOptions(command: Command, keys: readonly (keyof Settings)[]): Command {
  for (const key of keys) {
    const field = settingFields[key];
    if (field === undefined) continue;
    const { does, choices, unit, usual, value } = descriptionOf(field);
    const beside = [
      ...(choices.length === 0 ? [] : [`one of ${choices.join(', ')}`]),
      ...(unit === undefined ? [] : [`in ${unit}`]),
      ...(usual === undefined ? [] : [`default: ${usual}`]),
    ];
    const told = beside.length === 0 ? does : `${does} (${beside.join('; ')})`;
    command.option(value === undefined ? option(key) : `${option(key)} <${value}>`, told);
  }
  return command;
}
