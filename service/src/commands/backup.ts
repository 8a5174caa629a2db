import { LeftOnError } from '@lefton/core';
import { Command } from 'commander';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { action, say } from '../cli/command.ts';
import { isOfModels, withBeside } from '../models/model-paths.ts';
import { readSettings } from '../settings/read.ts';
import { SOFTWARE } from '../cli/software.ts';
import { backUp, backupAbout } from '../sqlite/backup.ts';
import type { BackedUpFile } from '../sqlite/backup-file.ts';
import { isInUse } from '../sqlite/database.ts';
import { restore } from '../sqlite/restore.ts';

const EXAMPLES = `
Examples:
  Copy all that a running service keeps, and its models, into one file
    lefton backup /mnt/backup/lefton-monday.db --db lefton.db --model models/own
  Have it all back on a new machine, before lefton serve is started there
    lefton restore /mnt/backup/lefton-monday.db --db lefton.db --model models/own
  The same with the models of a fleet
    lefton backup /mnt/backup/lefton-monday.db --db lefton.db --model-store fleet.db
    lefton restore /mnt/backup/lefton-monday.db --db lefton.db --model-store fleet.db

The file holds how people live: keep it as the database itself. Settings and secrets are not in it.
Exit codes: 0 done, 1 it could not be done, 2 the settings are not right.`;

const withPlaces = (command: Command): Command =>
  command
    .option('--db <file>', 'the database of lefton serve (default: lefton.db)')
    .option('--model <path>', 'its model file, or the folder of them')
    .option('--model-store <file>', "the store of a fleet's models")
    .option('--config <file>', 'JSON file with settings')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES);

/** `lefton backup` */
export const backupCommand = (): Command =>
  withPlaces(
    new Command('backup')
      .argument('<file>', 'where it goes; not written over')
      .description('copy the database of a service, also of a running one, and its models into one file'),
  ).action(
    action('backup', async (out: string, { json, ...flags }: Readonly<Record<string, unknown>>) => {
      const { db, model, model_store: fleet } = readSettings('any', flags, process.env).settings;
      const files = model === undefined ? [] : filesOf(model);
      await backUp(db, out, backupAbout(Date.now(), SOFTWARE, isInUse(db)), files, fleet);
      const { size } = statSync(out);
      const names = files.map(({ name }) => name);
      if (json === true) say(JSON.stringify({ file: out, bytes: size, models: names, model_store: fleet }));
      else
        say(
          `${out}: ${size} bytes, with ${names.length} model files${fleet === null ? '' : ` and ${fleet}`}.`,
        );
      return 0;
    }),
  );

/** `lefton restore` */
export const restoreCommand = (): Command =>
  withPlaces(
    new Command('restore')
      .argument('<file>', 'what lefton backup has made')
      .description('put a backup in place of a database and models that are gone'),
  )
    .option('--tell-pending', 'also tell what the service may have told after the backup was taken')
    .action(
      action(
        'restore',
        (file: string, { json, tellPending, ...flags }: Readonly<Record<string, unknown>>) => {
          const { db, model, model_store: fleet } = readSettings('any', flags, process.env).settings;
          const written: string[] = [];
          const restored = undoing(written, () =>
            restore(file, db, Date.now(), tellPending === true, fleet, (files) => {
              if (model !== undefined) putBack(files, model, written);
            }),
          );
          const { files, notTold, fleetModels, ...about } = restored;
          if (json === true)
            say(
              JSON.stringify({ db, ...about, models: written, fleet_models: fleetModels, not_told: notTold }),
            );
          else {
            say(`${db}: as it was at ${about.at}, with ${written.length} model files.`);
            if (written.length < files.length)
              say(`${files.length - written.length} model files stay in the backup.`);
            if (fleetModels !== null)
              say(
                fleet === null
                  ? `${fleetModels} models of a fleet stay in the backup: --model-store FILE puts them back.`
                  : `${fleet}: ${fleetModels} models of a fleet.`,
              );
            if (notTold > 0) say(`${notTold} alerts are not told: the service may have told them meanwhile.`);
          }
          return 0;
        },
      ),
    );

function filesOf(path: string): BackedUpFile[] {
  const fileNames = isFolder(path)
    ? readdirSync(path).map((name) => join(path, name))
    : withBeside(path).filter((file) => existsSync(file));
  if (fileNames.length === 0 && !existsSync(path))
    throw misplaced(path, 'a model file, or a folder of them', 'no such file');
  return fileNames.filter(isOfModels).map((file) => ({ name: basename(file), content: readFileSync(file) }));
}

/** @throws LeftOnError `backup_failed` for the name of one file where there are several models */
function mustHavePlace(files: readonly BackedUpFile[], path: string): void {
  if (!isOneFile(path) || files.filter(({ name }) => name.endsWith('.json')).length <= 1) return;
  throw misplaced(path, 'a folder, as the backup has several models', 'the name of one file');
}

const misplaced = (place: string, expected: string, found: string): LeftOnError =>
  new LeftOnError({ code: 'backup_failed', place, expected, found });

const isOneFile = (path: string): boolean => path.endsWith('.json');

/**
 * Into a folder, or under the name of one file. What is there stays as it is.
 * @param written each file as it comes
 */
function putBack(files: readonly BackedUpFile[], path: string, written: string[]): void {
  mustHavePlace(files, path);
  const single = isOneFile(path);
  const folder = single ? dirname(path) : path;
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, content } of files) {
      // a name from a file is not trusted to stay in the folder
      const own = basename(single ? basename(path) + name.replace(/^.*\.json/, '') : name);
      const file = join(folder, own);
      if (existsSync(file)) continue;
      written.push(file);
      writeFileSync(file, content, { flush: true });
    }
  } catch (error) {
    throw misplaced(path, 'a place for the models, with room for them', (error as Error).message);
  }
}

/** What was written is taken away again where the rest does not succeed. */
function undoing<T>(written: readonly string[], work: () => T): T {
  try {
    return work();
  } catch (error) {
    for (const file of written) rmSync(file, { force: true });
    throw error;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
