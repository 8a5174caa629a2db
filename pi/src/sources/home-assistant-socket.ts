import { ERR_INVALID_AUTH } from 'home-assistant-js-websocket';
import type { HaWebSocket } from 'home-assistant-js-websocket';

/**
 * Opens a socket and logs in: the package's own way has no limit for a server that accepts and then says nothing, and
 * throws where nobody catches at what is no message.
 * @throws Error that says why not, or ERR_INVALID_AUTH
 */
export function openSocket(
  url: string,
  token: string,
  limitMs: number,
  signal: AbortSignal,
): Promise<HaWebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<HaWebSocket>();
  const socket = new WebSocket(url);
  const over = new AbortController();
  const listening = { signal: over.signal };
  const timer = setTimeout(() => {
    end(new Error('no answer'));
  }, limitMs);
  const end = (why: unknown): void => {
    over.abort();
    clearTimeout(timer);
    socket.close();
    reject(why);
  };
  const hungUp = (): void => {
    end(new Error('no answer'));
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
