import type { Response } from 'express';
import { once } from 'node:events';
import { z } from 'zod';
import type { Operation } from '../contract/operation.ts';
import { Problem } from '../problem.ts';

/**
 * The same frames for those who read them by hand: what is called text/event-stream is packed by proxies such as Home
 * Assistant's, which hold it back meanwhile.
 */
export const BYTES = 'application/octet-stream';
const STREAM_TYPES = ['text/event-stream', BYTES];

/** What event streams answer, for the document. @param frames says what they tell */
export const streamAnswers = (frames: string): Operation['answers'] => {
  const schema = z.string().describe(frames);
  return { 200: { 'text/event-stream': { schema }, [BYTES]: { schema } } };
};

const HEARTBEAT_MS = 15_000;
/** A client that reads nothing for this long is cut off; it resumes with Last-Event-ID. */
const PATIENCE_MS = 30_000;
/** Of all streams together; `listen` takes more connections than this, so that there is room for questions. */
const MOST_CLIENTS = 250;

/** The id of a frame, to go on after: in Last-Event-ID or ?after=. */
export const framePlace = z
  .string()
  .regex(/^\d{1,15}$/, 'expected the id of an event')
  .meta({ examples: ['0'] })
  .optional();

/** One frame of server-sent events. @param data one line, such as JSON */
export const frameOf = (id: string, event: string, data: string): string =>
  `id: ${id}\nevent: ${event}\ndata: ${data}\n\n`;

/** All clients that listen to server-sent events: counted, kept alive, and sent home at the stop. */
export class EventStreams {
  readonly #clients = new Map<Response, AbortController>();
  readonly #most: number;
  readonly #stopping: AbortSignal;
  #heartbeat: NodeJS.Timeout | undefined;

  /** @param stopping ends every stream */
  constructor(stopping: AbortSignal, most = MOST_CLIENTS) {
    this.#most = most;
    this.#stopping = stopping;
    stopping.addEventListener('abort', () => {
      for (const gone of this.#clients.values()) gone.abort();
    });
  }

  /**
   * Answers with frames until they end, the client goes or the service stops. Frames are asked for no faster than the
   * client reads them, so what waits for it is bounded.
   * @throws Problem 429 when as many listen as can
   */
  async answer(
    response: Response,
    frames: (signal: AbortSignal) => AsyncIterable<string | Uint8Array>,
  ): Promise<void> {
    if (this.#clients.size >= this.#most) {
      throw new Problem(
        429,
        'Too many listeners',
        `At most ${this.#most} at a time. Close a page that is open elsewhere, and load this one again.`,
      );
    }
    response.writeHead(200, {
      'Content-Type':
        response.req.accepts(...STREAM_TYPES) === BYTES ? BYTES : 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    const gone = new AbortController();
    if (this.#stopping.aborted) gone.abort();
    this.#clients.set(response, gone);
    this.#heartbeat ??= setInterval(this.#beat, HEARTBEAT_MS);
    response.on('close', () => {
      gone.abort();
    });
    try {
      response.write('retry: 2000\n\n');
      for await (const frame of frames(gone.signal))
        if (!response.write(frame)) await drained(response, gone.signal);
    } finally {
      this.#clients.delete(response);
      if (this.#clients.size === 0) {
        clearInterval(this.#heartbeat);
        this.#heartbeat = undefined;
      }
      response.end();
    }
  }

  readonly #beat = (): void => {
    for (const response of this.#clients.keys())
      if (!response.writableNeedDrain) response.write(': still here\n\n');
  };
}

async function drained(response: Response, signal: AbortSignal): Promise<void> {
  try {
    await once(response, 'drain', { signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
  } catch {
    response.destroy();
  }
}
