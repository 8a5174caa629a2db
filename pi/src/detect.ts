import type { Pause } from './capture-log.ts';
import type { LineSettings, MeterKind, MeterParser, Telegram } from './meter.ts';
import type { Port, Wire } from './wire.ts';

/** The slowest meters speak every ten seconds. */
const LISTEN_MS = 13_000;
const LOOK_MS = 100;
/** So many telegrams settle it; of a meter without checksums more, because noise may look like one. */
const ENOUGH = { crc: 1, checksum: 2, shape: 3 } as const;
const ASKED = 3;
const STRENGTH = ['shape', 'checksum', 'crc'];

/** A meter that was heard, and how. */
export interface Heard {
  readonly kind: MeterKind;
  readonly line: LineSettings;
  readonly telegrams: number;
  readonly last: Telegram;
}

/** What was tried on one line. */
export interface Tried {
  readonly line: LineSettings;
  readonly bytes: number;
  readonly heard: Heard | undefined;
}

/** A kind on trial. */
class Trial {
  readonly kind: MeterKind;
  readonly #parser: MeterParser;
  telegrams = 0;
  last: Telegram | undefined;

  constructor(kind: MeterKind) {
    this.kind = kind;
    this.#parser = kind.create();
  }

  get settled(): boolean {
    return this.telegrams >= ENOUGH[this.kind.guard];
  }

  push(bytes: Uint8Array): void {
    this.#parser.push(bytes, (telegram) => {
      this.telegrams++;
      this.last = telegram;
    });
  }
}

/**
 * Listens on a port as each kind of meter would speak there, then asks those that only answer; ends with the first that
 * is heard for certain.
 * @throws Error where the port cannot be opened
 */
export async function* detect(
  port: Port,
  kinds: readonly MeterKind[],
  pause: Pause,
  signal: AbortSignal,
): AsyncGenerator<Tried> {
  const speaking = kinds.filter(({ poll }) => poll === null);
  for (const line of linesOf(speaking)) {
    const here = speaking.filter(({ lines }) => lines.some((each) => isSame(each, line)));
    const tried = await listen(port, line, here, pause, signal);
    yield tried;
    if (tried.heard !== undefined || signal.aborted) return;
  }
  for (const kind of kinds.filter(({ poll }) => poll !== null)) {
    for (const line of kind.lines) {
      const tried = await listen(port, line, [kind], pause, signal);
      yield tried;
      if (tried.heard !== undefined || signal.aborted) return;
    }
  }
}

async function listen(
  port: Port,
  line: LineSettings,
  kinds: readonly MeterKind[],
  pause: Pause,
  signal: AbortSignal,
): Promise<Tried> {
  const trials = kinds.map((kind) => new Trial(kind));
  let bytes = 0;
  const wire = await port.open(line, (chunk) => {
    bytes += chunk.length;
    for (const trial of trials) trial.push(chunk);
  });
  try {
    const poll = kinds.length === 1 ? (kinds[0]?.poll?.() ?? null) : null;
    if (poll === null) await listenFor(LISTEN_MS, trials, wire, pause, signal);
    for (let n = 0; poll !== null && n < ASKED && !trials.some(({ settled }) => settled); n++) {
      wire.write(poll.request);
      await listenFor(poll.timeoutMs + LOOK_MS, trials, wire, pause, signal);
    }
  } finally {
    await wire.close();
  }
  const [best] = trials
    .filter(({ settled }) => settled)
    .sort((a, b) => STRENGTH.indexOf(b.kind.guard) - STRENGTH.indexOf(a.kind.guard));
  if (best?.last === undefined) return { line, bytes, heard: undefined };
  const { kind, telegrams, last } = best;
  return { line, bytes, heard: { kind, line, telegrams, last } };
}

async function listenFor(
  ms: number,
  trials: readonly Trial[],
  wire: Wire,
  pause: Pause,
  signal: AbortSignal,
): Promise<void> {
  for (let passed = 0; passed < ms && !signal.aborted; passed += LOOK_MS) {
    if (trials.some(({ settled }) => settled)) return;
    const closed = await Promise.race([wire.closed, pause(LOOK_MS, signal)]);
    if (closed !== undefined) throw new Error(closed);
  }
}

/** The lines of the kinds, each once, the first of each kind first. */
function linesOf(kinds: readonly MeterKind[]): LineSettings[] {
  const lines: LineSettings[] = [];
  const most = Math.max(0, ...kinds.map((kind) => kind.lines.length));
  for (let nth = 0; nth < most; nth++) {
    for (const kind of kinds) {
      const line = kind.lines[nth];
      if (line !== undefined && !lines.some((each) => isSame(each, line))) lines.push(line);
    }
  }
  return lines;
}

const isSame = (a: LineSettings, b: LineSettings): boolean =>
  a.baudRate === b.baudRate && a.dataBits === b.dataBits && a.parity === b.parity;
