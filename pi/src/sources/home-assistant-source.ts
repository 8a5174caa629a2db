import { createConnection, createLongLivedTokenAuth, ERR_INVALID_AUTH } from 'home-assistant-js-websocket';
import type { Connection } from 'home-assistant-js-websocket';
import { Backoff } from '../link/backoff.ts';
import type { CaptureLog, Pause } from '../capture-log.ts';
import { Link } from '../link/link.ts';
import { LastReason } from '../link/last-reason.ts';
import type { LinkReport } from '../link/link.ts';
import type { Telegram } from '../meter.ts';
import { SensorState } from '../json/sensor-state.ts';
import type { Source } from '../source.ts';
import { openSocket } from './home-assistant-socket.ts';

/** A half-open connection says nothing: it is asked, and made anew when it does not answer. */
const PING_MS = 30_000;
const PONG_MS = 10_000;
const ENDED = 'the connection has ended';
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** A refused token changes by nobody's waiting, and Home Assistant bans whoever comes with it too often. */
const REFUSED_WAIT_MS = 600_000;

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
  /** The machine's clock: how old a state is. */
  readonly wall: () => number;
}

/** Follows a sensor over the websocket; what is unavailable or unknown there is a gap here. */
export class HomeAssistantSource implements Source {
  readonly name: string;
  readonly #settings: HomeAssistantSettings;
  readonly #parts: Parts;
  readonly #link: Link;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  readonly #reason = new LastReason();

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
      if (typeof connection === 'object') await this.#follow(connection, take, signal);
      await this.#parts.pause(connection === 'refused' ? REFUSED_WAIT_MS : this.#backoff.next(), signal);
    }
  }

  async #connect(signal: AbortSignal): Promise<Connection | 'refused' | undefined> {
    const { url, token } = this.#settings;
    const auth = createLongLivedTokenAuth(url, token);
    try {
      const connection = await createConnection({
        auth,
        createSocket: () => openSocket(url, token, PONG_MS, signal),
      });
      this.#link.opened();
      return connection;
    } catch (error) {
      if (error === ERR_INVALID_AUTH) {
        this.#away(
          'it refuses the token: make a new long-lived one there, set home_assistant_token, and start again',
        );
        return 'refused';
      }
      if (!signal.aborted) this.#away(error instanceof Error ? error.message : 'no answer');
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
    const { monotonic, wall } = this.#parts;
    const state = new SensorState(entity, holdMs);
    const tell = (): void => {
      const telegram = state.telegram(monotonic());
      if (telegram === undefined) return;
      this.#link.good();
      this.#backoff.reset();
      this.#reason.clear();
      take(telegram);
    };
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    connection.addEventListener('disconnected', () => {
      over.abort();
    });
    let why: string | undefined;
    try {
      const subscribed = connection.subscribeMessage<unknown>(
        (event) => {
          this.#link.came();
          if (state.take(event, { monotonic: monotonic(), wall: wall() })) tell();
        },
        { type: 'subscribe_entities', entity_ids: [entity] },
        { resubscribe: false },
      );
      why = await this.#whyNotAnswered(subscribed, either);
      // what it answers next comes after the first states: who is not among them is not there
      why ??= await this.#whyNotAnswered(connection.ping(), either);
      while (why === undefined) {
        const trouble = state.trouble(monotonic());
        if (trouble !== undefined) {
          this.#link.troubled(trouble);
          this.#say('a sensor tells nothing', trouble);
        }
        await this.#parts.pause(PING_MS, either);
        why = either.aborted ? ENDED : await this.#whyNotAnswered(connection.ping(), either);
        // a state that has not changed still holds: without a word it would look like a gap
        if (why === undefined) tell();
      }
    } finally {
      connection.close();
    }
    if (!signal.aborted) this.#away(why);
  }

  /** Undefined where there was an answer in time. */
  async #whyNotAnswered(asked: Promise<unknown>, signal: AbortSignal): Promise<string | undefined> {
    const late = new AbortController();
    try {
      return await Promise.race([
        asked.then(() => undefined),
        this.#parts
          .pause(PONG_MS, AbortSignal.any([signal, late.signal]))
          .then(() => (signal.aborted ? ENDED : `no answer within ${PONG_MS / 1_000} s`)),
      ]);
    } catch (error) {
      // what it refuses comes with its words, a lost connection as a number
      const { message } = typeof error === 'object' && error !== null ? (error as { message?: unknown }) : {};
      return typeof message === 'string' ? message : ENDED;
    } finally {
      late.abort();
    }
  }

  #away(why: string): void {
    this.#link.away(why);
    this.#say('Home Assistant is away', why);
  }

  /** Once, until it is well again or something else is the matter. */
  #say(event: string, why: string): void {
    if (this.#reason.isNew(why)) this.#parts.log.warn(event, { source: this.name, why });
  }
}
