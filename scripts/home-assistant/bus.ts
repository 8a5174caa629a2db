import { HomeSocket } from './socket.ts';
import type { HomeEvent } from './socket.ts';

const MOST_EVENTS = 10_000;

/** How an entity stands. */
export interface EntityState {
  readonly entity_id: string;
  readonly state: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A call of a service, whoever made it. */
export interface ServiceCall {
  readonly domain: string;
  readonly service: string;
  readonly service_data: Readonly<Record<string, unknown>>;
}

/** What happens in a Home Assistant, heard over its websocket. */
export class Bus {
  readonly #events: HomeEvent[] = [];
  #socket: HomeSocket | undefined;

  /** Hears everything from now on; the newest connection counts. */
  async listen(url: string, token: string): Promise<void> {
    await this.close();
    this.#socket = await HomeSocket.open(url, token, (event) => {
      this.#events.push(event);
      if (this.#events.length > MOST_EVENTS) this.#events.shift();
    });
    await this.#socket.ask('subscribe_events');
  }

  async close(): Promise<void> {
    await this.#socket?.close();
    this.#socket = undefined;
  }

  /** A command such as `config/entity_registry/list`. */
  async ask(type: string, fields: object = {}): Promise<unknown> {
    if (this.#socket === undefined) throw new Error('nobody listens');
    return this.#socket.ask(type, fields);
  }

  /** What events of a type carried, oldest first, since the start or `forget`. */
  events(type: string): readonly HomeEvent['data'][] {
    return this.#events.filter((event) => event.event_type === type).map(({ data }) => data);
  }

  /** Calls of a service such as `tts.speak`, oldest first, as `events`. */
  calls(name: string): readonly ServiceCall[] {
    const calls = this.events('call_service') as unknown as readonly ServiceCall[];
    return calls.filter(({ domain, service }) => `${domain}.${service}` === name);
  }

  /** The states that an entity went through, as `events`. */
  history(entity: string): readonly string[] {
    return this.events('state_changed')
      .filter(({ entity_id }) => entity_id === entity)
      .map(({ new_state }) => (new_state as EntityState | null)?.state ?? 'removed')
      .filter((state, i, all) => state !== all[i - 1]);
  }

  /** Forgets all that has happened before it was called, also what is still on its way here. */
  async forget(): Promise<void> {
    await this.ask('get_config');
    this.#events.length = 0;
  }
}
