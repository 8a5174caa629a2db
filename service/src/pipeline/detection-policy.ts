import { alertingFrom, defaultPolicy } from '@lefton/core';
import type { Policy, Window } from '@lefton/core';
import type { Settings } from '../settings/settings.ts';

/** When to speak up, as the settings say. */
export function policyOf(
  { price_per_kwh, main_fuse_w, alert_at }: Settings,
  windows: readonly Window[],
): Policy {
  const { limits } = defaultPolicy;
  return {
    ...alertingFrom(defaultPolicy, alert_at),
    pricePerKwh: price_per_kwh,
    away: windows.filter(({ label }) => label === 'away'),
    limits: { ...limits, mainFuseW: main_fuse_w ?? limits.mainFuseW },
  };
}
