import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { LinkQuality, MeterParser, Telegram } from '../meter.ts';

/** Raw output of real meters, kept outside the repository. */
const FOLDER = fileURLToPath(new URL('../../../../shared/data/meters/', import.meta.url));

/** For `skip`: false where the captures are at hand. */
export const noCaptures: string | false = existsSync(FOLDER) ? false : 'the captures are not at hand';

/** The bytes of a capture, unpacked, hexadecimal as bytes. */
export function capture(name: string): Uint8Array {
  const bytes = readFileSync(FOLDER + name);
  // never a Buffer: its slices would be views
  if (name.endsWith('.gz')) return Uint8Array.from(gunzipSync(bytes));
  return name.endsWith('.hex') ? hex(bytes.toString()) : Uint8Array.from(bytes);
}

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));
export const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
export const joined = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));

/** All telegrams of the bytes, given in pieces of a size. */
export function heard(parser: MeterParser, bytes: Uint8Array, size = bytes.length): Telegram[] {
  const telegrams: Telegram[] = [];
  for (let at = 0; at < bytes.length; at += size)
    parser.push(bytes.subarray(at, at + size), (telegram) => telegrams.push(telegram));
  return telegrams;
}

/** The counters that are not zero. */
export function damage({ bad }: LinkQuality): Partial<LinkQuality['bad']> {
  return Object.fromEntries(Object.entries(bad).filter(([, count]) => count > 0));
}
