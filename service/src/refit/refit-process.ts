import { LeftOnError } from '@lefton/core';
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { refitRecord } from './refit-record.ts';
import type { RefitRecord } from './refit-record.ts';
import { yields } from '../runtime/worker.ts';

/** Fits a model file of a meter anew and decides whether it stays. Rejects with a LeftOnError. */
export type Refit = (file: string, meter: string, signal: AbortSignal) => Promise<RefitRecord>;

const LEFTON = join(import.meta.dirname, '..', '..', 'lefton.js');
const MOST_OUTPUT = 65_536;

/**
 * `lefton refit` in a process of its own: the loop is never held up, and the memory goes back when it ends.
 * @param db the service's own database, which the process only reads
 */
export const refitInProcess =
  (db: string, windows: string | null): Refit =>
  (file, meter, signal) =>
    new Promise((resolve, reject) => {
      const marked = windows === null ? [] : ['--windows', windows];
      const args = ['refit', '--db', db, '--model', file, '--meter', meter, '--json', ...marked];
      // no settings of the service, and so no secrets
      const env = { PATH: process.env.PATH };
      const child = spawn(process.execPath, [LEFTON, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        signal,
        env,
      });
      const [out, err] = [gathered(child.stdout), gathered(child.stderr)];
      const fail = (found: string): void => {
        reject(new LeftOnError({ code: 'refit_failed', place: file, expected: 'a decision', found }));
      };
      yields(child, constants.priority.PRIORITY_LOW);
      child.once('error', (error) => {
        // one that was stopped may still write until it is closed
        if (error.name !== 'AbortError') fail(error.message);
      });
      child.once('close', (code) => {
        if (code !== 0) {
          fail(err().trim() || `exit code ${String(code)}`);
          return;
        }
        try {
          resolve(refitRecord.parse(JSON.parse(out())));
        } catch {
          fail('another answer');
        }
      });
    });

function gathered(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk: Buffer | string) => {
    if (text.length < MOST_OUTPUT) text += chunk.toString();
  });
  return () => text;
}
