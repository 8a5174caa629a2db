export { detectMeter, settingsToTry } from './detect.ts';
export type { Guess } from './detect.ts';
export { Forwarder } from './forwarder.ts';
export type { Destination, ForwardCounts, Outcome } from './forwarder.ts';
export { ServiceDestination } from './service-destination.ts';
export { lineSettings } from './meter.ts';
export type {
  Damage,
  LineFormat,
  LineSettings,
  LinkQuality,
  MeterKind,
  MeterOptions,
  MeterParser,
  Poll,
  Telegram,
} from './meter.ts';
export { meterKind, meterKinds, PulseMeter } from './meters/index.ts';
export type { PulseOptions } from './meters/index.ts';
export { RegisterPower } from './register-power.ts';
export type { RegisterPowerOptions } from './register-power.ts';
