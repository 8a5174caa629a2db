import { randomBytes } from 'node:crypto';
import { createServer, request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What Home Assistant asks of its Supervisor when it begins; only what it reads of the answers. */
const INFO: Readonly<Record<string, object>> = {
  '/info': { supervisor: '2024.03.0', homeassistant: '2024.3.3', hassos: null, features: [] },
  '/host/info': { operating_system: 'stand-in' },
  '/os/info': { version: null, board: null },
  '/core/info': { version: '2024.3.3', version_latest: '2024.3.3' },
  '/supervisor/info': { version: '2024.03.0', version_latest: '2024.03.0', addons: [] },
  '/store': { addons: [], repositories: [] },
  '/ingress/panels': { panels: {} },
  '/discovery': { discovery: [] },
  '/resolution/info': { unsupported: [], unhealthy: [], issues: [], suggestions: [], checks: [] },
};
/** Hop by hop, or what people might claim of themselves: not passed on. */
const NOT_PASSED = ['content-length', 'transfer-encoding', 'x-supervisor-token'];
const USER = {
  'x-remote-user-id': 'a-user',
  'x-remote-user-name': 'anna',
  'x-remote-user-display-name': 'Anna',
};

/**
 * A stand-in for the Supervisor of a Home Assistant: it says that all is well, opens sessions of ingress, and passes on what
 * comes by one of them to an add-on, as supervisor/api/ingress.py of github.com/home-assistant/supervisor does.
 */
export class Supervisor {
  readonly token = randomBytes(16).toString('hex');
  /** Of the add-on, in the paths of its ingress. */
  readonly addOn = randomBytes(16).toString('hex');
  /** Paths that were asked for and are not known here. */
  readonly unknown: string[] = [];
  readonly #sessions = new Set<string>();
  readonly #server: Server;
  #addOnUrl = '';

  private constructor() {
    this.#server = createServer((request, response) => {
      if (
        request.url?.startsWith('/ingress/') === true &&
        request.headers['x-hass-source'] === 'core.ingress'
      )
        this.#pass(request, response);
      else this.#answer(request, response);
    });
  }

  static async start(): Promise<Supervisor> {
    const supervisor = new Supervisor();
    await new Promise<void>((resolve) => supervisor.#server.listen(0, '127.0.0.1', resolve));
    return supervisor;
  }

  /** HOST:PORT */
  get address(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Where the add-on listens. */
  serve(url: string): void {
    this.#addOnUrl = url;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer({ url = '', method, headers }: IncomingMessage, response: ServerResponse): void {
    const isOurs = headers.authorization === `Bearer ${this.token}`;
    response.statusCode = isOurs ? 200 : 401;
    response.setHeader('Content-Type', 'application/json');
    const data = isOurs ? this.#dataOf(url, method) : {};
    response.end(JSON.stringify({ result: isOurs ? 'ok' : 'error', data }));
  }

  #dataOf(url: string, method = 'GET'): object {
    if (url === '/ingress/session') {
      const session = randomBytes(32).toString('hex');
      this.#sessions.add(session);
      return { session };
    }
    if (method === 'GET' && INFO[url] === undefined && url !== '/supervisor/ping') this.unknown.push(url);
    return INFO[url] ?? {};
  }

  #pass(request: IncomingMessage, response: ServerResponse): void {
    const { url = '', method, headers } = request;
    const [, session = ''] = /(?:^|; )ingress_session=([^;]+)/.exec(headers.cookie ?? '') ?? [];
    const base = `/ingress/${this.addOn}/`;
    if (!this.#sessions.has(session) || !url.startsWith(base)) {
      response.writeHead(this.#sessions.has(session) ? 503 : 401).end();
      return;
    }
    const to = new URL(url.slice(base.length - 1), this.#addOnUrl);
    const asked = httpRequest(to, { method, headers: passedOn(headers) }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    response.on('close', () => asked.destroy());
    request.pipe(asked);
  }
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const kept = Object.entries(headers).filter(([name]) => !NOT_PASSED.includes(name));
  return { ...Object.fromEntries(kept), ...USER };
}
