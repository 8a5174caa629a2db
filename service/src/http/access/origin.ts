import type { Request } from 'express';
import { isIP } from 'node:net';
import { hostname } from 'node:os';

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** The host of a Host header, without its port. */
const nameOf = (header: string): string => header.toLowerCase().replace(/:\d+$/, '');

/** The names under which this machine is asked, beside the loopback ones. */
export const ownNames = (allowed: readonly string[]): string[] => [
  ...allowed,
  hostname(),
  `${hostname()}.local`,
];

/** Names to be asked under, as `isKnown` looks them up. */
export const knownNames = (names: readonly string[]): ReadonlySet<string> =>
  new Set([...LOOPBACK, ...names].map((name) => name.toLowerCase()));

/** False for a name that a page of the web may have pointed here; an address cannot be made to point elsewhere. */
export function isKnown(header: string | undefined, names: ReadonlySet<string>): boolean {
  const host = nameOf(header ?? '');
  return names.has(host) || isIP(host.replace(/^\[|\]$/g, '')) !== 0;
}

/**
 * True where a page of another site asks, other than by a link that somebody follows. Sec-Fetch-Site is what the browser
 * itself says; over plain http beyond this machine it says nothing, and Origin is what there is.
 * @param forwarded the request came through a proxy that is trusted, and tells the name that the browser used
 */
export function isForeign({ method, headers }: Request, forwarded: boolean): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) {
    const isLink = headers['sec-fetch-mode'] === 'navigate' && method === 'GET';
    return site !== 'same-origin' && site !== 'none' && !isLink;
  }
  const { origin } = headers;
  if (origin === undefined) return false;
  const host = (forwarded ? one(headers['x-forwarded-host']) : undefined) ?? headers.host ?? '';
  return !URL.canParse(origin) || new URL(origin).host !== hostOf(origin, host);
}

/** True where the browser has said that one of our own pages asks; isForeign has refused what it said otherwise. */
export const isSurelyOwn = ({ headers }: Request): boolean =>
  headers['sec-fetch-site'] === 'same-origin' || headers.origin !== undefined;

const one = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;

/** A host as URL writes it, without the port that its scheme has anyway. */
function hostOf(origin: string, host: string): string {
  const url = `${new URL(origin).protocol}//${host}`;
  return URL.canParse(url) ? new URL(url).host : '';
}
