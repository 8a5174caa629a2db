import { LeftOnError } from '@lefton/core';
import type { MeterKind } from './meter.ts';
import { dsmr } from './meters/dsmr.ts';
import { sml } from './meters/sml.ts';

/** The meters that can be heard on a wire, in the order in which detection tries them. */
export const KINDS: readonly MeterKind[] = [dsmr, sml];

/** @throws LeftOnError `unknown_protocol` */
export function kindOf(protocol: string): MeterKind {
  const kind = KINDS.find(({ name }) => name === protocol);
  if (kind !== undefined) return kind;
  throw new LeftOnError({
    code: 'unknown_protocol',
    place: 'protocol',
    expected: KINDS.map(({ name }) => name).join(', '),
    found: protocol,
    faultClass: 'fatal',
  });
}
