import type { Request, Response } from 'express';

export const SESSION_COOKIE = 'lefton_session';
/** The service ends a session that is not used; the cookie only has to last longer. */
const LASTS_S = 365 * 86_400;
const ID = /^[\w-]{43}$/;

/** The ids that a browser sends: several where more than one LeftOn is at one address. */
export const sessionIdsOf = ({ headers }: Pick<Request, 'headers'>): string[] =>
  (headers.cookie ?? '').split(';').flatMap((pair) => {
    // an expression that looks for the name begins again at each blank
    const text = pair.trim();
    const at = text.indexOf('=');
    const id = text.slice(at + 1);
    return at === SESSION_COOKIE.length && text.startsWith(SESSION_COOKIE) && ID.test(id) ? [id] : [];
  });

/** Has the browser keep an id; null: forget it. */
export function setSessionCookie(request: Request, response: Response, id: string | null): void {
  const { origin, 'x-forwarded-proto': proto } = request.headers;
  const isSecure = proto === 'https' || origin?.startsWith('https:') === true;
  // no Path: the browser takes the folder of this request as it sees it, also below a prefix that only a proxy knows
  response.append(
    'Set-Cookie',
    [
      `${SESSION_COOKIE}=${id ?? ''}`,
      `Max-Age=${id === null ? 0 : LASTS_S}`,
      'HttpOnly',
      'SameSite=Strict',
      ...(isSecure ? ['Secure'] : []),
    ].join('; '),
  );
}
