import type { CaptureLog, Pause } from '../capture-log.ts';
import { jsonTelegram } from '../json/json-power.ts';
import type { JsonPlace } from '../json/json-power.ts';
import { whyNoPower } from '../json/json-trouble.ts';
import { Link } from '../link/link.ts';
import { LastReason } from '../link/last-reason.ts';
import type { LinkReport } from '../link/link.ts';
import type { Telegram } from '../meter.ts';
import type { Source } from '../source.ts';
import { whyNoAnswer } from './no-answer.ts';

const TIMEOUT_MS = 5_000;
const LONGEST_BODY = 256 * 1_024;

/** A device that answers with JSON. */
interface HttpSettings extends JsonPlace {
  /** Such as http://shelly/status, or http://shelly/rpc/EM.GetStatus?id=0. */
  readonly url: string;
  /** Between two questions. */
  readonly everyMs: number;
}

/** Asks a device again and again. No answer is a gap. */
export class HttpPoll implements Source {
  readonly name: string;
  readonly #settings: HttpSettings;
  readonly #log: CaptureLog;
  readonly #pause: Pause;
  readonly #link: Link;
  readonly #reason = new LastReason();

  constructor(settings: HttpSettings, log: CaptureLog, pause: Pause, monotonic: () => number) {
    const { host, pathname } = new URL(settings.url);
    this.name = `http ${host}${pathname}`;
    this.#settings = settings;
    this.#log = log;
    this.#pause = pause;
    this.#link = new Link(monotonic);
  }

  link(): LinkReport {
    return this.#link.report(this.name);
  }

  async run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const telegram = await this.#ask(signal);
      if (telegram !== undefined) {
        this.#link.good();
        this.#reason.clear();
        take(telegram);
      }
      await this.#pause(this.#settings.everyMs, signal);
    }
  }

  async #ask(signal: AbortSignal): Promise<Telegram | undefined> {
    try {
      const response = await fetch(this.#settings.url, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
        redirect: 'manual',
      });
      const text = await bounded(response);
      if (!response.ok) throw new Error(refusal(response, this.#settings.url));
      this.#reached();
      const telegram = jsonTelegram(text, this.#settings);
      if (telegram === undefined) {
        const why = `its answer tells no power: ${whyNoPower(text, this.#settings)}`;
        this.#link.troubled(why);
        this.#bad(why);
      }
      return telegram;
    } catch (error) {
      if (signal.aborted) return undefined;
      const why = whyNoAnswer(error, TIMEOUT_MS);
      this.#link.away(why);
      this.#bad(why);
      return undefined;
    }
  }

  #reached(): void {
    if (!this.link().reached) this.#link.opened();
    this.#link.came();
  }

  #bad(why: string): void {
    this.#link.bad();
    if (this.#reason.isNew(why)) this.#log.warn('a device tells nothing', { source: this.name, why });
  }
}

function refusal({ status, headers }: Response, asked: string): string {
  const to = headers.get('location');
  if (status === 401)
    return 'it asks for a password (401), which LeftOn cannot give it: switch that off, or use MQTT';
  return to === null
    ? `it answered ${status}`
    : `it answered ${status}: poll_url should be ${URL.parse(to, asked)?.href ?? to}`;
}

async function bounded({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream: AsyncIterable<Uint8Array> | null = body;
  for await (const chunk of stream ?? []) {
    length += chunk.length;
    if (length > LONGEST_BODY) throw new Error('its answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
