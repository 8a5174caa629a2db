import { spawnSync } from 'node:child_process';

/** What to do where something is missing: a sentence for people. */
const NO_PYTHON =
  'Home Assistant 2024.3 needs Python 3.11 with venv: apt-get install python3 python3-venv (of Debian 12)';

const runs = (command: string, args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/** The Python that Home Assistant is installed for; undefined where there is none. */
export function python(): string | undefined {
  const right = 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))';
  return ['python3.11', 'python3', '/usr/bin/python3'].find((name) => runs(name, ['-c', right]));
}

/** Why no MQTT broker can run here; undefined where one can. */
export function missingMosquitto(): string | undefined {
  return spawnSync('mosquitto', ['-h'], { stdio: 'ignore' }).error === undefined
    ? undefined
    : 'an MQTT broker is needed: apt-get install mosquitto';
}

/** Why no Home Assistant can run here; undefined where one can. */
export function missingHomeAssistant(): string | undefined {
  if (python() === undefined) return NO_PYTHON;
  if (!runs('mpd', ['--version']) || !runs('ffmpeg', ['-version']))
    return 'a media player is needed, and what makes mp3 of speech: apt-get install mpd ffmpeg';
  return missingMosquitto();
}
