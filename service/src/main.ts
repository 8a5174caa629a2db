import { Command } from 'commander';
import { backtestCommand } from './commands/backtest.ts';
import { checkCommand } from './commands/check.ts';
import { fitCommand } from './commands/fit.ts';
import { importCommand } from './commands/import.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';

const program = new Command('lefton')
  .description('Notices unexpected household power use for the time of day, and tells people')
  .version('0.1.0')
  .showHelpAfterError();

for (const command of [
  importCommand(),
  fitCommand(),
  backtestCommand(),
  scoreCommand(),
  checkCommand(),
  serveCommand(),
]) {
  program.addCommand(command);
}

await program.parseAsync();
