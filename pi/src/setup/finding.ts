import { beyondMains } from '@lefton/core';
import type { SerialSettings, SourceSettings } from '../capture-settings.ts';
import type { Hearing } from './hearing.ts';
import { PULSE } from '../kinds.ts';
import type { Telegram } from '../meter.ts';
import { meterKind } from '../meters/index.ts';

/** What a hearing found of one meter, for people and for programs. */
export interface MeterFinding {
  readonly meter: string;
  /** Kind and place of what is heard. */
  readonly source: string;
  readonly state: State;
  /** Whether nothing is to be mended. */
  readonly ok: boolean;
  /** In words, with what to do. */
  readonly found: string;
  readonly power_w: number | null;
  readonly energy_wh: number | null;
  /** How long was listened until the reading came. */
  readonly after_s: number | null;
}

type State =
  /** A reading came. */
  | 'heard'
  /** It tells a register, of which power is made in time. */
  | 'register'
  /** A running LeftOn has it. */
  | 'held'
  /** What it tells cannot be a power. */
  | 'unusable'
  /** It is reached, and tells nothing. */
  | 'silent'
  /** It cannot be reached. */
  | 'away';

type Judged = Pick<MeterFinding, 'state' | 'ok' | 'found'>;

/** No byte came over a serial line. */
export const NO_BYTE =
  'No byte came: look at the cable, at its request or enable line, and whether the meter is to be unlocked.';
/** With so little power a number may be in kW. */
const LITTLE_W = 20;

/** What cannot even be listened to as it is set. */
export const notHeard = ({ meter, type: source }: SourceSettings, found: string): MeterFinding => ({
  ...{ meter, source, state: 'unusable', ok: false, found },
  ...{ power_w: null, energy_wh: null, after_s: null },
});

/** What a hearing says of each of its meters. */
export function findingsOf(hearing: Hearing): MeterFinding[] {
  const { source } = hearing.link;
  return hearing.meters.map((meter) => {
    const heard = hearing.readings.get(meter);
    if (heard === undefined)
      return { meter, source, ...unheard(hearing), power_w: null, energy_wh: null, after_s: null };
    const { watts, energyWh } = heard.reading;
    const after_s = Math.round(heard.afterMs / 100) / 10;
    const found = `${told(watts, energyWh)} after ${after_s} s${remarks(watts, hearing)}`;
    return {
      ...{ meter, source, state: 'heard', ok: true, found },
      power_w: watts,
      energy_wh: energyWh,
      after_s,
    };
  });
}

/** What is to be thought of, though all is well. */
function remarks(watts: number, { settings, link }: Hearing): string {
  const said: string[] = [];
  const other = settings.inverted ? 'leave inverted out' : 'set inverted';
  if (watts < 0) said.push(`less than 0 W is what leaves the home: ${other} if it is drawn`);
  const isGiven = (settings.type === 'mqtt' || settings.type === 'http') && settings.unit === 'W';
  if (isGiven && watts !== 0 && Math.abs(watts) < LITTLE_W && !Number.isInteger(watts))
    said.push('if that is in kW, set power_unit to kW');
  if (link.bad > 0) said.push(`${link.bad} times what came was damaged or told nothing`);
  return said.map((each) => `; ${each}`).join('');
}

function unheard(hearing: Hearing): Judged {
  const { link, holder, last } = hearing;
  if (holder?.isLeftOn === true)
    return {
      ...{ state: 'held', ok: true },
      found: `${holder.name} (process ${holder.pid}) has it`,
    };
  if (!link.reached) return { state: 'away', ok: false, found: whyAway(hearing) };
  if (last !== undefined) return ofTelegram(last, hearing);
  return { state: 'silent', ok: false, found: whySilent(hearing) };
}

/** A telegram came, and no reading of it. */
function ofTelegram({ watts, energyWh, apparentVa }: Telegram, { mostW, settings, others }: Hearing): Judged {
  const unusable = (found: string): Judged => ({ state: 'unusable', ok: false, found });
  if (others.size > 0)
    return unusable(`others are heard, and not it: ${[...others].join(', ')}; names says which is which`);
  if (watts !== null) return unusable(`it tells ${round(watts)} W, and ${beyondMains(mostW)}`);
  if (settings.type === 'serial' && settings.protocol === PULSE)
    return { state: 'register', ok: true, found: 'a pulse came; power is told from the second one on' };
  if (energyWh !== null)
    return {
      ...{ state: 'register', ok: true },
      found: `it tells no power, but its ${register(energyWh)}; power is made of its steps, from the second one on (docs/meters.md)`,
    };
  if (apparentVa !== null)
    return unusable(
      `it tells ${round(apparentVa)} VA, of which LeftOn makes no power: name its W, or its register`,
    );
  return unusable('it tells neither power nor a register');
}

function whyAway({ settings, link, limitMs }: Hearing): string {
  if (link.trouble === null) return `no answer within ${limitMs / 1_000} s`;
  const isServer = settings.type === 'serial' && settings.device.startsWith('tcp://');
  return isServer && link.trouble.startsWith('closed')
    ? `${link.trouble}: many servers of a line take one listener, as a LeftOn that runs`
    : link.trouble;
}

function whySilent({ settings, link, limitMs }: Hearing): string {
  if (link.trouble !== null && link.trouble !== 'silence') return link.trouble;
  const within = `within ${limitMs / 1_000} s`;
  switch (settings.type) {
    case 'serial':
      return lineSilent(settings, link.came, link.bad, within);
    case 'mqtt':
      return (
        `nothing was published there ${within}: look at its name (mosquitto_sub -v -t '#' shows those there are), and whether this user may read it; ` +
        'listen longer, with --wait, to a device that speaks less often'
      );
    case 'home_assistant':
    case 'http':
      return `it told nothing ${within}`;
  }
}

function lineSilent(settings: SerialSettings, came: number, bad: number, within: string): string {
  const { device, protocol, options } = settings;
  if (protocol === PULSE) {
    // of 100 W
    const seconds = Math.round(36_000 / (options.impulsesPerKwh ?? 1));
    return `no pulse came ${within}; at 100 W there is one in ${seconds} s: listen for ${2 * seconds} s, with --wait`;
  }
  if (came === 0 && meterKind(protocol)?.poll != null)
    return `it does not answer ${within}: look at its power, at the order of its two wires, its address (slave) and --baud`;
  if (came === 0) return `${within}: ${NO_BYTE}`;
  const damaged = bad === 0 ? '' : `, ${bad} damaged`;
  return (
    `${came} bytes came ${within}${damaged}, and no ${protocol}: ` +
    `npx lefton capture --detect ${device} finds out what it is, and its speed`
  );
}

const told = (watts: number, energyWh: number | null): string =>
  energyWh === null ? `${round(watts)} W` : `${round(watts)} W, ${register(energyWh)}`;

const register = (energyWh: number): string => `register ${Math.round(energyWh) / 1_000} kWh`;
const round = (value: number): number => Math.round(value * 1_000) / 1_000;
