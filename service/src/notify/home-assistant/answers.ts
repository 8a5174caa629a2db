import { setTimeout } from 'node:timers/promises';
import { LeftOnError } from '@lefton/core';
import { z } from 'zod';
import type { Log } from '../../telemetry/log.ts';
import type { HomeAssistantConnection } from './connection.ts';
import { answerOf, isOurs } from './phone-action.ts';

/** What is done about an answer. */
export interface AnswerHandlers {
  /** "That was fine": about an episode, which may not exist any more. */
  readonly onFine: (episode: string) => void;
  /** Tell nobody for so long. */
  readonly onMute: (ms: number) => void;
}

export const ANSWER_EVENT = 'mobile_app_notification_action';
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** Nothing changes by itself: a refused token, or one that may not listen. */
const REFUSED_WAIT_MS = 10 * 60_000;

const event = z.object({ data: z.object({ action: z.string() }) });

/** Hears what people answer on the phone, as long as it runs. What they answer during an outage is not heard. */
export class PhoneAnswers {
  readonly #connection: HomeAssistantConnection;
  readonly #handlers: AnswerHandlers;
  readonly #log: Log;
  readonly #closing = new AbortController();
  readonly #closed = Promise.withResolvers<undefined>();
  #running: Promise<void> | undefined;
  #malformed = 0;

  constructor(connection: HomeAssistantConnection, handlers: AnswerHandlers, log: Log) {
    this.#connection = connection;
    this.#handlers = handlers;
    this.#log = log;
    connection.hold(this);
  }

  /** How many answers looked like ours and were not. */
  get malformed(): number {
    return this.#malformed;
  }

  /** Listens from now on, also over outages. */
  start(): void {
    this.#running ??= this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#closed.resolve(undefined);
    this.#connection.letGo(this);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    let wait = FIRST_WAIT_MS;
    while (!this.#isClosed()) {
      try {
        await this.#listen();
        wait = FIRST_WAIT_MS;
      } catch (error) {
        if (!(error instanceof LeftOnError)) throw error;
        if (this.#isClosed()) return;
        this.#log.warn('answers of phones are not heard', { code: error.code, why: error.message });
        wait = error.faultClass === 'fatal' ? REFUSED_WAIT_MS : Math.min(wait * 2, LONGEST_WAIT_MS);
      }
      await setTimeout(wait, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  /** Resolves when the connection has gone, or on close. */
  async #listen(): Promise<void> {
    const lost = Promise.withResolvers<undefined>();
    const subscription = { type: 'subscribe_events', event_type: ANSWER_EVENT };
    const end = await this.#connection.subscribe(
      subscription,
      (heard) => {
        this.#hear(heard);
      },
      () => {
        lost.resolve(undefined);
      },
    );
    this.#log.info('answers of phones are heard');
    await Promise.race([lost.promise, this.#closed.promise]);
    end();
  }

  #isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  #hear(heard: unknown): void {
    const { success, data } = event.safeParse(heard);
    // other automations have actions of their own
    if (!success || !isOurs(data.data.action)) return;
    const answer = answerOf(data.data.action);
    if (answer === undefined) {
      this.#malformed++;
      this.#log.warn('an answer of a phone is not understood', { malformed: this.#malformed });
    } else if (answer.kind === 'fine') this.#handlers.onFine(answer.episode);
    else this.#handlers.onMute(answer.ms);
  }
}
