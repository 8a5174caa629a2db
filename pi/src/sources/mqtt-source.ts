import { connect } from 'mqtt';
import type { CaptureLog } from '../capture-log.ts';
import { jsonTelegram } from '../json-power.ts';
import type { JsonPlace } from '../json-power.ts';
import { Link } from '../link.ts';
import type { LinkReport } from '../link.ts';
import type { Telegram } from '../meter.ts';
import type { Source } from '../source.ts';

const AGAIN_MS = 5_000;
const LONGEST_PAYLOAD = 64 * 1_024;

/** A topic of an MQTT broker. */
export interface MqttSettings extends JsonPlace {
  readonly url: string;
  readonly username: string | null;
  readonly password: string | null;
  /** PEM of who signed the broker's certificate; null: those that the system trusts. */
  readonly ca: string | null;
  readonly topic: string;
}

/** What is published on a topic. A message that was kept for late comers is of unknown age and not taken. */
export class MqttSource implements Source {
  readonly name: string;
  readonly #settings: MqttSettings;
  readonly #log: CaptureLog;
  readonly #link: Link;

  constructor(settings: MqttSettings, log: CaptureLog, monotonic: () => number) {
    this.name = `mqtt ${settings.topic}`;
    this.#settings = settings;
    this.#log = log;
    this.#link = new Link(monotonic);
  }

  link(): LinkReport {
    return this.#link.report(this.name);
  }

  async run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { url, username, password, ca, topic } = this.#settings;
    const client = connect(url, {
      reconnectPeriod: AGAIN_MS,
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
      ...(ca === null ? {} : { ca }),
    });
    let said = '';
    let connected = false;
    const away = (why: string): void => {
      if (why !== said) this.#log.warn('an MQTT broker is away', { source: this.name, why });
      said = why;
    };
    client.on('connect', () => {
      if (connected) this.#link.reopened();
      connected = true;
      said = '';
      this.#log.info('an MQTT broker answers', { source: this.name });
    });
    client.on('error', ({ message }) => {
      away(message);
    });
    client.on('close', () => {
      if (said === '') away('the connection has ended');
    });
    client.on('message', (from, payload, { retain }) => {
      if (!retain) this.#heard(from, payload, take);
    });
    client.subscribe(topic, (error) => {
      if (error !== null) away(error.message);
    });
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await client.endAsync(true);
  }

  #heard(from: string, payload: Buffer, take: (telegram: Telegram) => void): void {
    const telegram =
      payload.length > LONGEST_PAYLOAD ? undefined : jsonTelegram(payload.toString('utf8'), this.#settings);
    if (telegram === undefined) {
      this.#link.bad();
      this.#log.warn('a message tells no power', { source: this.name });
      return;
    }
    this.#link.good();
    // of a topic with + or # each publisher is a meter of its own
    take({ ...telegram, meter: from });
  }
}
