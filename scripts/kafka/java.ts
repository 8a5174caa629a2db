import { spawnSync } from 'node:child_process';

/** What to do where there is no Java: a sentence for people. */
const NO_JAVA = 'a broker needs Java 17 or newer and Maven: apt-get install openjdk-17-jre-headless maven';

/** Why no broker can run here; undefined where one can. */
export function missingJava(): string | undefined {
  const java = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const version = Number(/version "(\d+)/.exec(java.stderr)?.[1] ?? 0);
  const maven = spawnSync('mvn', ['-v'], { encoding: 'utf8' });
  return version >= 17 && maven.status === 0 ? undefined : NO_JAVA;
}
