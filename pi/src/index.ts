export { Forwarder } from './forwarder.ts';
export type { Destination, ForwardCounts, Outcome } from './forwarder.ts';
export { ServiceDestination } from './service-destination.ts';
