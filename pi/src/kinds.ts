import { LeftOnError } from '@lefton/core';
import type { MeterKind } from './meter.ts';
import { meterKind, meterKinds } from './meters/index.ts';

/** What is no kind of frames: lines or edges, each a pulse. */
export const PULSE = 'pulse';

/** @throws LeftOnError `unknown_protocol` (fatal) */
export function kindOf(protocol: string): MeterKind {
  const kind = meterKind(protocol);
  if (kind !== undefined) return kind;
  throw new LeftOnError({
    code: 'unknown_protocol',
    place: 'protocol',
    expected: [...meterKinds.map(({ name }) => name), PULSE].join(', '),
    found: protocol,
    faultClass: 'fatal',
  });
}
