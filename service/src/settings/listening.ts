import type { Settings } from './settings.ts';

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);

/** What is wrong with who may call, as pairs of key and message. */
export function* listeningProblems({
  host,
  token,
  ingress_from,
}: Pick<Settings, 'host' | 'token' | 'ingress_from'>): Generator<['host', string]> {
  if (token === null && ingress_from.length === 0 && !isLoopback(host))
    yield [
      'host',
      'lets others than this machine connect: needs a token (LEFTON_TOKEN, or LEFTON_TOKEN_FILE)',
    ];
}
