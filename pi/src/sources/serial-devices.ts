import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Converters, modems of microcontrollers, and the UART of a Raspberry Pi. */
const SERIAL = /^(?:tty(?:USB|ACM|AMA)\d+|serial\d+|lefton-meter)$/;

/** The serial devices that there are: by the names that stay, and where there are none by those of the kernel. */
export function serialDevices(dev = '/dev'): string[] {
  const byId = join(dev, 'serial', 'by-id');
  const stay = namesIn(byId).map((name) => join(byId, name));
  if (stay.length > 0) return stay;
  return namesIn(dev)
    .filter((name) => SERIAL.test(name))
    .map((name) => join(dev, name));
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}
