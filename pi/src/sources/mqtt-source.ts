import { connect } from 'mqtt';
import type { CaptureLog } from '../capture-log.ts';
import { jsonTelegram } from '../json/json-power.ts';
import type { JsonPlace } from '../json/json-power.ts';
import { whyNoPower } from '../json/json-trouble.ts';
import { Link } from '../link/link.ts';
import { LastReason } from '../link/last-reason.ts';
import type { LinkReport } from '../link/link.ts';
import type { Telegram } from '../meter.ts';
import type { Source } from '../source.ts';

const AGAIN_MS = 5_000;
const LONGEST_PAYLOAD = 64 * 1_024;
const KEPT =
  'what came was kept by the broker (retained): of unknown age, not taken; nothing new was published';

/** A topic of an MQTT broker. */
interface MqttSettings extends JsonPlace {
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
  /** Why messages tell no power. */
  readonly #noPower = new LastReason();

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
    const gone = new LastReason();
    const away = (why: string): void => {
      this.#link.away(why);
      if (gone.isNew(why)) this.#log.warn('an MQTT broker is away', { source: this.name, why });
    };
    client.on('connect', () => {
      this.#link.opened();
      gone.clear();
      this.#log.info('an MQTT broker answers', { source: this.name });
    });
    client.on('error', ({ message }) => {
      away(message);
    });
    client.on('close', () => {
      if (!gone.isKnown && !signal.aborted) away('the connection has ended');
    });
    client.on('message', (from, payload, { retain }) => {
      this.#link.came();
      if (retain) this.#link.troubled(KEPT);
      else this.#heard(from, payload, take);
    });
    client.subscribe(topic, (error) => {
      // that the connection ended is told by itself
      if (error !== null && 'packet' in error && error.packet !== undefined)
        away(`it does not let this user read the topic (${error.message})`);
    });
    await new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    await client.endAsync(true);
  }

  #heard(from: string, payload: Buffer, take: (telegram: Telegram) => void): void {
    const text = payload.length > LONGEST_PAYLOAD ? undefined : payload.toString('utf8');
    const telegram = text === undefined ? undefined : jsonTelegram(text, this.#settings);
    if (telegram === undefined) {
      const why = text === undefined ? 'it is too long' : whyNoPower(text, this.#settings);
      this.#link.bad();
      this.#link.troubled(`a message tells no power: ${why}`);
      if (this.#noPower.isNew(why)) this.#log.warn('a message tells no power', { source: this.name, why });
      return;
    }
    this.#noPower.clear();
    this.#link.good();
    // of a topic with + or # each publisher is a meter of its own
    take({ ...telegram, meter: from });
  }
}
