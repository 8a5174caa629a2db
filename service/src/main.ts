import { Command } from 'commander';
import { serveCommand } from './commands/serve.ts';

const program = new Command('lefton')
  .description('Notices unexpected household power use for the time of day, and tells people')
  .version('0.1.0')
  .showHelpAfterError();

// one line per command: import, fit, backtest, score, check join here
program.addCommand(serveCommand());

await program.parseAsync();
