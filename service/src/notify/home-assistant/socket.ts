import { ERR_INVALID_AUTH } from 'home-assistant-js-websocket';
import type { HaWebSocket } from 'home-assistant-js-websocket';
import { z } from 'zod';

const message = z.looseObject({ type: z.string() });
const envelope = z.union([message, z.array(message)]);
const greeting = z.object({ type: z.string(), ha_version: z.string().default('') });

/**
 * Opens a socket and logs in: the package's own way has no limit for a server that accepts and then says nothing.
 * @throws ERR_INVALID_AUTH, or an Error that says in a few words why nobody answers
 */
export function openSocket(url: string, token: string, limitMs: number): Promise<HaWebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<HaWebSocket>();
  const socket = new WebSocket(url);
  const listening = new AbortController();
  const { signal } = listening;
  const end = (why: unknown): void => {
    listening.abort();
    clearTimeout(timer);
    socket.close();
    reject(why);
  };
  const timer = setTimeout(() => {
    end(new Error(`no answer within ${limitMs / 1000} s`));
  }, limitMs);
  socket.addEventListener(
    'error',
    (event) => {
      end(new Error(whyOf(event)));
    },
    { signal },
  );
  socket.addEventListener(
    'close',
    () => {
      end(new Error('it hung up'));
    },
    { signal },
  );
  socket.addEventListener(
    'message',
    ({ data }) => {
      const { data: said } = greeting.safeParse(json(data));
      if (said === undefined) end(new Error('something that is not Home Assistant'));
      else if (said.type === 'auth_required')
        socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      else if (said.type === 'auth_invalid') end(ERR_INVALID_AUTH);
      else if (said.type === 'auth_ok') {
        listening.abort();
        clearTimeout(timer);
        socket.addEventListener('message', keepNonsenseOut);
        resolve(Object.assign(socket, { haVersion: said.ha_version }));
      }
    },
    { signal },
  );
  return promise;
}

/** The package would throw where nobody catches, and the process would end. */
function keepNonsenseOut(this: WebSocket, event: MessageEvent): void {
  if (envelope.safeParse(json(event.data)).success) return;
  event.stopImmediatePropagation();
  this.close();
}

function json(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return undefined;
  }
}

/** The code where there is one, such as ECONNREFUSED. */
function whyOf(event: Event): string {
  const error: unknown = 'error' in event ? event.error : undefined;
  const causes = [error, error instanceof Error ? error.cause : undefined];
  const code = causes
    .map((cause) => (cause instanceof Error && 'code' in cause ? String(cause.code) : ''))
    .find((text) => text !== '' && !text.startsWith('UND_'));
  return code ?? 'no WebSocket of Home Assistant there';
}
