import type { Settings } from './settings.ts';

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);

/** True where others than this machine can connect, and nobody is asked who he is. */
export const isOpen = (host: string, token: string | null, ingress: readonly string[]): boolean =>
  token === null && ingress.length === 0 && !isLoopback(host);

/** What is wrong with who may call, as pairs of key and message. */
export function* listeningProblems({
  host,
  token,
  ingress_from,
}: Pick<Settings, 'host' | 'token' | 'ingress_from'>): Generator<['host', string]> {
  if (isOpen(host, token, ingress_from))
    yield [
      'host',
      'lets others than this machine connect: needs a token (LEFTON_TOKEN, or LEFTON_TOKEN_FILE)',
    ];
}
