import { once } from 'node:events';

interface Answer {
  readonly id?: number;
  readonly type: string;
  readonly success?: boolean;
  readonly result?: unknown;
  readonly error?: { readonly code: string; readonly message: string };
  readonly event?: HomeEvent;
}

/** An event of Home Assistant's bus. */
export interface HomeEvent {
  readonly event_type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Commands and events over Home Assistant's websocket, for tests: no reconnecting. */
export class HomeSocket {
  readonly #socket: WebSocket;
  readonly #hear: (event: HomeEvent) => void;
  readonly #waiting = new Map<number, Waiting>();
  #id = 0;

  private constructor(socket: WebSocket, hear: (event: HomeEvent) => void) {
    this.#socket = socket;
    this.#hear = hear;
  }

  /** @throws Error when the token is not taken */
  static async open(url: string, token: string, hear: (event: HomeEvent) => void): Promise<HomeSocket> {
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/api/websocket`);
    const home = new HomeSocket(socket, hear);
    const greeted = Promise.withResolvers<undefined>();
    greeted.promise.catch(() => undefined);
    socket.addEventListener('error', () => {
      greeted.reject(new Error('no websocket'));
    });
    socket.addEventListener('close', () => {
      home.#lost();
    });
    socket.addEventListener('message', ({ data }) => {
      const answer = JSON.parse(String(data)) as Answer;
      if (answer.type === 'auth_required') socket.send(JSON.stringify({ type: 'auth', access_token: token }));
      else if (answer.type === 'auth_ok') greeted.resolve(undefined);
      else if (answer.type === 'auth_invalid') greeted.reject(new Error('the token is not taken'));
      else home.#take(answer);
    });
    await greeted.promise;
    return home;
  }

  /** @throws Error with the code of the answer, or when the connection is lost */
  async ask(type: string, fields: object = {}): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN) throw new Error('the connection was lost');
    const id = ++this.#id;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    this.#socket.send(JSON.stringify({ id, type, ...fields }));
    return promise;
  }

  async close(): Promise<void> {
    if (this.#socket.readyState === WebSocket.CLOSED) return;
    const closed = once(this.#socket, 'close');
    this.#socket.close();
    await closed;
  }

  #take(answer: Answer): void {
    if (answer.type === 'event' && answer.event !== undefined) this.#hear(answer.event);
    const waiting = this.#waiting.get(answer.id ?? 0);
    if (answer.type !== 'result' || waiting === undefined) return;
    this.#waiting.delete(answer.id ?? 0);
    if (answer.success === true) waiting.resolve(answer.result);
    else waiting.reject(new Error(`${answer.error?.code ?? ''}: ${answer.error?.message ?? ''}`));
  }

  #lost(): void {
    for (const { reject } of this.#waiting.values()) reject(new Error('the connection was lost'));
    this.#waiting.clear();
  }
}
