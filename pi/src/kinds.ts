import { LeftOnError } from '@lefton/core';
import type { MeterKind } from './meter.ts';
import { meterKind, meterKinds } from './meters/index.ts';

/** @throws LeftOnError `unknown_protocol` (fatal) */
export function kindOf(protocol: string): MeterKind {
  const kind = meterKind(protocol);
  if (kind !== undefined) return kind;
  throw new LeftOnError({
    code: 'unknown_protocol',
    place: 'protocol',
    expected: meterKinds.map(({ name }) => name).join(', '),
    found: protocol,
    faultClass: 'fatal',
  });
}
