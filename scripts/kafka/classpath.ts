import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'classpath');

/**
 * The Java class path of a pom. Maven is asked once per pom; after that a file tells.
 * @throws Error with what Maven said
 */
export function classpathOf(pom: string): string {
  const file = join(
    CACHE,
    `${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 16)}.txt`,
  );
  if (existsSync(file)) {
    const known = readFileSync(file, 'utf8');
    if (known.split(':').every((jar) => existsSync(jar))) return known;
  }
  mkdirSync(CACHE, { recursive: true });
  const fresh = `${file}.${process.pid}`;
  const args = ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${fresh}`];
  const { status, stdout, stderr } = spawnSync('mvn', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Maven found no class path for ${pom}:\n${stdout}${stderr}`);
  renameSync(fresh, file);
  return readFileSync(file, 'utf8');
}
