import { HOUR, wallClockMs, wattHours } from '@lefton/core';
import type { Instant } from '@lefton/core';
import type { Telegram } from '../meter.ts';

/** What a contract counts in; a frame that lacks one of a set tells no register. Wh each. */
const INDEX_SETS = [
  ['BASE'],
  ['HCHC', 'HCHP'],
  ['EJPHN', 'EJPHPM'],
  ['BBRHCJB', 'BBRHPJB', 'BBRHCJW', 'BBRHPJW', 'BBRHCJR', 'BBRHPJR'],
] as const;
/** `H191203125805`: H winter, E summer; in small letters where the meter doubts its clock. */
const HORODATE = /^([HE])(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

/** Labels that are kept; all others are checked and forgotten. */
export const LABELS: ReadonlySet<string> = new Set([
  ...['ADCO', 'PAPP', ...INDEX_SETS.flat()],
  ...['ADSC', 'DATE', 'SINSTS', 'SINSTI', 'EAST', 'EAIT'],
]);

/** @param groups label to value of one historique frame; null where they say nothing about power or energy */
export function historiqueTelegram(groups: ReadonlyMap<string, string>): Telegram | null {
  const apparentVa = whole(groups.get('PAPP'));
  const set = INDEX_SETS.find((labels) => labels.every((label) => whole(groups.get(label)) !== null));
  const energyWh = set?.reduce((sum, label) => sum + (whole(groups.get(label)) ?? 0), 0) ?? null;
  if (apparentVa === null && energyWh === null) return null;
  return {
    meter: serialNumber(groups.get('ADCO')),
    watts: null,
    energyWh: energyWh === null ? null : wattHours(energyWh),
    exportWh: null,
    toldAt: null,
    apparentVa,
  };
}

/** @param groups label to value of one standard frame; DATE has its horodate as value */
export function standardTelegram(groups: ReadonlyMap<string, string>): Telegram | null {
  const drawn = whole(groups.get('SINSTS'));
  const [energyWh, exportWh] = [whole(groups.get('EAST')), whole(groups.get('EAIT'))];
  if (drawn === null && energyWh === null && exportWh === null) return null;
  return {
    meter: serialNumber(groups.get('ADSC')),
    watts: null,
    energyWh: energyWh === null ? null : wattHours(energyWh),
    exportWh: exportWh === null ? null : wattHours(exportWh),
    toldAt: horodate(groups.get('DATE')),
    // only homes that produce have SINSTI
    apparentVa: drawn === null ? null : drawn - (whole(groups.get('SINSTI')) ?? 0),
  };
}

/** The checksum does not see a character that is 64 off: a digit would be a letter. */
const serialNumber = (text = ''): string | null => (/^\d{6,14}$/.test(text) ? text : null);

const whole = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;

function horodate(text: string | undefined): Instant | null {
  const match = HORODATE.exec(text ?? '');
  if (match === null) return null;
  const [year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN] = match
    .slice(2)
    .map(Number);
  const wall = wallClockMs({ year: 2000 + year, month, day, hour, minute, second });
  return wall === undefined ? null : wall - (match[1] === 'E' ? 2 : 1) * HOUR;
}
