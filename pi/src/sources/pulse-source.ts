import type { LinkReport } from '../link/link.ts';
import type { LineSettings, Telegram } from '../meter.ts';
import { PulseLines } from '../meters/pulse-lines.ts';
import { PulseMeter } from '../meters/pulse.ts';
import type { PulseOptions } from '../meters/pulse.ts';
import type { Source } from '../source.ts';
import type { Port, Wire } from '../wire.ts';
import { WireSource } from './wire-source.ts';
import type { WireParts } from './wire-source.ts';

/** How often the power that falls while no pulse comes is told. */
const TELL_MS = 10_000;

/** Pulses of an S0 output or a blinking LED, a line each, by whatever port brings them. */
export class PulseSource implements Source {
  readonly name: string;
  readonly #meter: PulseMeter;
  readonly #wire: WireSource;
  readonly #parts: WireParts;

  constructor(port: Port, line: LineSettings, options: PulseOptions, parts: WireParts) {
    const meter = new PulseMeter(options);
    const whole: Port = {
      path: port.path,
      once: port.once ?? false,
      open: async (given, take) => {
        const wire: Wire = await port.open(given, take);
        // what came while nobody listened is not known
        void wire.closed.then(() => {
          meter.interrupted();
        });
        return wire;
      },
    };
    this.#meter = meter;
    this.#parts = parts;
    this.#wire = new WireSource(
      whole,
      {
        ...{ protocol: 'pulse', line, poll: null, patient: true },
        parser: () => new PulseLines(meter, parts.monotonic),
      },
      parts,
    );
    this.name = this.#wire.name;
  }

  link(): LinkReport {
    return this.#wire.link();
  }

  async run(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const heard = this.#wire.run(take, signal).finally(() => {
      over.abort();
    });
    await Promise.all([heard, this.#tellSilence(take, AbortSignal.any([signal, over.signal]))]);
  }

  async #tellSilence(take: (telegram: Telegram) => void, signal: AbortSignal): Promise<void> {
    const { pause, monotonic } = this.#parts;
    for (;;) {
      await pause(TELL_MS, signal);
      if (signal.aborted) return;
      const telegram = this.#meter.silence(monotonic());
      if (telegram !== null) take(telegram);
    }
  }
}
