import type { MeterKind } from '../meter.ts';
import { currentCost } from './currentcost.ts';
import { dsmr } from './dsmr.ts';
import { emonTx } from './emontx.ts';
import { lines } from './lines.ts';
import { linkyHistorique, linkyStandard } from './linky.ts';
import { pzem004tKind, sdm120Kind, sdm630Kind } from './modbus-meters.ts';
import { sml } from './sml.ts';

/** Every kind of meter on a serial line, in the order of how surely its frames tell it. */
export const meterKinds: readonly MeterKind[] = [
  dsmr,
  sml,
  pzem004tKind,
  sdm120Kind,
  sdm630Kind,
  linkyHistorique,
  linkyStandard,
  currentCost,
  emonTx,
  lines,
];

/** Undefined where there is no such kind. */
export const meterKind = (name: string): MeterKind | undefined =>
  meterKinds.find((kind) => kind.name === name);

export { PulseMeter } from './pulse.ts';
export type { PulseOptions } from './pulse.ts';
