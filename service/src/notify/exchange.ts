import { request as overHttp } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as overHttps } from 'node:https';
import { connect, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { Answer } from './answer.ts';

/** Bytes of an answer's body that are read. */
const LONGEST_ANSWER = 64 * 1024;

/** What is asked, and for how long. */
interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

/** Nobody answered. */
export class NoAnswer extends Error {
  /** There was a connection, so the request may have arrived. */
  readonly sent: boolean;

  constructor(why: string, sent: boolean) {
    super(why);
    this.name = 'NoAnswer';
    this.sent = sent;
  }
}

/**
 * One request over a connection of its own, and its answer. Follows no redirect. Not by fetch, which does not tell
 * whether a request that got no answer had been sent.
 * @param timeoutMs for all of it
 * @throws NoAnswer
 */
export function exchange(url: URL, asked: Outgoing, timeoutMs: number, signal: AbortSignal): Promise<Answer> {
  const { method, headers, body } = asked;
  const secure = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    let sent = false;
    let done = false;
    let head: IncomingMessage | undefined;
    const chunks: Buffer[] = [];
    let size = 0;

    const request = (secure ? overHttps : overHttp)(url, { agent: false, method, headers });
    // ends for itself: a request whose connection is gone may say nothing any more
    const end = (flaw: string | null): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      request.destroy();
      if (head === undefined) reject(new NoAnswer(flaw ?? 'none', sent));
      else resolve(new Answer(head.statusCode ?? 0, head.headers, Buffer.concat(chunks).toString(), flaw));
    };
    const stop = (): void => {
      end('stopped');
    };
    const timer = setTimeout(() => {
      end('none in time');
    }, timeoutMs);
    signal.addEventListener('abort', stop);

    request.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => {
        sent = true;
      });
    });
    request.on('response', (response) => {
      head = response;
      response.on('data', (chunk: Buffer) => {
        size += chunk.byteLength;
        if (size > LONGEST_ANSWER) end('longer than 64 kB');
        else chunks.push(chunk);
      });
      response.on('end', () => {
        end(null);
      });
      response.on('error', () => {
        end('cut off');
      });
    });
    request.on('error', (error) => {
      end(head === undefined ? whyOf(error) : 'cut off');
    });
    request.on('close', () => {
      end('cut off');
    });
    if (signal.aborted) stop();
    else request.end(body);
  });
}

/**
 * Connects, with TLS where the URL has it, and lets go without a word.
 * @throws NoAnswer
 */
export function knock(url: URL, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port === '' ? (secure ? 443 : 80) : url.port);
  return new Promise((resolve, reject) => {
    const socket = secure
      ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) })
      : connect({ host, port });
    const end = (why: string | null): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      if (why === null) {
        // its last words of the handshake may still be under way
        socket.destroySoon();
        resolve();
      } else {
        socket.destroy();
        reject(new NoAnswer(why, false));
      }
    };
    const stop = (): void => {
      end('stopped');
    };
    const timer = setTimeout(() => {
      end('none in time');
    }, timeoutMs);
    signal.addEventListener('abort', stop);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      end(null);
    });
    socket.on('error', (error: Error) => {
      end(whyOf(error));
    });
    socket.on('close', () => {
      end('cut off');
    });
    if (signal.aborted) stop();
  });
}

/** A code where there is one: texts may repeat what was asked. */
function whyOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'no connection';
}
