import type { Reading } from '@lefton/core';
import { setTimeout } from 'node:timers/promises';
import type { CaptureLog, Pause } from '../capture-log.ts';
import type { Reach, SourceSettings } from '../capture-settings.ts';
import { Interpreter } from '../reading/interpreter.ts';
import type { LinkReport } from '../link/link.ts';
import type { Telegram } from '../meter.ts';
import { meaningOf } from '../reading/meaning.ts';
import { openSource } from '../open-source.ts';
import { holderOf } from '../sources/lock-holder.ts';
import type { Holder } from '../sources/lock-holder.ts';

/** What lets go of a line or a connection needs no longer. */
const END_MS = 1_000;
/** How often to look whether a source cannot be reached. */
const LOOK_MS = 100;
const SILENT_LOG: CaptureLog = { info: () => undefined, warn: () => undefined };

/** How long is listened, and what is taken for possible. */
interface HearingParts {
  readonly limitMs: number;
  /** What the mains can give, in W. */
  readonly mostW: number;
  readonly pause: Pause;
  readonly signal: AbortSignal;
}

/** What came of listening to a source for a while. */
export interface Hearing {
  /** Ids of the meters that it is to tell of. */
  readonly meters: readonly string[];
  readonly settings: SourceSettings;
  readonly limitMs: number;
  readonly mostW: number;
  readonly link: LinkReport;
  /** The first reading of each meter, and after how many ms it came. */
  readonly readings: ReadonlyMap<string, { readonly reading: Reading; readonly afterMs: number }>;
  /** What was said last that gave no reading. */
  readonly last: Telegram | undefined;
  /** Names that meters give themselves, and that `names` does not know. */
  readonly others: ReadonlySet<string>;
  /** Who has the device, where it could not be opened. */
  readonly holder: Holder | undefined;
}

/**
 * Listens to a source as a capture does, until each of its meters has given a reading, it cannot be reached, or the time is over.
 * Nothing is kept.
 * @throws LeftOnError as `openSource` does
 */
export async function hear(settings: SourceSettings, reach: Reach, parts: HearingParts): Promise<Hearing> {
  const { limitMs, mostW, pause, signal } = parts;
  const monotonic = (): number => performance.now();
  const world = { log: SILENT_LOG, pause, monotonic, counted: () => undefined };
  const source = await openSource(settings, reach, world);
  const interpreter = new Interpreter(meaningOf(settings, source.name, mostW), Date.now, SILENT_LOG);
  const names = settings.type === 'serial' ? settings.names : null;
  const meters = names === null ? [settings.meter] : [...new Set(Object.values(names))];
  const [readings, others] = [new Map<string, { reading: Reading; afterMs: number }>(), new Set<string>()];
  let last: Telegram | undefined;
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal, AbortSignal.timeout(limitMs)]);
  const began = monotonic();
  const running = source.run((telegram) => {
    const reading = interpreter.read(telegram);
    if (reading === undefined) last = telegram;
    else if (!readings.has(reading.meter))
      readings.set(reading.meter, { reading, afterMs: monotonic() - began });
    const { meter } = telegram;
    if (names !== null && meter !== null && !Object.hasOwn(names, meter)) others.add(meter);
    if (readings.size === meters.length) over.abort();
  }, either);
  void running.then(() => {
    over.abort();
  });
  const isAway = (): boolean => !source.link().reached && source.link().trouble !== null;
  while (!either.aborted && !isAway()) await pause(LOOK_MS, either);
  const link = source.link();
  const device = settings.type === 'serial' ? settings.device : undefined;
  const holder = device !== undefined && isAway() ? holderOf(device) : undefined;
  over.abort();
  await Promise.race([running, setTimeout(END_MS, undefined, { ref: false })]);
  return { meters, settings, limitMs, mostW, link, readings, last, others, holder };
}
