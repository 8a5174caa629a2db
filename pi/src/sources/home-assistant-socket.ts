import { ERR_INVALID_AUTH } from 'home-assistant-js-websocket';
import type { HaWebSocket } from 'home-assistant-js-websocket';
import { whyNoAnswer } from './no-answer.ts';

/** Node's WebSocket does not tell why. */
class HungUp extends Error {}

/**
 * Opens a socket and logs in: the package's own way has no limit for a server that accepts and then says nothing, and
 * throws where nobody catches at what is no message.
 * @param url of Home Assistant, as in the browser
 * @throws Error that says why not, or ERR_INVALID_AUTH
 */
export async function openSocket(
  url: string,
  token: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<HaWebSocket> {
  const address = `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/api/websocket`;
  try {
    return await logIn(address, token, limitMs, signal);
  } catch (error) {
    if (!(error instanceof HungUp) || signal.aborted) throw error;
    throw new Error(await whyNoSocket(url, limitMs, signal), { cause: error });
  }
}

/** Asks what answers there, as a browser would. */
async function whyNoSocket(url: string, limitMs: number, stopping: AbortSignal): Promise<string> {
  const signal = AbortSignal.any([stopping, AbortSignal.timeout(limitMs)]);
  try {
    const { status, headers, body } = await fetch(url, { redirect: 'manual', signal });
    await body?.cancel();
    const to = URL.parse(headers.get('location') ?? '', url);
    // its origin only: the rest of a location may be secret
    const where = to === null || to.origin === URL.parse(url)?.origin ? '' : ` to ${to.origin}`;
    return `no WebSocket of Home Assistant there, but HTTP ${status}${where}`;
  } catch (error) {
    return whyNoAnswer(error, limitMs);
  }
}

function logIn(url: string, token: string, limitMs: number, signal: AbortSignal): Promise<HaWebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<HaWebSocket>();
  const socket = new WebSocket(url);
  const over = new AbortController();
  const listening = { signal: over.signal };
  const timer = setTimeout(() => {
    end(new Error(`no answer within ${limitMs / 1_000} s`));
  }, limitMs);
  const end = (why: unknown): void => {
    over.abort();
    clearTimeout(timer);
    socket.close();
    reject(why);
  };
  const hungUp = (): void => {
    end(new HungUp('no answer'));
  };
  socket.addEventListener('error', hungUp, listening);
  socket.addEventListener('close', hungUp, listening);
  signal.addEventListener('abort', hungUp, listening);
  socket.addEventListener(
    'message',
    ({ data }) => {
      const said = messageIn(data);
      if (said === undefined) end(new Error('what answers is not Home Assistant'));
      else if (said.type === 'auth_required')
        socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      else if (said.type === 'auth_invalid') end(ERR_INVALID_AUTH);
      else if (said.type === 'auth_ok') {
        over.abort();
        clearTimeout(timer);
        socket.addEventListener('message', keepNonsenseOut);
        resolve(Object.assign(socket, { haVersion: said.ha_version ?? '' }));
      }
    },
    listening,
  );
  return promise;
}

function keepNonsenseOut(this: WebSocket, event: MessageEvent): void {
  if (messageIn(event.data) !== undefined) return;
  event.stopImmediatePropagation();
  this.close();
}

/** A message, or several; undefined for what is neither. */
function messageIn(data: unknown): { type?: string; ha_version?: string } | undefined {
  try {
    const told: unknown = JSON.parse(String(data));
    return typeof told === 'object' && told !== null ? told : undefined;
  } catch {
    return undefined;
  }
}
