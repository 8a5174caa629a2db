import { defaultPolicy } from '@lefton/core';
import type { Policy } from '@lefton/core';
import type { Settings } from './config.ts';
import { readWindows } from './windows-file.ts';

/** What is watched for, as the settings say. */
export function policyOf({ price_per_kwh, main_fuse_w, windows }: Settings): Policy {
  const { limits } = defaultPolicy;
  return {
    ...defaultPolicy,
    pricePerKwh: price_per_kwh,
    away: windows === null ? [] : readWindows(windows).filter(({ label }) => label === 'away'),
    limits: { ...limits, mainFuseW: main_fuse_w ?? limits.mainFuseW },
  };
}
