import { Backoff } from '../link/backoff.ts';
import type { CaptureLog, Pause } from '../capture-log.ts';
import { Link } from '../link/link.ts';
import { LastReason } from '../link/last-reason.ts';
import type { LinkReport } from '../link/link.ts';
import type { LineSettings, LinkQuality, MeterParser, Poll, Telegram } from '../meter.ts';
import { Silence } from '../link/silence.ts';
import type { Source } from '../source.ts';
import type { Port, Wire } from '../wire.ts';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
/** Between two questions to a meter that only answers. */
const ASK_MS = 1_000;
/** How long is waited at a time where silence has no end. */
const PATIENT_MS = 600_000;
/** A line that goes on being bad is told so seldom. */
const BAD_AGAIN_MS = 600_000;
const SILENCE = 'silence';

/** What a meter on a wire is heard with. */
interface WireSettings {
  /** Name of the kind of meter. */
  readonly protocol: string;
  readonly line: LineSettings;
  readonly parser: () => MeterParser;
  /** How a meter that only answers is asked. */
  readonly poll: Poll | null;
  /** Its silence says nothing of the line, as that between two pulses: only what closes is opened again. */
  readonly patient?: boolean;
}

/** What a source of this kind stands on. */
export interface WireParts {
  readonly pause: Pause;
  readonly log: CaptureLog;
  /** ms that pass. */
  readonly monotonic: () => number;
}

/**
 * A meter on a serial line. What closes is opened again, longer and longer later; so is what falls silent, because an
 * unplugged cable and a stuck converter say nothing.
 */
export class WireSource implements Source {
  readonly name: string;
  readonly #port: Port;
  readonly #settings: WireSettings;
  readonly #parts: WireParts;
  readonly #link: Link;
  readonly #silence: Silence;
  readonly #backoff = new Backoff(FIRST_WAIT_MS, LONGEST_WAIT_MS);
  readonly #reason = new LastReason();
  #saidBadAt = -Infinity;

  constructor(port: Port, settings: WireSettings, parts: WireParts) {
    this.name = `${settings.protocol} ${port.path}`;
    this.#port = port;
    this.#settings = settings;
    this.#parts = parts;
    this.#link = new Link(parts.monotonic);
    this.#silence = new Silence(parts.monotonic());
  }

  link(): LinkReport {
    return this.#link.report(this.name);
  }

  async run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const why = await this.#listen(take, signal);
      if (why === undefined) return;
      if (why === SILENCE) this.#link.troubled(why);
      else this.#link.away(why);
      if (this.#port.once === true) {
        this.#parts.log.info('a meter has ended', { source: this.name, why });
        return;
      }
      this.#say('a meter is not heard and its line is opened again', why);
      await this.#parts.pause(this.#backoff.next(), signal);
    }
  }

  /** Until the line closes or falls silent; why. Undefined when aborted. */
  async #listen(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<string | undefined> {
    const { monotonic } = this.#parts;
    const parser = this.#settings.parser();
    let bad = badOf(parser.quality);
    const heard = (telegram: Telegram): void => {
      this.#link.good();
      this.#silence.heard(monotonic());
      this.#backoff.reset();
      if (this.#reason.isKnown) this.#parts.log.info('a meter is heard', { source: this.name });
      this.#reason.clear();
      take(telegram);
    };
    const push = (bytes: Uint8Array): void => {
      this.#link.came(bytes.length);
      parser.push(bytes, heard);
      const now = badOf(parser.quality);
      if (now > bad) this.#bad(now - bad);
      bad = now;
    };
    let wire: Wire;
    try {
      wire = await this.#port.open(this.#settings.line, push);
    } catch (error) {
      return error instanceof Error ? error.message : 'it cannot be opened';
    }
    this.#link.opened();
    this.#silence.opened(monotonic());
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const { poll } = this.#settings;
    const asking = poll === null ? undefined : this.#ask(wire, poll, either);
    let closed: string | undefined;
    void wire.closed.then((reason) => {
      closed = reason;
      over.abort();
    });
    try {
      const silent = await this.#untilSilent(either);
      return signal.aborted ? undefined : silent ? SILENCE : closed;
    } finally {
      over.abort();
      await asking;
      await wire.close();
    }
  }

  /** False when aborted before. */
  async #untilSilent(signal: AbortSignal): Promise<boolean> {
    const { monotonic, pause } = this.#parts;
    const { patient = false } = this.#settings;
    while (!signal.aborted) {
      const left = patient ? PATIENT_MS : this.#silence.due - monotonic();
      if (left <= 0) return true;
      await pause(left, signal);
    }
    return false;
  }

  /** No answer is a gap: nothing is taken for 0 W. */
  async #ask(wire: Wire, { request, timeoutMs }: Poll, signal: AbortSignal): Promise<void> {
    let { good, bad } = this.link();
    for (;;) {
      wire.write(request);
      await this.#parts.pause(Math.max(ASK_MS, timeoutMs), signal);
      if (signal.aborted) return;
      const now = this.link();
      if (now.good === good && now.bad === bad) this.#bad(1);
      ({ good, bad } = this.link());
    }
  }

  #bad(frames: number): void {
    this.#link.bad(frames);
    const now = this.#parts.monotonic();
    if (now - this.#saidBadAt < BAD_AGAIN_MS) return;
    this.#saidBadAt = now;
    const { good, bad } = this.link();
    this.#parts.log.warn('a meter was heard badly', { source: this.name, good, bad });
  }

  /** Once for each reason, until the meter is heard again. */
  #say(event: string, why: string): void {
    if (this.#reason.isNew(why)) this.#parts.log.warn(event, { source: this.name, why });
  }
}

const badOf = ({ bad }: LinkQuality): number => Object.values(bad).reduce((sum, count) => sum + count, 0);
