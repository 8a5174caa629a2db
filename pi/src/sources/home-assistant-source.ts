import { createConnection, createLongLivedTokenAuth, ERR_INVALID_AUTH } from 'home-assistant-js-websocket';
import type { Connection } from 'home-assistant-js-websocket';
import { Backoff } from '../backoff.ts';
import type { CaptureLog, Pause } from '../capture-log.ts';
import { Link } from '../link.ts';
import type { LinkReport } from '../link.ts';
import type { Telegram } from '../meter.ts';
import { SensorState } from '../sensor-state.ts';
import type { Source } from '../source.ts';
import { openSocket } from './home-assistant-socket.ts';

/** A half-open connection says nothing: it is asked, and made anew when it does not answer. */
const PING_MS = 30_000;
const PONG_MS = 10_000;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/** A sensor of Home Assistant that tells power, or a register. */
export interface HomeAssistantSettings {
  readonly url: string;
  readonly token: string;
  readonly entity: string;
  /** A state that does not change is taken to hold for this long. */
  readonly holdMs: number;
}

/** What a source of this kind stands on. */
interface Parts {
  readonly log: CaptureLog;
  readonly pause: Pause;
  readonly monotonic: () => number;
}

/** Follows a sensor over the websocket; what is unavailable or unknown there is a gap here. */
export class HomeAssistantSource implements Source {
  readonly name: string;
  readonly #settings: HomeAssistantSettings;
  readonly #parts: Parts;
  readonly #link: Link;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  #said = '';
  #connected = false;

  constructor(settings: HomeAssistantSettings, parts: Parts) {
    this.name = `home-assistant ${settings.entity}`;
    this.#settings = settings;
    this.#parts = parts;
    this.#link = new Link(parts.monotonic);
  }

  link(): LinkReport {
    return this.#link.report(this.name);
  }

  async run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const connection = await this.#connect(signal);
      if (connection !== undefined) await this.#follow(connection, take, signal);
      await this.#parts.pause(this.#backoff.next(), signal);
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection | undefined> {
    const { url, token } = this.#settings;
    const auth = createLongLivedTokenAuth(url, token);
    try {
      const connection = await createConnection({
        auth,
        createSocket: () => openSocket(auth.wsUrl, token, PONG_MS, signal),
      });
      if (this.#connected) this.#link.reopened();
      this.#connected = true;
      this.#said = '';
      return connection;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'no answer';
      if (!signal.aborted) this.#say(error === ERR_INVALID_AUTH ? 'the token is not right' : why);
      return undefined;
    }
  }

  /** Until aborted, or nothing answers any more. */
  async #follow(
    connection: Connection,
    take: (telegram: Telegram) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { entity, holdMs } = this.#settings;
    const { monotonic, log } = this.#parts;
    const state = new SensorState(entity, holdMs);
    let unit: string | undefined;
    const tell = (): void => {
      const telegram = state.telegram(monotonic());
      if (telegram !== undefined) {
        this.#link.good();
        this.#backoff.reset();
        take(telegram);
      } else if (state.foreignUnit !== unit) {
        unit = state.foreignUnit;
        if (unit !== undefined)
          log.warn('a sensor has another unit than W, kW, VA, Wh or kWh', { entity, unit });
      }
    };
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    connection.addEventListener('disconnected', () => {
      over.abort();
    });
    try {
      const subscribed = connection.subscribeMessage<unknown>(
        (event) => {
          if (state.take(event, monotonic())) tell();
        },
        { type: 'subscribe_entities', entity_ids: [entity] },
        { resubscribe: false },
      );
      let answers = await this.#isAnswered(subscribed, either);
      while (answers) {
        await this.#parts.pause(PING_MS, either);
        answers = !either.aborted && (await this.#isAnswered(connection.ping(), either));
        if (answers && !state.isThere) this.#missing();
        // a state that has not changed still holds: without a word it would look like a gap
        if (answers) tell();
      }
    } finally {
      connection.close();
    }
    if (!signal.aborted) this.#say('the connection has ended');
  }

  /** False where there is no answer in time, an error, or no time. */
  async #isAnswered(asked: Promise<unknown>, signal: AbortSignal): Promise<boolean> {
    const late = new AbortController();
    try {
      return await Promise.race([
        asked.then(() => true),
        this.#parts.pause(PONG_MS, AbortSignal.any([signal, late.signal])).then(() => false),
      ]);
    } catch {
      return false;
    } finally {
      late.abort();
    }
  }

  #missing(): void {
    const { entity } = this.#settings;
    if (this.#said !== entity)
      this.#parts.log.warn(
        'Home Assistant has no such sensor: its developer tools list those that there are',
        {
          entity,
        },
      );
    this.#said = entity;
  }

  #say(why: string): void {
    if (why !== this.#said) this.#parts.log.warn('Home Assistant is away', { source: this.name, why });
    this.#said = why;
  }
}
