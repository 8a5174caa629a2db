import type { Instant } from '@lefton/core';
import { accessSync, chmodSync, constants, copyFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dropStore, makeStore } from '../fleet/store-backup.ts';
import { targetOf } from '../models/whole-file.ts';
import { attempt, contentsOf, failed, refuseExisting, ROOM, withDatabase } from './backup-file.ts';
import type { BackedUpFile, BackupAbout } from './backup-file.ts';

const OF_BACKUP = 'a file that lefton backup has made';
const MAYBE_TOLD = 'restored from a backup of a running service: it may have been told since';

/** What came out of a backup. */
interface Restored extends BackupAbout {
  readonly files: readonly BackedUpFile[];
  /** Alerts that are not told, as they may have been. */
  readonly notTold: number;
  /** Models of a fleet in the backup; null where it has none. */
  readonly fleetModels: number | null;
}

/**
 * Puts a backup in place of a database that is gone, and of the store of a fleet's models.
 * @param fleet where that store goes; null: it stays in the backup
 * @param tellPending also what a service that was running may have told since
 * @param accept puts the files where they belong, before anything else is there; throws where they have no place
 * @throws LeftOnError `backup_failed`
 */
export function restore(
  file: string,
  db: string,
  now: Instant,
  tellPending: boolean,
  fleet: string | null = null,
  accept: (files: readonly BackedUpFile[]) => void = () => undefined,
): Restored {
  const places = [db, ...(fleet === null ? [] : [fleet])];
  for (const place of places.flatMap((each) => [each, `${targetOf(each)}-wal`])) refuseExisting(place);
  // a link stays one
  const target = targetOf(db);
  const fleetTarget = fleet === null ? null : targetOf(fleet);
  const part = `${target}.part`;
  const fleetPart = `${fleetTarget ?? target}.fleet.part`;
  try {
    attempt(file, OF_BACKUP, () => {
      accessSync(file, constants.R_OK);
    });
    copyFileSync(file, part);
    // a backup that was put away may be read only; its copy is worked on
    chmodSync(part, statSync(part).mode | 0o600);
    const { about, files, fleetModels } = attempt(file, OF_BACKUP, () => withDatabase(part, contentsOf));
    const fleetGoesTo = fleetModels === null ? null : fleetTarget;
    rmSync(fleetPart, { force: true });
    if (fleetGoesTo !== null)
      attempt(fleetGoesTo, ROOM, () => {
        makeStore(part, fleetPart);
      });
    accept(files);
    const restored = withDatabase(part, (copy) => {
      copy.exec('BEGIN; DROP TABLE backup; DROP TABLE backup_files;');
      const settled = copy.prepare(
        "UPDATE outbox SET state = 'expired', begun = 0, note = ?, settled_at = ? WHERE state = 'pending'",
      );
      const notTold = about.running && !tellPending ? Number(settled.run(MAYBE_TOLD, now).changes) : 0;
      copy.exec('COMMIT');
      if (fleetModels !== null) dropStore(copy);
      return { ...about, files, notTold, fleetModels };
    });
    renameSync(part, target);
    if (fleetGoesTo !== null)
      attempt(fleetGoesTo, ROOM, () => {
        renameSync(fleetPart, fleetGoesTo);
      });
    return restored;
  } catch (error) {
    for (const left of [part, fleetPart]) rmSync(left, { force: true });
    throw failed(db, ROOM, error);
  }
}
