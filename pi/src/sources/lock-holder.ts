import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';

/** Who has a device for itself alone. */
export interface Holder {
  readonly pid: number;
  /** Its program, and of LeftOn its command: `lefton serve`. */
  readonly name: string;
  readonly isLeftOn: boolean;
}

const LEFTON = /^lefton(?:\.js)?$/;

/** Who has locked a device, as the kernel tells everybody; undefined where nobody has, or where it is not told. */
export function holderOf(device: string): Holder | undefined {
  try {
    const { dev, ino } = statSync(device);
    // as the kernel packs them, and as it writes them in hex
    const [major, minor] = [(dev >> 8) & 0xfff, (dev & 0xff) | ((dev >> 12) & 0xfff00)];
    const place = `${hex(major)}:${hex(minor)}:${ino}`;
    for (const line of readFileSync('/proc/locks', 'utf8').split('\n')) {
      const [, kind, , , pid, locked] = line.trim().split(/\s+/);
      if (kind === 'FLOCK' && locked === place) return named(Number(pid));
    }
  } catch {
    // a device that is gone, or a system that does not tell
  }
  return undefined;
}

function named(pid: number): Holder {
  const told = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  const words = told.map((word) => basename(word));
  const at = words.findIndex((word) => LEFTON.test(word));
  // nothing but these: what else it was started with may be secret
  const name = at < 0 ? (words[0] ?? '') : `lefton ${words[at + 1] ?? ''}`;
  return { pid, name: name.trim(), isLeftOn: at >= 0 };
}

const hex = (value: number): string => value.toString(16).padStart(2, '0');
