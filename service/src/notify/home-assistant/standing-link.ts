import type { Connection } from 'home-assistant-js-websocket';
import { setTimeout } from 'node:timers/promises';
import { DeliveryError } from '../../channel.ts';
import type { Log } from '../../telemetry/log.ts';
import type { HomeAssistantAddress } from './address.ts';
import type { Faults } from './fault.ts';
import { openLink } from './link.ts';
import type { LinkLimits } from './link.ts';

const AGAIN_MS = 250;

/** What a link is opened with. */
interface LinkParts {
  readonly address: HomeAssistantAddress;
  readonly token: string;
  /** All in ms; outageMs: how long somebody waits for a link that is away. */
  readonly limits: LinkLimits & { readonly outageMs: number };
  readonly faults: Faults;
  readonly log: Log;
  /** Aborted once there is to be no link any more. */
  readonly stop: AbortSignal;
}

/** The one link to a Home Assistant: opened when somebody needs it, and opened anew when it is lost. */
export class StandingLink {
  readonly #parts: LinkParts;
  #connection: Connection | undefined;
  #opening: Promise<Connection> | undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /** The link as it stands, whether or not it is still whole; undefined while there is none. */
  get now(): Connection | undefined {
    return this.#connection;
  }

  /** @throws DeliveryError `home_assistant_away` after a short wait, or `token_refused` */
  async connected(): Promise<Connection> {
    const { limits, faults, stop } = this.#parts;
    const deadline = performance.now() + limits.outageMs;
    for (;;) {
      if (stop.aborted) throw faults.closed();
      if (this.#connection?.connected === true) return this.#connection;
      this.#opening ??= this.#open().finally(() => {
        this.#opening = undefined;
      });
      try {
        return await this.#opening;
      } catch (error) {
        const left = deadline - performance.now();
        if (!(error instanceof DeliveryError) || error.faultClass !== 'transient' || left < AGAIN_MS)
          throw error;
      }
      await setTimeout(AGAIN_MS, undefined, { signal: stop }).catch(() => undefined);
    }
  }

  close(): void {
    this.#connection?.close();
  }

  async #open(): Promise<Connection> {
    const { address, token, limits, faults, log, stop } = this.#parts;
    const connection = await openLink(address, token, limits, faults, stop, () => {
      if (this.#connection === connection) this.#connection = undefined;
      log.warn('the connection to Home Assistant is lost');
    });
    if (stop.aborted) {
      connection.close();
      throw faults.closed();
    }
    this.#connection = connection;
    return connection;
  }
}
