export { Capture } from './capture.ts';
export type { CaptureReport } from './capture.ts';
export type { Destination, Outcome } from './destination.ts';
export { Forwarder } from './forwarder.ts';
export type { ForwardCounts, LineTaker } from './forwarder.ts';
export { ServiceDestination } from './service-destination.ts';
