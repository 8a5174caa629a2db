import { Connection } from 'home-assistant-js-websocket';
import { setTimeout } from 'node:timers/promises';
import type { HomeAssistantAddress } from './address.ts';
import { whyNoSocket } from './diagnosis.ts';
import type { Faults } from './fault.ts';
import { NoSocket, openSocket } from './socket.ts';
import { Late, within } from '../../runtime/within.ts';

/** All in ms. */
export interface LinkLimits {
  /** From the first packet to being let in. */
  readonly connectMs: number;
  /** How often a link is asked whether it still stands, and how long it may take to say so. */
  readonly pingMs: number;
  readonly pongMs: number;
}

export const LINK_LIMITS: LinkLimits = { connectMs: 10_000, pingMs: 30_000, pongMs: 10_000 };

/**
 * Logs in to a Home Assistant; the link is not renewed when it goes.
 * @param stop breaks off what is not open yet
 * @param onGone hears once that it has gone, unless this side closed it
 * @throws DeliveryError `home_assistant_away` or `token_refused`
 */
export async function openLink(
  address: HomeAssistantAddress,
  token: string,
  limits: LinkLimits,
  faults: Faults,
  stop: AbortSignal,
  onGone: () => void,
): Promise<Connection> {
  const socket = await openSocket(address.socketUrl, token, limits.connectMs, stop).catch(
    async (error: unknown) => {
      if (!(error instanceof NoSocket)) throw error;
      if (error.why === 'refused') throw faults.tokenRefused();
      throw faults.away(error.why ?? (await whyNoSocket(address.url, limits.connectMs, stop)));
    },
  );
  const again = (): Promise<never> => Promise.reject(new Error('connections are made in one place'));
  const connection = new Connection(socket, { setupRetry: 0, createSocket: again });
  const gone = new AbortController();
  connection.addEventListener('disconnected', () => {
    // or the package would reconnect as well, and keep the process for seconds after close()
    connection.close();
    gone.abort();
    onGone();
  });
  void watch(connection, limits, gone.signal);
  return connection;
}

/** Finds a link that is open on this side only: it takes what is sent, and nothing ever comes. */
async function watch(
  connection: Connection,
  { pingMs, pongMs }: LinkLimits,
  gone: AbortSignal,
): Promise<void> {
  for (;;) {
    await setTimeout(pingMs, undefined, { signal: gone, ref: false }).catch(() => undefined);
    if (!connection.connected) return;
    await within(connection.ping(), pongMs).catch((error: unknown) => {
      if (error instanceof Late) connection.reconnect(true);
    });
  }
}
