import { LeftOnError, MINUTE, SECOND } from '@lefton/core';
import { randomUUID } from 'node:crypto';
import type { Log } from '../telemetry/log.ts';
import type { Pause } from '../ports.ts';
import { BrokerConnection } from './broker-connection.ts';
import type { BrokerSettings } from './broker-connection.ts';
import { discoveryOf } from './discovery.ts';
import type { Publisher } from './discovery.ts';
import type { MeterView } from './meter-view.ts';
import type { EntityNames } from './names.ts';
import { statesOf } from './states.ts';
import { Topics } from './topics.ts';
import type { TopicSettings } from './topics.ts';

const FIRST_RETRY_MS = SECOND;
const LONGEST_RETRY_MS = MINUTE;
/** A broker passes a message on at once. */
const ECHO_MS = 3 * SECOND;
/** So many at a time wait for the broker to confirm them. */
const BATCH = 100;

/** How and where entities are published. */
export interface EntitySettings extends BrokerSettings, TopicSettings, Publisher {
  readonly names: EntityNames;
  /** Changes are told at most so often. */
  readonly everyMs: number;
}

/** Keeps entities of all meters in Home Assistant, by way of an MQTT broker that may come and go. */
export class EntityPublisher {
  readonly #settings: EntitySettings;
  readonly #topics: Topics;
  readonly #meters: () => readonly MeterView[];
  readonly #pause: Pause;
  readonly #log: Log;
  /** What the broker has of us, by topic; forgotten with the connection, and with the meter. */
  readonly #published = new Map<string, string>();

  /** Forgotten meters, until their entities are taken away. */
  readonly #gone = new Set<string>();
  readonly #closing = new AbortController();

  /** @param meters all meters as they stand when it is called */
  constructor(settings: EntitySettings, meters: () => readonly MeterView[], pause: Pause, log: Log) {
    this.#settings = settings;
    this.#topics = new Topics(settings);
    this.#meters = meters;
    this.#pause = pause;
    this.#log = log;
  }

  /** Takes the entities of a meter away that is forgotten: they would show for ever how it stood last. */
  letGo(meter: string): void {
    this.#gone.add(meter);
  }

  /** Breaks off what a broker is still waited for. */
  close(): void {
    this.#closing.abort();
  }

  /** Publishes until aborted. A broker that is away or refuses is logged and tried again, less and less often. */
  async run(signal: AbortSignal): Promise<void> {
    let wait = FIRST_RETRY_MS;
    while (!signal.aborted) {
      try {
        await this.#session(signal, () => (wait = FIRST_RETRY_MS));
      } catch (error) {
        if (!(error instanceof LeftOnError)) throw error;
        const fields = { code: error.code, why: error.message, wait_ms: wait };
        if (error.faultClass === 'transient') this.#log.warn('the MQTT broker is away', fields);
        else this.#log.error('the MQTT broker does not take the entities', fields);
        await this.#pause(wait, signal);
        wait = Math.min(wait * 2, LONGEST_RETRY_MS);
      }
    }
  }

  /**
   * Proves that the broker lets us in, and that what we write can be read; nothing of it stays there.
   * @throws LeftOnError with what is to be mended
   */
  async check(): Promise<string> {
    const { trial } = this.#topics;
    const id = randomUUID();
    const { promise: heard, resolve } = Promise.withResolvers<undefined>();
    const connection = await BrokerConnection.open(this.#settings, null, (_topic, payload) => {
      if (payload === id) resolve(undefined);
    });
    const late = AbortSignal.any([AbortSignal.timeout(ECHO_MS), connection.lost]);
    const { promise: missed, reject } = Promise.withResolvers<never>();
    missed.catch(() => undefined);
    late.addEventListener('abort', () => {
      reject(connection.lost.aborted ? (connection.lost.reason as LeftOnError) : this.#denied(connection));
    });
    try {
      await connection.subscribe(trial);
      await connection.publish(trial, id, false);
      await Promise.race([heard, missed]);
      return `${connection.place} lets us in, and passes on what is written to ${trial}`;
    } finally {
      await connection.close();
    }
  }

  #denied({ place }: BrokerConnection): LeftOnError {
    const expected = `the right to write and read below ${this.#settings.prefix}/`;
    const found = 'that what was written did not come back';
    return new LeftOnError({ code: 'mqtt_denied', place, expected, found, faultClass: 'fatal' });
  }

  async #session(signal: AbortSignal, wentWell: () => void): Promise<void> {
    const { availability, homeAssistant } = this.#topics;
    const will = { topic: availability, payload: 'offline' };
    this.#published.clear();
    const { signal: stop } = this.#closing;
    const hear = (topic: string, payload: string): void => {
      // it has started and knows nothing, or the will of a connection that is no more came late
      if (topic === homeAssistant && payload === 'online') this.#published.clear();
      if (topic === availability && payload !== 'online') this.#published.delete(availability);
    };
    const connection = await BrokerConnection.open(this.#settings, will, hear, stop);
    try {
      await connection.subscribe(homeAssistant);
      await connection.subscribe(availability);
      const either = AbortSignal.any([signal, connection.lost]);
      this.#log.info('entities are published', { broker: connection.place });
      while (!signal.aborted) {
        await this.#publishChanges(connection);
        wentWell();
        await this.#pause(this.#settings.everyMs, either);
        connection.lost.throwIfAborted();
      }
      await connection.publish(availability, 'offline', true);
    } finally {
      await connection.close();
    }
  }

  async #publishChanges(connection: BrokerConnection): Promise<void> {
    const { names } = this.#settings;
    const changes: [string, string][] = [];
    const ours = new Set<string>();
    const add = (payloads: Iterable<readonly [string, string]>): void => {
      for (const [topic, payload] of payloads) {
        ours.add(topic);
        if (this.#published.get(topic) !== payload) changes.push([topic, payload]);
      }
    };
    for (const view of this.#meters()) {
      // not gone yet, and then that is said again; or heard again
      this.#gone.delete(view.meter);
      add(discoveryOf(view.meter, this.#topics, names, this.#settings));
      add(statesOf(view, this.#topics));
    }
    add([[this.#topics.availability, 'online']]);
    // another process may publish a meter that is not ours any more, and it may come back to us
    for (const topic of this.#published.keys()) if (!ours.has(topic)) this.#published.delete(topic);
    const gone = [...this.#gone];
    changes.push(...gone.flatMap((meter) => this.#nothingOf(meter)));
    for (let i = 0; i < changes.length; i += BATCH)
      await Promise.all(
        changes.slice(i, i + BATCH).map(async ([topic, payload]) => {
          // before it is: what arrives meanwhile may say that it is to be published again
          this.#published.set(topic, payload);
          await connection.publish(topic, payload, true);
        }),
      );
    for (const meter of gone) this.#gone.delete(meter);
  }

  /** What empties the topics of a meter: those first that make Home Assistant show it. */
  #nothingOf(meter: string): [string, string][] {
    const shown = discoveryOf(meter, this.#topics, this.#settings.names, this.#settings).keys();
    return [...shown, ...this.#topics.statesOf(meter)].map((topic) => [topic, '']);
  }
}
