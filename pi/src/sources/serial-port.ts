import { readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { SerialPort } from 'serialport';
import type { LineSettings } from '../meter.ts';
import type { Port, Wire } from '../wire.ts';
import { withoutParity } from './even-parity.ts';
import { holderOf } from './lock-holder.ts';
import { serialDevices } from './serial-devices.ts';

/** How often it is looked whether the device is still there. */
const LOOK_MS = 1_000;

/** A serial device, by a name that stays: /dev/serial/by-id/… or the udev rule's. */
export class SerialDevice implements Port {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async open(line: LineSettings, take: (bytes: Uint8Array) => void): Promise<Wire> {
    const { baudRate, stopBits } = line;
    // 7E1 is as long on the line as 8N1, and its parity is looked at here
    const { dataBits, parity } = line.dataBits === 7 ? ({ dataBits: 8, parity: 'none' } as const) : line;
    const port = new SerialPort({
      path: this.path,
      ...{ baudRate, dataBits, parity, stopBits },
      // two readers would get half of the bytes each
      lock: true,
      autoOpen: false,
    });
    const { promise: closed, resolve } = Promise.withResolvers<string>();
    port.on('data', withoutParity(line, take));
    port.on('error', ({ message }) => {
      resolve(message);
    });
    // with an error, with null, or with nothing at all, by how the line came to its end
    port.on('close', (error?: Error | null) => {
      resolve(error?.message ?? 'closed');
    });
    await new Promise<void>((opened, failed) => {
      port.open((error) => {
        if (error instanceof Error) failed(new Error(explained(error.message, this.path)));
        else opened();
      });
    });
    // a read of a line that was hung up gives nothing, again and again: the port may take that for a quiet line
    const opened = nodeAt(this.path);
    const look = setInterval(() => {
      if (nodeAt(this.path) !== opened) resolve('the device is gone');
    }, LOOK_MS);
    look.unref();
    return {
      closed,
      write: (bytes) => void port.write(Buffer.from(bytes)),
      close: () =>
        new Promise((done) => {
          clearInterval(look);
          if (!port.isOpen) done();
          else
            port.close(() => {
              done();
            });
        }),
    };
  }
}

/** What the system says of a device that cannot be opened, and what to do about it. */
function explained(said: string, device: string): string {
  const why = said.replace(/^Error:? /, '');
  if (why.includes('No such file')) return `${why}: ${others()}`;
  if (/Inappropriate ioctl|Is a directory/.test(why)) return `it is no serial device (${why}): ${others()}`;
  if (why.includes('Permission denied')) {
    const group = groupOf(device);
    return `${why}: its group may, which is ${group} (sudo usermod -aG ${group} ${userName()}, then log in anew)`;
  }
  if (!why.includes('Cannot lock port')) return why;
  const holder = holderOf(device);
  const who = holder === undefined ? '' : `${holder.name}, process ${holder.pid}: `;
  return `another program has it; end that first (${who}${why})`;
}

/** What there is in place of a device that is none. */
function others(): string {
  const found = serialDevices();
  return found.length === 0 ? 'no serial device is there; is the cable in?' : `there is ${found.join(', ')}`;
}

/** The group of a device; that of nearly all serial devices where it cannot be found out. */
function groupOf(device: string): string {
  try {
    const { gid } = statSync(device);
    const groups = readFileSync('/etc/group', 'utf8').split('\n');
    const found = groups.map((line) => line.split(':')).find(([, , id]) => id === String(gid));
    return found?.[0] ?? 'dialout';
  } catch {
    return 'dialout';
  }
}

/** Who runs this; some users of containers have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'USER';
  }
}

/** Which device a path leads to; undefined where to none that can be looked at. */
function nodeAt(path: string): string | undefined {
  try {
    const { dev, ino, rdev } = statSync(path);
    return `${dev} ${ino} ${rdev}`;
  } catch {
    return undefined;
  }
}
