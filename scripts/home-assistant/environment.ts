import { join } from 'node:path';
import { pythonEnvironment } from '../python/environment.ts';
import { python } from './needed.ts';

const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const NAME = 'home-assistant-2024.3.3-py3.11';

/**
 * The Python that has Home Assistant, made once for all clones of this user: some 700 MB in the cache folder.
 * @param say hears what is done, where anything is
 * @throws Error with what pip said
 */
export async function homeAssistantPython(say: (line: string) => void): Promise<string> {
  const base = python();
  if (base === undefined) throw new Error('there is no Python for Home Assistant');
  const program = { title: 'Home Assistant', name: NAME, requirements: REQUIREMENTS, base };
  return pythonEnvironment(program, say);
}
