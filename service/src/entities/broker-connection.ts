import { LeftOnError } from '@lefton/core';
import type { FaultClass } from '@lefton/core';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'mqtt';
import type { MqttClient } from 'mqtt';

/** How an MQTT broker is reached. */
export interface BrokerSettings {
  /** `mqtt://host:port` or `mqtts://host:port`, without a login. */
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  /** PEM file of whoever signed the broker's certificate; null: whom Node.js trusts. */
  readonly caFile: string | null;
  /** Without an answer for this long the broker is away. */
  readonly timeoutMs?: number;
}

/** What the broker is to publish when this side goes without a word. */
interface LastWill {
  readonly topic: string;
  readonly payload: string;
}

const TIMEOUT_MS = 10_000;
const KEEPALIVE_S = 30;
/** Of MQTT 3.1.1: bad user name or password, not authorised. */
const REFUSALS: readonly unknown[] = [4, 5];

/** One connection to a broker; when it is lost, another one is opened. */
export class BrokerConnection {
  /** Aborted when the connection is lost, with the LeftOnError as reason. */
  readonly lost: AbortSignal;
  readonly place: string;
  readonly #client: MqttClient;
  readonly #timeoutMs: number;
  readonly #lose = new AbortController();

  private constructor(client: MqttClient, place: string, timeoutMs: number) {
    this.#client = client;
    this.place = place;
    this.#timeoutMs = timeoutMs;
    this.lost = this.#lose.signal;
  }

  /**
   * @param hear gets what arrives on subscribed topics
   * @param stop loses the connection without a word
   * @throws LeftOnError `bad_mqtt_url`, `bad_ca_file`, `mqtt_refused` (fatal), `mqtt_away` (transient)
   */
  static async open(
    settings: BrokerSettings,
    will: LastWill | null,
    hear: (topic: string, payload: string) => void,
    stop?: AbortSignal,
  ): Promise<BrokerConnection> {
    const place = placeOf(settings.url);
    const timeoutMs = settings.timeoutMs ?? TIMEOUT_MS;
    const { username, password, caFile } = settings;
    const client = connect(settings.url, {
      clientId: `lefton-${randomBytes(6).toString('hex')}`,
      keepalive: KEEPALIVE_S,
      connectTimeout: timeoutMs,
      // whoever opened it decides when to try again, and nothing waits in between
      reconnectPeriod: 0,
      queueQoSZero: false,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(caFile === null ? {} : { ca: authorityIn(caFile) }),
      ...(will === null
        ? {}
        : { will: { ...will, payload: Buffer.from(will.payload), qos: 1, retain: true } }),
    });
    const connection = new BrokerConnection(client, place, timeoutMs);
    client.on('error', (error) => {
      connection.#fail(error);
    });
    client.on('close', () => {
      connection.#fail(new Error('the connection was closed'));
    });
    client.on('message', (topic, payload) => {
      hear(topic, payload.toString());
    });
    const breakOff = (): void => {
      connection.#fail(new Error('this side stops'));
    };
    stop?.addEventListener('abort', breakOff, { signal: connection.lost });
    if (stop?.aborted === true) breakOff();
    await connection.#within(once(client, 'connect'));
    return connection;
  }

  /** Resolves when the broker has it. @throws LeftOnError `mqtt_away` */
  async publish(topic: string, payload: string, retain: boolean): Promise<void> {
    await this.#within(this.#client.publishAsync(topic, payload, { qos: 1, retain }));
  }

  /** @throws LeftOnError `mqtt_away`, or `mqtt_denied` (fatal) */
  async subscribe(topic: string): Promise<void> {
    const [granted] = await this.#within(this.#client.subscribeAsync(topic, { qos: 1 }));
    if (granted === undefined || granted.qos >= 128)
      throw faultAt(this.place, 'mqtt_denied', `the right to read ${topic}`, 'none', 'fatal');
  }

  /** Says goodbye: the last will is not published. */
  async close(): Promise<void> {
    if (!this.lost.aborted) await this.#within(this.#client.endAsync()).catch(() => undefined);
    await this.#client.endAsync(true);
  }

  #fail(error: unknown): void {
    if (this.lost.aborted) return;
    this.#lose.abort(explained(this.place, error));
    this.#client.end(true);
  }

  /** The first of: done, lost, out of time. */
  async #within<T>(work: Promise<T>): Promise<T> {
    const { promise: failed, reject } = Promise.withResolvers<never>();
    const fail = (): void => {
      reject(this.lost.reason as LeftOnError);
    };
    const timer = setTimeout(() => {
      this.#fail(new Error('no answer in time'));
    }, this.#timeoutMs);
    if (this.lost.aborted) fail();
    this.lost.addEventListener('abort', fail);
    // whichever is late has nobody to tell
    work.catch(() => undefined);
    try {
      return await Promise.race([work, failed]);
    } catch (error) {
      throw error instanceof LeftOnError ? error : explained(this.place, error);
    } finally {
      clearTimeout(timer);
      this.lost.removeEventListener('abort', fail);
    }
  }
}

function once(client: MqttClient, event: 'connect'): Promise<undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  client.once(event, () => {
    resolve(undefined);
  });
  return promise;
}

/** Host and port; a login in the URL is refused without being repeated. */
function placeOf(text: string): string {
  const url = URL.parse(text);
  const fault = (found: string): LeftOnError =>
    faultAt('MQTT broker', 'bad_mqtt_url', 'mqtt://host:port or mqtts://host:port', found, 'fatal');
  if (url === null) throw fault('no URL');
  if (url.protocol !== 'mqtt:' && url.protocol !== 'mqtts:') throw fault(url.protocol);
  if (url.username !== '' || url.password !== '') throw fault('a login in it, which has its own settings');
  return `MQTT broker ${url.host}`;
}

function authorityIn(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const found = error instanceof Error && 'code' in error ? String(error.code) : 'none';
    throw faultAt(file, 'bad_ca_file', 'a file of certificates', found, 'fatal');
  }
}

function explained(place: string, error: unknown): LeftOnError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const found = error instanceof Error ? error.message : 'no connection';
  if (REFUSALS.includes(code))
    return faultAt(place, 'mqtt_refused', 'to be let in: check user name and password', found, 'fatal');
  return faultAt(place, 'mqtt_away', 'an answer', typeof code === 'string' ? code : found, 'transient');
}

function faultAt(
  place: string,
  code: string,
  expected: string,
  found: string,
  faultClass: FaultClass,
): LeftOnError {
  return new LeftOnError({ code, place, expected, found, faultClass });
}
