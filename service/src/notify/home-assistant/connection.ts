import { ERR_CONNECTION_LOST } from 'home-assistant-js-websocket';
import type { MessageBase } from 'home-assistant-js-websocket';
import { z } from 'zod';
import type { DeliveryError } from '../../channel.ts';
import type { Log } from '../../telemetry/log.ts';
import { HomeAssistantAddress } from './address.ts';
import { Faults, isLost } from './fault.ts';
import { LINK_LIMITS } from './link.ts';
import type { LinkLimits } from './link.ts';
import { nameOf, serviceCall } from './request.ts';
import { StandingLink } from './standing-link.ts';
import { Late, within } from '../../runtime/within.ts';

/** How a Home Assistant is reached. */
export interface HomeAssistantSettings {
  /** http or https, as in the browser. */
  readonly url: string;
  /** A long-lived access token. */
  readonly token: string;
  readonly limits?: Partial<ConnectionLimits>;
}

/** All in ms. */
export interface ConnectionLimits extends LinkLimits {
  /** An answer to a request. */
  readonly answerMs: number;
  /** How long a request waits for a connection that is away. */
  readonly outageMs: number;
}

const LIMITS: ConnectionLimits = { ...LINK_LIMITS, answerMs: 10_000, outageMs: 5_000 };

const config = z.object({ version: z.string(), state: z.string().default('RUNNING') });

/** One connection to a Home Assistant, for all channels: made when it is needed, and made anew when it is lost. */
export class HomeAssistantConnection {
  readonly faults: Faults;
  readonly #limits: ConnectionLimits;
  readonly #log: Log;
  readonly #holders = new Set<unknown>();
  readonly #closing = new AbortController();
  readonly #stop = this.#closing.signal;
  readonly #link: StandingLink;

  /** @throws LeftOnError `bad_home_assistant_url` (fatal) */
  constructor({ url, token, limits }: HomeAssistantSettings, log: Log) {
    const address = new HomeAssistantAddress(url);
    this.#limits = { ...LIMITS, ...limits };
    this.#log = log;
    this.faults = new Faults(address.url, token);
    this.#link = new StandingLink({
      ...{ address, token, limits: this.#limits, faults: this.faults, log, stop: this.#stop },
    });
  }

  /**
   * Asks for what reaches nobody: looking, listening, turning the volume.
   * @throws DeliveryError, never doubtful
   */
  ask(message: MessageBase, limitMs = this.#limits.answerMs): Promise<unknown> {
    return this.#request(message, limitMs, false);
  }

  /**
   * Calls a service that reaches people.
   * @throws DeliveryError, doubtful when it was sent and the answer did not come
   */
  async act(domain: string, service: string, data: object, limitMs = this.#limits.answerMs): Promise<void> {
    await this.#request(serviceCall(domain, service, data), limitMs, true);
  }

  /** As `act`, for what reaches nobody. */
  async adjust(domain: string, service: string, data: object): Promise<void> {
    await this.ask(serviceCall(domain, service, data));
  }

  /**
   * Subscribes on the connection that stands now; it is not renewed.
   * @param onLost hears once when that connection has gone
   * @returns how to end it
   * @throws DeliveryError, never doubtful
   */
  async subscribe(
    message: MessageBase,
    onEvent: (event: unknown) => void,
    onLost: () => void,
  ): Promise<() => void> {
    const connection = await this.#link.connected();
    const gone = Promise.withResolvers<never>();
    let tell = (): void => {
      gone.reject(this.faults.away('the connection is lost'));
    };
    const lost = (): void => {
      tell();
    };
    connection.addEventListener('disconnected', lost);
    try {
      const subscribing = connection.subscribeMessage(this.#safe(onEvent), message, { resubscribe: false });
      // the package keeps a subscription that was under way when the connection went, for ever
      const end = await within(Promise.race([subscribing, gone.promise]), this.#limits.answerMs, this.#stop);
      tell = onLost;
      return () => {
        connection.removeEventListener('disconnected', lost);
        end().catch(() => undefined);
      };
    } catch (error) {
      connection.removeEventListener('disconnected', lost);
      throw await this.#explained(error, message.type, false);
    }
  }

  /**
   * The version, once it has started and lets the token in.
   * @throws DeliveryError
   */
  async version(): Promise<string> {
    const { version, state } = config.parse(await this.ask({ type: 'get_config' }));
    if (state !== 'RUNNING') throw this.faults.starting(state);
    return version;
  }

  /** Keeps the connection from ending with another's `letGo`. */
  hold(holder: object): void {
    this.#holders.add(holder);
  }

  /** Ends the connection when nobody else holds it. */
  letGo(holder: object): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0) this.close();
  }

  /** Ends the connection for good. */
  close(): void {
    this.#closing.abort();
    this.#link.close();
  }

  /** What an event makes go wrong would end the process: it comes from a socket, and nobody waits for it. */
  #safe(onEvent: (event: unknown) => void): (event: unknown) => void {
    return (event) => {
      try {
        onEvent(event);
      } catch (error) {
        this.#log.error('an event of Home Assistant is not understood', { why: String(error) });
      }
    };
  }

  async #request(message: MessageBase, limitMs: number, doubtful: boolean): Promise<unknown> {
    const connection = await this.#link.connected();
    try {
      return await within(connection.sendMessagePromise(message), limitMs, this.#stop);
    } catch (error) {
      throw await this.#explained(error, nameOf(message), doubtful);
    }
  }

  async #explained(error: unknown, request: string, doubtful: boolean): Promise<DeliveryError> {
    if (error instanceof Late)
      return this.faults.away(`none to ${request} within ${error.ms / 1000} s`, doubtful);
    if (error === this.#stop.reason) return this.faults.closed(doubtful);
    // a bare number: it had gone before the request
    if (error === ERR_CONNECTION_LOST) return this.faults.away('the connection is lost');
    if (isLost(error))
      return this.faults.away(`the connection went before the answer to ${request}`, doubtful);
    const answered = this.faults.answered(error, request);
    if (answered === undefined) throw error;
    return (await this.#startup()) ?? answered;
  }

  /** While it starts, services and players are not there yet. */
  async #startup(): Promise<DeliveryError | undefined> {
    const connection = this.#link.now;
    if (connection === undefined) return this.faults.away('the connection is lost');
    try {
      const told = await within(connection.sendMessagePromise({ type: 'get_config' }), this.#limits.answerMs);
      const { state } = config.parse(told);
      return state === 'RUNNING' ? undefined : this.faults.starting(state);
    } catch {
      return undefined;
    }
  }
}
