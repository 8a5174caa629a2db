import { MINUTE } from '@lefton/core';
import type { Request, RequestHandler, Response } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import { AddressList } from '../../settings/address-list.ts';
import type { Log } from '../../telemetry/log.ts';
import type { Attempts } from './attempts.ts';
import { isForeign, isKnown, isSurelyOwn, knownNames } from './origin.ts';
import { Problem } from '../problem.ts';
import { setSafeHeaders } from './safe-headers.ts';
import { sessionIdsOf } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

/** Who may talk to the service. */
export interface GuardSettings {
  /** Null: no token is asked for where only this machine can reach the service, and none is taken elsewhere. */
  readonly token: string | null;
  /** Only this machine can reach the service. */
  readonly isLocal: boolean;
  /** Names under which the service may be addressed, beside the loopback ones. */
  readonly hosts: readonly string[];
  /** Addresses and networks of Home Assistant's ingress, which has asked who its people are. */
  readonly ingress: readonly string[];
}

/** By what right a request is answered; undefined: by none. */
type Caller = 'open' | 'ingress' | 'token' | 'session' | undefined;

/** Whoever watches whether the process lives has no token; who has none yet logs in. */
const OPEN = ['/healthz', '/readyz', '/login'];
const SAFE_METHODS = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Stands before every route. A page of the web that has its own name point at this machine (DNS rebinding) comes with a
 * foreign Host, and one that asks across sites with a foreign origin: both are refused. Then the caller is looked at:
 * bearer token or session, each compared in constant time.
 */
export class Guard {
  readonly #settings: GuardSettings;
  readonly #hosts: ReadonlySet<string>;
  readonly #ingress: AddressList;
  readonly #sessions: Sessions;
  readonly #attempts: Attempts;
  readonly #log: Log;

  constructor(settings: GuardSettings, sessions: Sessions, attempts: Attempts, log: Log) {
    this.#settings = settings;
    this.#hosts = knownNames(settings.hosts);
    this.#ingress = new AddressList(settings.ingress);
    this.#sessions = sessions;
    this.#attempts = attempts;
    this.#log = log;
  }

  readonly handle: RequestHandler = (request, response, next) => {
    const framed = this.comesByIngress(request);
    setSafeHeaders(response, framed);
    if (!framed && !isKnown(request.headers.host, this.#hosts))
      throw new Problem(421, 'Unknown host', 'Pass this name with --allow-host if it is meant to be used.');
    if (isForeign(request, framed))
      throw new Problem(403, 'Foreign origin', 'Requests from pages of other sites are refused.');
    if (OPEN.includes(request.path)) {
      next();
      return;
    }
    const caller = this.callerOf(request);
    if (caller === 'session' && !SAFE_METHODS.includes(request.method) && !isSurelyOwn(request))
      throw new Problem(
        403,
        'Foreign origin',
        'A browser says where a request comes from; this one did not.',
      );
    if (caller === undefined) this.#refuse(request, response);
    else next();
  };

  comesByIngress({ socket, headers }: Request): boolean {
    return headers['x-ingress-path'] !== undefined && this.#ingress.has(socket.remoteAddress ?? '');
  }

  /** @throws Problem 401 for a wrong token, 429 after too many of them */
  callerOf(request: Request): Caller {
    const { token, isLocal } = this.#settings;
    if (token === null && isLocal) return 'open';
    if (this.comesByIngress(request)) return 'ingress';
    if (token === null) return undefined;
    const bearer = bearerOf(request.headers.authorization);
    if (bearer !== undefined) {
      if (this.isRight(request, bearer)) return 'token';
      throw new Problem(401, 'Wrong token', 'The token is not the one that this service is set to.');
    }
    return sessionIdsOf(request).some((id) => this.#sessions.isOpen(id)) ? 'session' : undefined;
  }

  /** @throws Problem 429 after too many wrong ones; then the right one is not looked at either */
  isRight(request: Request, given: string): boolean {
    const address = request.socket.remoteAddress ?? '';
    const wait = this.#attempts.wait(address);
    if (wait > 0) {
      const minutes = Math.ceil(wait / MINUTE);
      throw new Problem(
        429,
        'Too many wrong tokens',
        `Try again in ${minutes} minute${minutes === 1 ? '' : 's'}.`,
        { retry_after_s: Math.ceil(wait / 1_000) },
      );
    }
    const right = this.#settings.token !== null && isEqual(given, this.#settings.token);
    if (right) this.#attempts.succeeded(address);
    else {
      this.#attempts.failed(address);
      this.#log.warn('a wrong token was given', { address });
    }
    return right;
  }

  #refuse(request: Request, response: Response): void {
    if (this.#settings.token === null)
      throw new Problem(401, 'Not by Home Assistant', 'For others than its ingress, set LEFTON_TOKEN.');
    if (request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '')) {
      // relative, as only the browser knows what stands in front of the path
      response.redirect(303, `${'../'.repeat(request.path.split('/').length - 2)}login`);
      return;
    }
    response.setHeader('WWW-Authenticate', 'Bearer');
    throw new Problem(
      401,
      'Token needed',
      'Send the header Authorization: Bearer TOKEN, or log in at /login with a browser.',
    );
  }
}

/** The token of an Authorization header. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^Bearer (.+)$/i.exec(header ?? '')?.[1];

/** In constant time. */
export function isEqual(a: string, b: string): boolean {
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(a), hash(b));
}
