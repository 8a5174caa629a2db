import { Command } from 'commander';
import { BAD_SETTINGS } from './cli/command.ts';
import { VERSION } from './cli/software.ts';

/** Loaded when asked for, so that a running service does not hold the importers in memory. */
const COMMANDS = new Map<string, () => Promise<Command>>(
  Object.entries({
    import: async () => (await import('./commands/import.ts')).importCommand(),
    fit: async () => (await import('./commands/fit.ts')).fitCommand(),
    refit: async () => (await import('./commands/refit.ts')).refitCommand(),
    backtest: async () => (await import('./commands/backtest.ts')).backtestCommand(),
    score: async () => (await import('./commands/score.ts')).scoreCommand(),
    check: async () => (await import('./commands/check.ts')).checkCommand(),
    notify: async () => (await import('./commands/notify.ts')).notifyCommand(),
    fleet: async () => (await import('./commands/fleet.ts')).fleetCommand(),
    forget: async () => (await import('./commands/forget.ts')).forgetCommand(),
    backup: async () => (await import('./commands/backup.ts')).backupCommand(),
    restore: async () => (await import('./commands/backup.ts')).restoreCommand(),
    model: async () => (await import('./commands/model.ts')).modelCommand(),
    topics: async () => (await import('./commands/topics.ts')).topicsCommand(),
    capture: async () => (await import('./commands/capture.ts')).captureCommand(),
    serve: async () => (await import('./commands/serve.ts')).serveCommand(),
  }),
);

const program = new Command('lefton')
  .description('Notices unexpected household power use for the time of day, and tells people')
  .version(VERSION)
  .showHelpAfterError();

const asked = COMMANDS.get(process.argv[2] ?? '');
for (const load of asked === undefined ? COMMANDS.values() : [asked]) program.addCommand(await load());

for (const command of allOf(program)) {
  // what a shell makes of *.csv is not taken for its first file alone
  if (command.commands.length === 0) command.allowExcessArguments(false);
  command.exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : BAD_SETTINGS));
}
await program.parseAsync();

/** A command, and those below it. */
function allOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(allOf)];
}
