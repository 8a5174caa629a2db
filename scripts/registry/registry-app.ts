import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

const POM = join(import.meta.dirname, 'pom.xml');
const NAME = 'apicurio-registry-3.0.9';

/**
 * The jar that runs, unpacked once for all clones of this user.
 * @throws Error with what Maven said
 */
export function registryJar(): string {
  const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  const folder = join(cache, 'lefton', NAME);
  if (!existsSync(folder)) {
    mkdirSync(dirname(folder), { recursive: true });
    const fresh = mkdtempSync(`${folder}-`);
    const args = ['-q', '-B', '-f', POM, `-Dregistry.folder=${fresh}`, 'dependency:unpack'];
    const { status, stdout, stderr } = spawnSync('mvn', args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`Maven did not bring the registry:\n${stdout}${stderr}`);
    // whole or not at all, also when two do it at the same time
    if (existsSync(folder)) rmSync(fresh, { recursive: true });
    else renameSync(fresh, folder);
  }
  const jar = readdirSync(folder).find((name) => name.endsWith('-runner.jar'));
  if (jar === undefined) throw new Error(`${folder} holds no registry; delete it and start again`);
  return join(folder, jar);
}
