import type { HaWebSocket } from 'home-assistant-js-websocket';
import { z } from 'zod';

const message = z.looseObject({ type: z.string() });
const envelope = z.union([message, z.array(message)]);
const greeting = z.object({ type: z.string(), ha_version: z.string().default('') });

/** Nobody answers, or with `refused` the token is. */
export class NoSocket extends Error {
  /** In a few words; undefined: Node does not tell. */
  readonly why: string | undefined;

  constructor(why: string | undefined) {
    super(why);
    this.name = 'NoSocket';
    this.why = why;
  }
}

/**
 * Opens a socket and logs in: the package's own way has no limit for a server that accepts and then says nothing.
 * @param stop breaks off
 * @throws NoSocket
 */
export function openSocket(
  url: string,
  token: string,
  limitMs: number,
  stop: AbortSignal,
): Promise<HaWebSocket> {
  const { promise, resolve, reject } = Promise.withResolvers<HaWebSocket>();
  const socket = new WebSocket(url);
  const listening = new AbortController();
  const { signal } = listening;
  const end = (why: string | undefined): void => {
    listening.abort();
    clearTimeout(timer);
    socket.close();
    reject(new NoSocket(why));
  };
  const timer = setTimeout(() => {
    end(`no answer within ${limitMs / 1000} s`);
  }, limitMs);
  const breakOff = (): void => {
    end('this side stops');
  };
  stop.addEventListener('abort', breakOff, { signal });
  if (stop.aborted) breakOff();
  socket.addEventListener(
    'error',
    () => {
      end(undefined);
    },
    { signal },
  );
  socket.addEventListener(
    'close',
    () => {
      end('it hung up');
    },
    { signal },
  );
  socket.addEventListener(
    'message',
    ({ data }) => {
      const { data: said } = greeting.safeParse(json(data));
      if (said === undefined) end('something that is not Home Assistant');
      else if (said.type === 'auth_required')
        socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      else if (said.type === 'auth_invalid') end('refused');
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
