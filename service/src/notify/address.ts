import { LeftOnError } from '@lefton/core';

const LONGEST_TOLD = 200;

/** Where a receiver is. What is told of it is the origin alone: user, path and query of such a URL may be secret. */
export class Address {
  /** Scheme, host and port. */
  readonly origin: string;
  /** The header that user and password of the URL ask for. */
  readonly authorization: string | undefined;
  readonly #url: URL;
  readonly #secrets: readonly string[];

  /**
   * @param url http or https; may have `user:password@` before the host, a path and a query
   * @param secrets what else must not be told
   * @param place what the URL is of, for errors
   * @throws LeftOnError `bad_url` (fatal)
   */
  constructor(url: string, secrets: readonly string[], place: string) {
    const parsed = URL.parse(url);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw badUrl(place, 'another text');
    const { username, password, pathname, searchParams } = parsed;
    const credentials = [username, password].map((part) => decoded(part, place));
    const encoded = Buffer.from(credentials.join(':')).toString('base64');
    this.origin = parsed.origin;
    const hidden = [...credentials, ...pathname.split('/'), ...searchParams.values(), ...secrets];
    if (username !== '' || password !== '') {
      this.authorization = `Basic ${encoded}`;
      hidden.push(username, password, encoded);
    }
    this.#secrets = [...new Set(hidden.flatMap((text) => [text, encodeURIComponent(text.toWellFormed())]))]
      .filter((text) => text !== '')
      .sort((a, b) => b.length - a.length);
    parsed.username = parsed.password = parsed.hash = '';
    this.#url = parsed;
  }

  /** The URL itself, or what is below it; without user and password. */
  at(path = ''): URL {
    if (path === '') return new URL(this.#url);
    return new URL(`${this.origin}${this.#url.pathname.replace(/\/+$/, '')}${path}`);
  }

  /** A text from outside as it may be told: short, in one line, and without the secrets that it repeats. */
  tellable(text: string): string {
    return this.#secrets
      .reduce((told, secret) => told.replaceAll(secret, '***'), text.replace(/\p{C}+/gu, ' '))
      .slice(0, LONGEST_TOLD)
      .trim();
  }
}

function decoded(part: string, place: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badUrl(place, 'user or password with a % without two hexadecimal digits after it');
  }
}

/** The URL may be secret, so no error repeats it. */
const badUrl = (place: string, found: string): LeftOnError =>
  new LeftOnError({
    code: 'bad_url',
    faultClass: 'fatal',
    place,
    expected: 'http:// or https://, a host, and perhaps a path',
    found,
  });
