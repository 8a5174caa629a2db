import { LeftOnError } from '@lefton/core';

/** Where a registry is and who asks there. What it tells of itself never has user or password in it. */
export class RegistryAddress {
  /** Without user, password, query and last slash. */
  readonly url: string;
  /** The header that lets us in; undefined where nobody asks who we are. */
  readonly authorization: string | undefined;
  readonly #secrets: readonly string[];

  /**
   * @param url http or https; may have a path, and `user:password@` before the host
   * @param auth `user:password`, over what the URL has; null without
   * @throws LeftOnError `bad_registry_url` (fatal)
   */
  constructor(url: string, auth: string | null) {
    const parsed = URL.parse(url);
    if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw badUrl('another text');
    this.url = `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
    const credentials = auth ?? credentialsOf(parsed);
    if (credentials === null) {
      this.#secrets = [];
      return;
    }
    const encoded = Buffer.from(credentials).toString('base64');
    this.authorization = `Basic ${encoded}`;
    const [user = ''] = credentials.split(':', 1);
    const { username, password } = parsed;
    const secrets = [user, credentials.slice(user.length + 1), encoded, username, password];
    this.#secrets = secrets.filter((secret) => secret !== '');
  }

  /** A text from outside as it may be told: it may repeat what it was asked with. */
  tellable(text: string): string {
    return this.#secrets.some((secret) => text.includes(secret)) ? 'what must not be told' : text;
  }
}

function credentialsOf({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw badUrl('user or password with a % without two hexadecimal digits after it');
  }
}

/** The URL may have a password in it, so no error repeats it. */
const badUrl = (found: string): LeftOnError =>
  new LeftOnError({
    code: 'bad_registry_url',
    faultClass: 'fatal',
    place: 'URL of the schema registry',
    expected: 'http:// or https://, a host, and perhaps a path',
    found,
  });
