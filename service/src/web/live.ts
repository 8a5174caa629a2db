import type { State } from './answers.ts';
import type { Power } from './service.ts';
import { framesOf } from './document/stream.ts';
import type { Frame } from './document/stream.ts';

/** What a live stream tells. */
interface LiveListener {
  readonly state: (state: State) => void;
  readonly readings: (meter: string, power: Power) => void;
  /** The connection stands, or is being made again. */
  readonly connected: (yes: boolean) => void;
}

const RETRY_MS = 1_000;
/** The service tells a state every 5 s: after so long without any, nothing comes through. */
const SILENT_MS = 20_000;

/**
 * One stream of states and readings of a meter. It comes back by itself after whatever broke it, also a restart of the
 * service, and goes on after the newest reading that it told: what was missed comes first.
 */
export class Live {
  readonly #listener: LiveListener;
  /** Ends the one that is listened to. */
  #listening = new AbortController();
  /** Id of the newest frame. */
  #after: string | undefined;
  #meter = '';

  constructor(listener: LiveListener) {
    this.#listener = listener;
  }

  /** @param after ms of the newest reading that is known */
  watch(meter: string, after?: number): void {
    this.#meter = meter;
    this.#after = after === undefined ? undefined : String(after);
    this.#listening.abort();
    this.#listening = new AbortController();
    void this.#listen(this.#listening.signal);
  }

  async #listen(signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#hear(signal);
      } catch {
        // whatever it was: it is tried again
      }
      if (signal.aborted) return;
      this.#listener.connected(false);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  /** Until the stream ends, breaks or falls silent. */
  async #hear(left: AbortSignal): Promise<void> {
    const silent = new AbortController();
    const fallSilent = (): void => {
      silent.abort();
    };
    let watchdog = setTimeout(fallSilent, SILENT_MS);
    try {
      for await (const frame of this.#frames(AbortSignal.any([left, silent.signal]))) {
        clearTimeout(watchdog);
        watchdog = setTimeout(fallSilent, SILENT_MS);
        this.#tell(frame);
      }
    } finally {
      clearTimeout(watchdog);
    }
  }

  #frames(signal: AbortSignal): AsyncGenerator<Frame> {
    const query = new URLSearchParams({
      meter: this.#meter,
      ...(this.#after === undefined ? {} : { after: this.#after }),
    });
    return framesOf(`api/live?${query.toString()}`, signal);
  }

  #tell({ id, event, data }: Frame): void {
    if (event === 'open') this.#listener.connected(true);
    else this.#after = id;
    if (event === 'state') this.#listener.state(JSON.parse(data) as State);
    if (event === 'readings') {
      const { meter, readings } = JSON.parse(data) as { meter: string; readings: [number, number][] };
      this.#listener.readings(meter, {
        at: readings.map(([at]) => at),
        watts: readings.map(([, watts]) => watts),
      });
    }
  }
}
