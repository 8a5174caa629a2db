import type { ReadingType } from './espi-feed.ts';

/** What the values of a Green Button reading are; summed: energy of intervals or totals, which the numbers tell. */
export type EspiQuantity = 'power' | 'energy' | 'register' | 'summed';

/** Which way the energy of a reading flows; net: forward less reverse; total: both added. */
export type EspiFlow = 'forward' | 'reverse' | 'net' | 'total';

/** ESPI units of measure that are active energy and power. */
const WATT_HOURS = '72';
const WATTS = '38';

/** By UomKind and AccumulationKind. Source: NAESB REQ.21, espi.xsd. */
const QUANTITIES: ReadonlyMap<string, ReadonlyMap<string, EspiQuantity>> = new Map([
  [
    WATT_HOURS,
    new Map<string, EspiQuantity>([
      // not said, none, delta data
      ...['', '0', '4'].map((kind) => [kind, 'energy'] as const),
      // bulk quantity, continuous cumulative, cumulative
      ...['1', '2', '3'].map((kind) => [kind, 'register'] as const),
      // summation: a register to meters, an interval to some utilities
      ['9', 'summed'],
    ]),
  ],
  // not said, none, delta data, indicating, instantaneous
  [WATTS, new Map(['', '0', '4', '6', '12'].map((kind) => [kind, 'power'] as const))],
]);
/** By FlowDirectionKind; others are of reactive energy. */
const FLOWS: ReadonlyMap<string, EspiFlow> = new Map([
  ...['', '0', '1'].map((kind) => [kind, 'forward'] as const),
  ['4', 'net'],
  ['19', 'reverse'],
  ['20', 'total'],
]);

/** True for active energy and power. */
export const isActive = ({ uom }: ReadingType): boolean => QUANTITIES.has(uom);

/** What the values of active energy or power are; undefined for a kind that is not known. */
export const quantityOf = (type: ReadingType): EspiQuantity | undefined =>
  QUANTITIES.get(type.uom)?.get(type.accumulationBehaviour);

/** Which way the energy flows; undefined for a direction that is not known. */
export const flowOf = ({ flowDirection }: ReadingType): EspiFlow | undefined => FLOWS.get(flowDirection);
