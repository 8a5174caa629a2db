import type { SourceSettings } from '../capture-settings.ts';
import type { Meaning } from './interpreter.ts';

/** Characters of a reading's source, at most. */
const LONGEST_SOURCE = 128;

/** How the telegrams of a source are understood, as it is set. @param source its name, for people */
export function meaningOf(settings: SourceSettings, source: string, mostW: number): Meaning {
  const { meter, inverted } = settings;
  const serial = settings.type === 'serial' ? settings : undefined;
  return {
    ...{ meter, inverted, mostW },
    source: source.slice(0, LONGEST_SOURCE),
    names: serial?.names ?? null,
    meterClock: serial?.meter_clock ?? false,
  };
}
