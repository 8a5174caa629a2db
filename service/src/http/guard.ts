import type { RequestHandler } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Problem } from './problem.ts';

/** Who may talk to the service. */
export interface GuardSettings {
  /** Null: no token is asked for, which only a loopback address may do. */
  readonly token: string | null;
  /** Names under which the service may be addressed, beside the loopback ones. */
  readonly hosts: readonly string[];
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
/** Whoever watches whether the process lives has no token. */
const OPEN = ['/healthz', '/readyz'];

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);

/**
 * A page of the web that has its own name point at this machine (DNS rebinding) comes with a foreign Host, and one that
 * posts across sites with a foreign Origin: both are refused. Then the bearer token, compared in constant time.
 */
export function guard({ token, hosts }: GuardSettings): RequestHandler {
  const allowed = new Set([...LOOPBACK, ...hosts.map((host) => host.toLowerCase())]);
  return (request, response, next) => {
    const host = nameOf(request.headers.host ?? '');
    if (!allowed.has(host)) {
      throw new Problem(421, 'Unknown host', 'Pass this name with --allow-host if it is meant to be used.');
    }
    const { origin, authorization } = request.headers;
    if (origin !== undefined && request.method !== 'GET' && !sameOrigin(origin, request.headers.host ?? '')) {
      throw new Problem(403, 'Foreign origin', 'Requests from pages of other sites are refused.');
    }
    if (token !== null && !OPEN.includes(request.path) && !isEqual(bearerOf(authorization), token)) {
      response.setHeader('WWW-Authenticate', 'Bearer');
      throw new Problem(401, 'Token needed', 'Send the header Authorization: Bearer TOKEN.');
    }
    next();
  };
}

/** The host of a Host header, without its port. */
const nameOf = (header: string): string => header.toLowerCase().replace(/:\d+$/, '');

function sameOrigin(origin: string, host: string): boolean {
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}

const bearerOf = (authorization: string | undefined): string =>
  /^Bearer (.+)$/i.exec(authorization ?? '')?.[1] ?? '';

function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
