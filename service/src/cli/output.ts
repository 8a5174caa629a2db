import { fstatSync, writeFileSync } from 'node:fs';

/** What is to be done when standard output takes no more. */
interface OutputTrouble {
  /** Whoever read it has seen enough, as `head` does. */
  readonly gone: () => void;
  /** It cannot be written, as on a full disk. */
  readonly fault: (why: string) => void;
}

type Streams = Pick<NodeJS.Process, 'stdout' | 'stderr'>;

/** Hears what becomes of the output of this process. */
export function heedOutput({ stdout, stderr }: Streams, { gone, fault }: OutputTrouble): void {
  if (fstatSync(stdout.fd).isFile()) writeWholly(stdout);
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') gone();
    else fault(`standard output: expected room to write, found ${error.message}`);
  });
  // there is nobody left to tell
  stderr.on('error', () => undefined);
}

/** A nearly full disk takes a part of a write; Node passes over the rest of it. */
function writeWholly(stdout: Streams['stdout']): void {
  stdout._write = (chunk: string | Uint8Array, _encoding, done) => {
    try {
      writeFileSync(stdout.fd, chunk);
      done();
    } catch (error) {
      done(error as Error);
    }
  };
}
