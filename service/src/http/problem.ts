import { LeftOnError } from '@lefton/core';
import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { ZodError } from 'zod';
import type { Log } from '../telemetry/log.ts';

/** An error with its HTTP status, sent as application/problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  readonly title: string;
  readonly details: Readonly<Record<string, unknown>>;

  /** @param details further members of the problem document; `retry_after_s` is also told as a header */
  constructor(status: number, title: string, detail = '', details: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.details = details;
  }
}

/** Answers any method that a known path does not have. */
export const methodNotAllowed =
  (...allowed: readonly string[]): RequestHandler =>
  (_request, response) => {
    response.setHeader('Allow', allowed.join(', '));
    throw new Problem(405, 'Method not allowed', `This path takes ${allowed.join(' and ')}.`);
  };

/** Answers paths that do not exist. */
export const notFound: RequestHandler = () => {
  throw new Problem(404, 'Not found', 'There is nothing at this path.');
};

/** Turns whatever was thrown into a problem document. Only what we did not foresee is a 500, and is logged. */
export function problems(log: Log): ErrorRequestHandler {
  // express tells an error handler by its four parameters
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = problemOf(error);
    if (problem.status >= 500 && !(error instanceof LeftOnError) && !(error instanceof Problem)) {
      log.error('a request failed', {
        path: request.path,
        why: error instanceof Error ? error.message : 'unknown',
      });
    }
    send(request, response, problem);
  };
}

/** The problem document of an error that is told in the middle of an answer. */
export function problemAnswer(error: LeftOnError | Problem): {
  title: string;
  status: number;
  detail: string;
} {
  return documentOf(problemOf(error));
}

const documentOf = ({
  title,
  status,
  message,
  details,
}: Problem): { title: string; status: number; detail: string } => ({
  ...{ title, status, detail: message },
  ...details,
});

function send(request: Request, response: Response, problem: Problem): void {
  const { status, details } = problem;
  const wait = status === 503 ? 1 : details.retry_after_s;
  if (typeof wait === 'number') response.setHeader('Retry-After', String(wait));
  // what was not read of the body must not be taken for the next request
  if (!request.complete) response.setHeader('Connection', 'close');
  response.status(status).type('application/problem+json');
  response.send(JSON.stringify({ type: 'about:blank', ...documentOf(problem) }));
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof ZodError) {
    const errors = error.issues
      .slice(0, 20)
      .map(({ path, message }) => ({ place: path.join('.'), why: message }));
    const detail = errors.map(({ place, why }) => (place === '' ? why : `${place}: ${why}`)).join('; ');
    return new Problem(400, 'Bad request', detail, { errors });
  }
  if (error instanceof LeftOnError) return problemOfFault(error);
  const status = statusOf(error);
  if (status === undefined || !(error instanceof Error)) return new Problem(500, 'Internal error');
  switch (status) {
    case 413:
      return new Problem(413, 'Too large', error.message);
    case 415:
      return new Problem(415, 'Unsupported media type', error.message);
    default:
      return new Problem(status, 'Bad request', error.message);
  }
}

function problemOfFault(error: LeftOnError): Problem {
  const { code, place } = error;
  switch (error.faultClass) {
    case 'bad_data':
      return new Problem(400, 'Bad request', error.message, { code, place });
    case 'transient':
      return new Problem(503, 'Try again', error.message, { code });
    case 'fatal':
      return new Problem(500, 'Internal error', '', { code });
  }
}

/** The 4xx that express and its parsers put on their errors. */
function statusOf(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('status' in error)) return undefined;
  const { status } = error;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
