import { basename } from 'node:path';
import { notebookFiles, runNotebook } from './notebook.ts';

const HELP = `usage: npm run notebooks:run [-- PART-OF-A-NAME]

Runs the notebooks from top to bottom and prints what their cells print.
They read the sample house, or a history of your own:

  LEFTON_HISTORY=home.csv LEFTON_ZONE=Europe/Paris npm run notebooks:run

Exit code 0; 1 when a cell failed or no notebook has such a name.`;

const [part = ''] = process.argv.slice(2);
if (part === '--help') {
  console.log(HELP);
} else {
  const files = notebookFiles().filter((file) => basename(file).includes(part));
  if (files.length === 0) {
    console.error(`There is no notebook with ${part} in its name.`);
    process.exitCode = 1;
  }
  for (const file of files) {
    console.log(`--- ${basename(file)}\n`);
    const { output, failure } = runNotebook(file, process.env);
    console.log(output);
    if (failure === null) continue;
    console.error(failure);
    process.exitCode = 1;
  }
}
