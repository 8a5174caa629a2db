import type { State } from './answers.ts';
import type { Power } from './service.ts';

/** What a live stream tells. */
export interface LiveListener {
  readonly state: (state: State) => void;
  readonly readings: (meter: string, power: Power) => void;
  /** The connection stands, or is being made again. */
  readonly connected: (yes: boolean) => void;
}

const RETRY_MS = 1_000;

/**
 * One stream of states and readings of a meter. It comes back by itself after whatever broke it, also a restart of the
 * service, and goes on after the newest reading that it told: what was missed comes first.
 */
export class Live {
  readonly #listener: LiveListener;
  #source: EventSource | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
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
    this.#connect();
  }

  #connect(): void {
    clearTimeout(this.#retry);
    this.#source?.close();
    const query = new URLSearchParams({
      meter: this.#meter,
      ...(this.#after === undefined ? {} : { after: this.#after }),
    });
    const source = new EventSource(`api/live?${query.toString()}`);
    this.#source = source;
    source.onopen = () => {
      this.#listener.connected(true);
    };
    source.onerror = () => {
      this.#listener.connected(false);
      // browsers give up for good on some faults; a restart of the service may look like one of them
      source.close();
      this.#retry = setTimeout(() => {
        this.#connect();
      }, RETRY_MS);
    };
    source.addEventListener('state', (event: MessageEvent<string>) => {
      this.#after = event.lastEventId;
      this.#listener.state(JSON.parse(event.data) as State);
    });
    source.addEventListener('readings', (event: MessageEvent<string>) => {
      this.#after = event.lastEventId;
      const { meter, readings } = JSON.parse(event.data) as { meter: string; readings: [number, number][] };
      this.#listener.readings(meter, {
        at: readings.map(([at]) => at),
        watts: readings.map(([, watts]) => watts),
      });
    });
  }
}
