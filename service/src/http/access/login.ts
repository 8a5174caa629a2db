import { LANGUAGES } from '@lefton/core';
import express from 'express';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Guard } from './guard.ts';
import { LOGIN_STYLE, loginPage } from './login-page.ts';
import type { LoginTrouble } from './login-page.ts';
import { endpointsOf } from '../contract/endpoints.ts';
import type { Endpoints, Operations } from '../contract/endpoints.ts';
import { json } from '../contract/operation.ts';
import { Problem } from '../problem.ts';
import { contentPolicy } from './safe-headers.ts';
import { sessionIdsOf, setSessionCookie } from './session-cookie.ts';
import type { Sessions } from './sessions.ts';

const query = z.strictObject({
  again: z
    .literal('1')
    .meta({ examples: ['1'] })
    .optional(),
});
const form = z.strictObject({ token: z.string().min(1) });
const page = { 'text/html': { schema: z.string() } };
const FORM = 'application/x-www-form-urlencoded';

const operations = {
  ask: {
    method: 'get',
    path: '/login',
    summary: 'the page where a browser gives the token',
    open: true,
    query,
    answers: { 200: page, 303: {} },
  },
  login: {
    method: 'post',
    path: '/login',
    summary: 'a session by cookie for the right token',
    open: true,
    body: { [FORM]: { schema: form, examples: ['token=the-token-of-this-service'] } },
    answers: { 303: {}, 401: page, 429: page },
  },
  logout: {
    method: 'post',
    path: '/logout',
    summary: 'ends the session',
    answers: { 303: {} },
  },
  session: {
    method: 'get',
    path: '/api/session',
    summary: 'by what right requests are answered',
    answers: { 200: json(z.object({ by: z.enum(['open', 'ingress', 'token', 'session']) })) },
  },
} satisfies Operations;

/** GET and POST /login, POST /logout, GET /api/session. */
export function loginRoutes(guard: Guard, sessions: Sessions): Endpoints {
  const show = (request: Request, response: Response, trouble: LoginTrouble | null, again = false): void => {
    const asked = request.acceptsLanguages(...LANGUAGES);
    const language = LANGUAGES.find((each) => each === asked) ?? 'en';
    response.set('Content-Security-Policy', contentPolicy(guard.comesByIngress(request), LOGIN_STYLE));
    response
      .vary('Accept-Language')
      .type('html')
      .send(loginPage(language, trouble, again));
  };
  return endpointsOf(operations, {
    ask: (request, response) => {
      const { again } = query.parse(request.query);
      if (guard.callerOf(request) !== undefined) response.redirect(303, './');
      else show(request, response, null, again === undefined && !isFromHere(request));
    },
    login: [
      express.urlencoded({ extended: false, limit: '1kb', parameterLimit: 1 }),
      (request, response) => {
        const { token } = form.parse(request.body);
        const caller = guard.callerOf(request);
        if (caller === 'open' || caller === 'ingress') {
          response.redirect(303, './');
          return;
        }
        try {
          if (guard.isRight(request, token)) {
            setSessionCookie(request, response, sessions.open());
            response.redirect(303, './');
          } else show(request, response.status(401), 'wrong');
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          const seconds = Number(error.details.retry_after_s);
          response.status(error.status).set('Retry-After', String(seconds));
          show(request, response, { minutes: Math.ceil(seconds / 60) });
        }
      },
    ],
    logout: (request, response) => {
      for (const id of sessionIdsOf(request)) sessions.close(id);
      setSessionCookie(request, response, null);
      response.redirect(303, 'login');
    },
    session: (request, response) => {
      response.json({ by: guard.callerOf(request) });
    },
  });
}

/** The address was typed, or our own page led here: a session cookie would have come along. */
const isFromHere = ({ headers }: Request): boolean =>
  headers['sec-fetch-site'] === 'same-origin' || headers['sec-fetch-site'] === 'none';
