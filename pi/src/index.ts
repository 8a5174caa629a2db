export { Capture } from './capture.ts';
export type { CaptureReport } from './capture.ts';
export type * from './capture-settings.ts';
export type { Destination, Outcome, PartlyTaken } from './destination.ts';
export { detectMeter, settingsToTry } from './detect.ts';
export type { Guess } from './detect.ts';
export { findingsOf, NO_BYTE, notHeard } from './finding.ts';
export type { MeterFinding } from './finding.ts';
export { Forwarder } from './forwarder.ts';
export type { ForwardCounts, LineTaker } from './forwarder.ts';
export { hear } from './hearing.ts';
export type { Hearing, HearingParts } from './hearing.ts';
export { installSteps } from './install.ts';
export type { Step } from './install.ts';
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
export { openCapture } from './open-capture.ts';
export type { CaptureSettings, CaptureWorld } from './open-capture.ts';
export { openPort } from './open-source.ts';
export { probe } from './probe.ts';
export type { Tried } from './probe.ts';
export { RegisterPower } from './register-power.ts';
export type { RegisterPowerOptions } from './register-power.ts';
export { ServiceDestination } from './service-destination.ts';
export { Spool } from './spool.ts';
export { tellSystemd } from './systemd.ts';
